-- A1–A5.
CREATE TEMP TABLE s_A1 AS
WITH k AS (SELECT class, count(*) AS sessions, count(*) FILTER (WHERE present >= expected) AS n FROM t_attendance WHERE expected > 0 GROUP BY class)
SELECT class, ramp(n, sessions, 800, 1000) AS v, n FROM k WHERE sessions >= 8;

CREATE TEMP TABLE s_A4 AS
WITH k AS (SELECT class, sum(expected) AS due, sum(expected - least(present, expected)) AS n FROM t_attendance GROUP BY class)
SELECT class, ramp(n, due, 100, 500) AS v, n FROM k WHERE due > 0;

CREATE TEMP TABLE s_A2 AS
WITH held AS (
  SELECT s.class, s.starts, count(*) OVER (PARTITION BY s.class, s.starts ORDER BY s.at RANGE BETWEEN CURRENT ROW AND 60 FOLLOWING) AS held
  FROM t_sign_in s SEMI JOIN frame f ON s.class = f.class),
session AS (SELECT class, max(held) AS held, count(*) AS signed FROM held GROUP BY class, starts HAVING count(*) >= 5),
k AS (SELECT class, count(*) AS sessions, count(*) FILTER (WHERE 5 * held >= 4 * signed) AS n FROM session GROUP BY class)
SELECT class, ramp(n, sessions + 10, 0, 1000) AS v, n FROM k;

CREATE TEMP TABLE signed AS
SELECT class, count(matched) AS matched, count(*) FILTER (WHERE NOT matched) AS strangers, count(metres) AS placed,
  count(*) FILTER (WHERE metres > 500) AS far
FROM t_sign_in GROUP BY class;
CREATE TEMP TABLE s_A3 AS SELECT class, ramp(strangers, matched + 10, 10, 100) AS v, strangers AS n FROM signed WHERE matched > 0;
CREATE TEMP TABLE s_A5 AS SELECT class, ramp(far, placed + 10, 20, 200) AS v, far AS n FROM signed WHERE placed > 0;
