-- H1, H2.
CREATE TEMP TABLE s_H1 AS
WITH running AS (
  SELECT class, hours, day_number(opens_on) AS opens, day_number(ends_on) AS ends FROM frame
  WHERE hours > 0 AND day_number(ends_on) - day_number(opens_on) BETWEEN 0 AND 731),
own AS (SELECT l.class, l.starts, l.ends, l.hours FROM t_lesson l SEMI JOIN running r ON l.class = r.class),
delivered AS (SELECT class, sum(CASE WHEN hours BETWEEN 0 AND 24 THEN 45 * hours ELSE ends - starts END)::BIGINT AS minutes FROM own GROUP BY class),
taught AS (SELECT DISTINCT class, week_of_day(starts // 1440) AS week FROM own),
days AS (SELECT class, unnest(generate_series(opens, ends)) AS day FROM running),
working AS (SELECT DISTINCT class, week_of_day(day) AS week FROM days ANTI JOIN off_day USING (day)),
gaps AS (SELECT DISTINCT w.class FROM working w ANTI JOIN taught t ON w.class = t.class AND w.week = t.week),
k AS (SELECT class, greatest(0, hours * 45 - minutes) AS lacking, hours * 45 AS due FROM running
  JOIN delivered USING (class) ANTI JOIN gaps USING (class))
SELECT class, ramp(lacking, due, 50, 300) AS v, lacking // 45 AS n FROM k;

CREATE TEMP TABLE s_H2 AS
WITH piece AS (
  SELECT l.class, l.day, greatest(l.starts - l.day * 1440, 0) AS a, least(l.ends - l.day * 1440, 1440) AS b
  FROM lesson_day l SEMI JOIN frame f ON l.class = f.class),
fresh AS (
  SELECT class, day, b,
         greatest(a, coalesce(max(b) OVER (PARTITION BY class, day ORDER BY a, b ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)) AS a
  FROM piece),
daily AS (SELECT class, day, sum(b - a) AS total, sum(greatest(0, least(b, 1260) - greatest(a, 420))) AS light FROM fresh WHERE b > a
  GROUP BY class, day),
judged AS (
  SELECT class, total, CASE WHEN o.day IS NOT NULL THEN total ELSE total - light + greatest(0, light - 480) END AS bad
  FROM daily d LEFT JOIN off_day o ON o.day = d.day),
k AS (SELECT class, sum(total)::BIGINT AS total, sum(bad)::BIGINT AS n FROM judged GROUP BY class)
SELECT class, ramp(n, total, 0, 200) AS v, n FROM k;
