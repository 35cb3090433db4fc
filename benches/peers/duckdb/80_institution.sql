-- I1–I7.
CREATE TEMP TABLE s_I1 AS
WITH seen AS (
  SELECT v.institution, severity, weight FROM t_visit v JOIN halving h ON h.k = months(v.on) WHERE v.on < frozen_day()),
k AS (
  SELECT institution, sum(severity * weight // 1000)::BIGINT AS a, sum(weight)::BIGINT AS b, count(*) FILTER (WHERE severity > 0) AS n
    FROM seen GROUP BY institution)
SELECT class, ramp(1000 * (coalesce(a, 0) + 500) // (coalesce(b, 0) + 10000), 1000, 50, 400) AS v, coalesce(n, 0) AS n
FROM frame LEFT JOIN k USING (institution) WHERE institution IS NOT NULL AND present('visit');

CREATE TEMP TABLE s_I2 AS
WITH visited AS (SELECT institution, max(v.on) AS last FROM t_visit v WHERE v.on <= frozen_day() GROUP BY institution),
opened AS (SELECT institution, min(opens_on) AS first FROM city WHERE opens_on <= frozen_day() GROUP BY institution),
k AS (
  SELECT class, frozen_day() - coalesce(last, first) AS days FROM frame LEFT JOIN visited USING (institution) LEFT JOIN opened USING (institution)
  WHERE institution IS NOT NULL AND present('visit'))
SELECT class, ramp(days, 180, 1000, 2000) AS v, days AS n FROM k WHERE days IS NOT NULL;

CREATE TEMP TABLE s_I3 AS
WITH this AS (SELECT year(frozen_day()) * 4 + (month(frozen_day()) - 1) // 3 AS quarter),
opened AS (
  SELECT institution, (SELECT quarter FROM this) - (year(opens_on) * 4 + (month(opens_on) - 1) // 3) AS ago, coalesce(planned, actual) AS seats
  FROM city WHERE opens_on IS NOT NULL),
reach AS (SELECT max(ago) >= 4 AS reaches FROM opened),
k AS (
  SELECT institution, coalesce(sum(seats) FILTER (WHERE ago = 0), 0)::BIGINT AS n,
         list_sort([coalesce(sum(seats) FILTER (WHERE ago = 1), 0), coalesce(sum(seats) FILTER (WHERE ago = 2), 0),
                    coalesce(sum(seats) FILTER (WHERE ago = 3), 0), coalesce(sum(seats) FILTER (WHERE ago = 4), 0)]) AS before
  FROM opened WHERE institution IS NOT NULL AND seats > 0 GROUP BY institution),
twice AS (SELECT institution, n, (before[2] + before[3])::BIGINT AS median2 FROM k)
SELECT class, CASE WHEN coalesce(median2, 0) = 0 THEN 500 ELSE ramp(2 * n, median2, 2000, 5000) END AS v, coalesce(n, 0) AS n
FROM frame LEFT JOIN twice USING (institution) WHERE institution IS NOT NULL AND (SELECT reaches FROM reach);

CREATE TEMP TABLE s_I4 AS
WITH source AS (
  SELECT institution, source, max(weight * w // 1000) AS heard FROM (
    SELECT c.institution, c.source, c.weight, h.weight AS w FROM t_complaint c
    JOIN halving h ON h.k = least(2 * months(c.on), 240)) GROUP BY institution, source),
k AS (SELECT institution, sum(heard)::BIGINT AS heard, count(*) AS n FROM source GROUP BY institution)
SELECT class, ramp(coalesce(heard, 0), 1000, 0, 3000) AS v, coalesce(n, 0) AS n
FROM frame LEFT JOIN k USING (institution) WHERE institution IS NOT NULL AND present('complaint');

CREATE TEMP TABLE s_I5 AS
WITH k AS (
  SELECT institution, occupation, sum(taken)::BIGINT AS taken, sum(passed)::BIGINT AS passed FROM t_exam e
  WHERE e.on > frozen_day() - 365 AND e.on <= frozen_day() GROUP BY institution, occupation),
usual AS (SELECT occupation, 1000 * sum(passed)::BIGINT // sum(taken)::BIGINT AS e FROM k GROUP BY occupation HAVING sum(taken) > 0)
SELECT class, ramp(1000 * passed // taken - e, 1000, 0, 200) AS v, passed AS n
FROM frame JOIN k USING (institution, occupation) JOIN usual USING (occupation) WHERE taken >= 20;

CREATE TEMP TABLE s_I6 AS
WITH held AS (
  SELECT institution, 'contact' AS kind, contact AS key FROM t_register WHERE contact IS NOT NULL UNION ALL
  SELECT institution, 'account', account FROM t_register WHERE account IS NOT NULL UNION ALL
  SELECT institution, 'site', site FROM t_register WHERE site IS NOT NULL),
k AS (
  SELECT a.institution, count(DISTINCT b.institution) AS n FROM held a JOIN held b ON a.kind = b.kind AND a.key = b.key
    AND a.institution <> b.institution
  GROUP BY a.institution)
SELECT class, CASE WHEN n > 0 THEN 1000 ELSE 0 END AS v, coalesce(n, 0) AS n
FROM frame SEMI JOIN t_register USING (institution) LEFT JOIN k USING (institution);

CREATE TEMP TABLE s_I7 AS
WITH latest AS (
  SELECT * FROM submitted WHERE due IS NOT NULL QUALIFY row_number() OVER (PARTITION BY county ORDER BY due DESC, week DESC) <= 8),
faulty AS (
  SELECT county, CASE WHEN received IS NULL THEN 1000
                      ELSE CASE WHEN received > due THEN 500 ELSE 0 END + 125 * greatest(0, least(2, versions - 1)) END AS fault FROM latest),
k AS (SELECT county, sum(fault)::BIGINT AS fault, count(*) AS lists, count(*) FILTER (WHERE fault > 0) AS n FROM faulty GROUP BY county)
SELECT class, ramp(fault, lists * 1000, 0, 1000) AS v, n FROM frame JOIN k USING (county);
