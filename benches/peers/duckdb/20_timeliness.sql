-- T1–T4, S1.
CREATE TEMP TABLE s_T1 AS
SELECT class, ramp(greatest(0, least(5, 5 - lead_days)), 1, 0, 5000) AS v, lead_days AS n FROM frame WHERE lead_days IS NOT NULL;

CREATE TEMP TABLE s_T2 AS
WITH late AS (SELECT class, count(*) AS all_rows, count(*) FILTER (WHERE recorded - ends > 2880) AS n FROM t_record GROUP BY class)
SELECT class, ramp(n, all_rows + 10, 0, 1000) AS v, n FROM late;

-- A deadline after the freeze is none yet; what came later has not come.
CREATE TEMP TABLE submitted AS
SELECT county, week, due, CASE WHEN received <= frozen_minute() THEN received END AS received,
       CASE WHEN received > frozen_minute() THEN 0 ELSE versions END AS versions
FROM t_submission WHERE due IS NULL OR due <= frozen_minute();

CREATE TEMP TABLE s_T3 AS
WITH opening AS (SELECT class, county, day_number(opens_on) * 1440 AS midnight FROM frame WHERE opens_on IS NOT NULL),
due AS (SELECT DISTINCT county, due FROM submitted WHERE due IS NOT NULL),
listed AS (SELECT o.class, o.midnight, d.due FROM opening o ASOF LEFT JOIN due d ON o.county = d.county AND o.midnight > d.due),
late AS (
  SELECT l.class, count(*) AS n FROM listed l JOIN t_change c ON c.class = l.class
  WHERE c.at >= l.midnight - 4320 OR c.at > l.due GROUP BY l.class)
SELECT class, ramp(coalesce(n, 0), 1, 0, 3000) AS v, coalesce(n, 0) AS n FROM listed LEFT JOIN late USING (class) WHERE present('change');

CREATE TEMP TABLE off_day AS
SELECT day, row_number() OVER (ORDER BY day) AS upto FROM (SELECT DISTINCT day_number(date) AS day FROM t_day_off);

CREATE TEMP TABLE s_T4 AS
WITH judged AS (
  SELECT class, day_number(applied_on) AS applied, day_number(coalesce(reviewed_on, frozen_day())) AS until,
         CASE WHEN reviewed_on IS NULL THEN opens_on <= frozen_day() ELSE opens_on < reviewed_on END AS unapproved
  FROM frame WHERE opens_on IS NOT NULL),
taken AS (
  SELECT j.class, unapproved, applied,
         greatest(0, until - applied) - CASE WHEN until > applied THEN coalesce(b.upto, 0) - coalesce(a.upto, 0) ELSE 0 END AS days
  FROM judged j ASOF LEFT JOIN off_day a ON j.applied >= a.day ASOF LEFT JOIN off_day b ON j.until >= b.day)
SELECT class, CASE WHEN unapproved THEN 1000 WHEN days > 5 THEN 500 ELSE 0 END AS v, CASE WHEN unapproved THEN 1 ELSE days END AS n
FROM taken WHERE unapproved OR applied IS NOT NULL;

CREATE TEMP TABLE s_S1 AS
SELECT class, CASE WHEN in_system = false OR found = false THEN 1000
                   WHEN compared > 0 THEN greatest(0, least(1000, 1000 * differing // compared)) ELSE 0 END AS v,
       CASE WHEN in_system = false OR found = false THEN 1 WHEN compared > 0 THEN differing ELSE 0 END AS n
FROM frame LEFT JOIN t_system USING (class) WHERE in_system IS NOT NULL OR found IS NOT NULL;
