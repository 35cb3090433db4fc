-- R1–R3: the same people elsewhere.
CREATE TEMP TABLE shared AS
SELECT a.class AS c, b.class AS d, a.person FROM member b JOIN frame_member a ON a.person = b.person AND a.class <> b.class;
CREATE TEMP TABLE pair AS SELECT c, d, count(*) AS i FROM shared GROUP BY c, d;

-- Pairs whose spans overlap; where both have lessons that last, the lessons decide.
CREATE TEMP TABLE near AS
WITH span AS (SELECT class, min(starts) AS lo, max(ends) AS hi FROM lesson_day GROUP BY class)
SELECT p.c, p.d, a.lo IS NOT NULL AND b.lo IS NOT NULL AS timed
FROM pair p LEFT JOIN span a ON a.class = p.c LEFT JOIN span b ON b.class = p.d
LEFT JOIN city e ON e.class = p.c LEFT JOIN city g ON g.class = p.d
WHERE CASE WHEN a.lo IS NOT NULL AND b.lo IS NOT NULL THEN a.lo < b.hi AND b.lo < a.hi
           ELSE e.opens_on <= g.ends_on AND g.opens_on <= e.ends_on END;
CREATE TEMP TABLE overlapping AS
SELECT c, d FROM near WHERE NOT timed
UNION ALL
SELECT DISTINCT n.c, n.d FROM (SELECT c, d FROM near WHERE timed) n
JOIN lesson_day a ON a.class = n.c
JOIN lesson_day b ON b.class = n.d AND b.day = a.day AND a.starts < b.ends AND b.starts < a.ends;

CREATE TEMP TABLE s_R1 AS
WITH k AS (SELECT s.c AS class, count(DISTINCT s.person) AS n FROM shared s SEMI JOIN overlapping o ON s.c = o.c AND s.d = o.d GROUP BY s.c)
SELECT class, ramp(coalesce(n, 0), persons + 10, 0, 100) AS v, coalesce(n, 0) AS n
FROM frame JOIN heads USING (class) LEFT JOIN k USING (class);

CREATE TEMP TABLE s_R2 AS
WITH wanted AS (
  SELECT m.class, m.person, f.occupation, f.level, f.opens_on, year(f.opens_on) AS in_year
  FROM frame_member m JOIN frame f USING (class) WHERE f.opens_on IS NOT NULL),
repeated AS (
  SELECT w.class, w.person FROM t_history h
  JOIN wanted w ON h.person = w.person AND h.paid_on < w.opens_on
    AND ((h.occupation = w.occupation AND h.level = w.level) OR year(h.paid_on) = w.in_year)
  GROUP BY w.class, w.person
  HAVING coalesce(bool_or(h.occupation = w.occupation AND h.level = w.level), false) OR count(*) FILTER (WHERE year(h.paid_on) = w.in_year) >= 3),
k AS (SELECT class, count(*) AS n FROM repeated GROUP BY class)
SELECT class, ramp(coalesce(n, 0), persons + 10, 0, 100) AS v, coalesce(n, 0) AS n
FROM frame JOIN heads USING (class) LEFT JOIN k USING (class) WHERE opens_on IS NOT NULL AND present('history');

CREATE TEMP TABLE s_R3 AS
WITH alike AS (
  SELECT p.c AS class, p.i, 1000 * p.i // (a.persons + b.persons - p.i) AS j
  FROM pair p JOIN frame f ON f.class = p.c JOIN city g ON g.class = p.d AND g.institution <> f.institution
    AND abs(f.opens_on - g.opens_on) <= 731
  JOIN heads a ON a.class = p.c JOIN heads b ON b.class = p.d),
best AS (SELECT class, max(j * 4294967296 + i) AS ji FROM alike GROUP BY class)
SELECT class, ramp(coalesce(ji // 4294967296, 0), 1000, 100, 500) AS v, coalesce(ji % 4294967296, 0) AS n
FROM frame JOIN heads USING (class) LEFT JOIN best USING (class) WHERE institution IS NOT NULL AND opens_on IS NOT NULL;
