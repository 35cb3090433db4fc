-- P1–P3. A room that stands twice has its least capacity and least place. Rows that overlap share a day, so days are joined, not pairs of all rows.
CREATE TEMP TABLE place AS
SELECT DISTINCT ON (room) room, site, x, y FROM t_room WHERE site IS NOT NULL AND x IS NOT NULL AND y IS NOT NULL ORDER BY room, site, x, y;

CREATE TEMP TABLE taught AS
SELECT row_number() OVER () AS id, t.class, t.teacher, t.starts, t.ends, t.room, m.site, m.x, m.y, f.class IS NOT NULL AS framed
FROM t_teaching t LEFT JOIN place m ON m.room = t.room
LEFT JOIN frame f ON f.class = t.class WHERE t.ends > t.starts;

CREATE TEMP TABLE taught_day AS
SELECT *, starts // 1440 AS day FROM taught WHERE starts // 1440 = (ends - 1) // 1440
UNION ALL
SELECT *, unnest(generate_series(starts // 1440, (ends - 1) // 1440)) AS day FROM taught WHERE starts // 1440 < (ends - 1) // 1440;

CREATE TEMP TABLE clash AS
SELECT a.id, max(least(a.ends, b.ends) - greatest(a.starts, b.starts)) AS o
FROM taught_day b JOIN taught_day a ON a.framed AND a.teacher = b.teacher AND a.day = b.day AND a.starts < b.ends AND b.starts < a.ends
  AND CASE WHEN a.room IS NOT NULL AND b.room IS NOT NULL THEN a.room <> b.room ELSE a.class <> b.class END
GROUP BY a.id;

-- Too little time to travel: g < need is (500·g)² < dx² + dy². No way of a teacher is longer than the box round their sites.
CREATE TEMP TABLE hurried AS
WITH reach AS (
  SELECT teacher, ceil(sqrt((max(x) - min(x)) ** 2 + (max(y) - min(y)) ** 2) / 500)::BIGINT + 1 AS far
  FROM taught WHERE site IS NOT NULL GROUP BY teacher HAVING count(DISTINCT site) > 1),
placed AS (SELECT t.*, r.far FROM taught t JOIN reach r ON r.teacher = t.teacher WHERE t.site IS NOT NULL),
here AS (
  SELECT id, teacher, site, x, y, starts, ends, unnest(generate_series(starts // 1440, (ends - 1) // 1440)) AS day
  FROM placed p ANTI JOIN clash c ON c.id = p.id WHERE framed),
there AS (
  SELECT teacher, site, x, y, starts, ends, unnest(generate_series((starts - far) // 1440, (ends - 1 + far) // 1440)) AS day FROM placed)
SELECT DISTINCT a.id FROM there b JOIN here a ON a.teacher = b.teacher AND a.day = b.day AND a.site <> b.site
WHERE (b.starts >= a.ends AND (500 * (b.starts - a.ends)) ** 2 < (a.x - b.x) ** 2 + (a.y - b.y) ** 2)
   OR (a.starts >= b.ends AND (500 * (a.starts - b.ends)) ** 2 < (a.x - b.x) ** 2 + (a.y - b.y) ** 2);

CREATE TEMP TABLE s_P1 AS
WITH o AS (
  SELECT t.class, t.ends - t.starts AS minutes, coalesce(c.o, CASE WHEN h.id IS NOT NULL THEN (t.ends - t.starts) // 2 ELSE 0 END) AS o
  FROM taught t LEFT JOIN clash c ON c.id = t.id LEFT JOIN hurried h ON h.id = t.id WHERE t.framed),
k AS (SELECT class, sum(o)::BIGINT AS o, sum(minutes)::BIGINT AS minutes, count(*) FILTER (WHERE o > 0) AS n FROM o GROUP BY class)
SELECT class, ramp(o, minutes + 450, 0, 50) AS v, n FROM k;

CREATE TEMP TABLE s_P2 AS
WITH teaches AS (
  SELECT DISTINCT t.class, t.teacher, week_of_day(t.starts // 1440) AS week FROM t_teaching t SEMI JOIN frame f ON t.class = f.class),
busy AS (
  SELECT t.teacher, week_of_day(t.starts // 1440) AS week, t.starts, t.ends FROM t_teaching t
  SEMI JOIN teaches w ON w.teacher = t.teacher AND w.week = week_of_day(t.starts // 1440) WHERE t.ends > t.starts),
fresh AS (
  SELECT teacher, week, ends,
         greatest(starts, coalesce(max(ends) OVER (PARTITION BY teacher, week ORDER BY starts, ends ROWS BETWEEN UNBOUNDED PRECEDING
           AND 1 PRECEDING), starts)) AS starts
  FROM busy),
load AS (SELECT teacher, week, sum(ends - starts)::BIGINT AS minutes FROM fresh WHERE ends > starts GROUP BY teacher, week),
unqualified AS (
  SELECT DISTINCT t.class FROM teaches t JOIN frame f ON f.class = t.class
  JOIN t_teacher q ON q.teacher = t.teacher AND q.occupation = f.occupation AND NOT q.qualified),
k AS (SELECT t.class, coalesce(max(l.minutes), 0) AS minutes FROM teaches t LEFT JOIN load l ON l.teacher = t.teacher AND l.week = t.week
  GROUP BY t.class)
SELECT k.class, CASE WHEN u.class IS NOT NULL THEN 1000 ELSE ramp(minutes, 60, 40000, 60000) END AS v,
       CASE WHEN u.class IS NOT NULL THEN 1 ELSE minutes // 60 END AS n
FROM k LEFT JOIN unqualified u ON u.class = k.class;

CREATE TEMP TABLE s_P3 AS
WITH own AS (
  SELECT row_number() OVER () AS id, l.class, l.room, l.starts, l.ends FROM t_lesson l SEMI JOIN frame f ON l.class = f.class
  WHERE l.ends > l.starts AND l.room IS NOT NULL),
own_day AS (SELECT *, unnest(generate_series(starts // 1440, (ends - 1) // 1440)) AS day FROM own),
o AS (
  SELECT a.id, max(least(a.ends, b.ends) - greatest(a.starts, b.starts)) AS o
  FROM lesson_day b JOIN own_day a ON a.room = b.room AND a.day = b.day AND a.class <> b.class AND a.starts < b.ends AND b.starts < a.ends
  GROUP BY a.id),
k AS (SELECT own.class, coalesce(sum(o.o), 0)::BIGINT AS o, sum(ends - starts)::BIGINT AS minutes, count(o.o) AS n FROM own
  LEFT JOIN o USING (id) GROUP BY own.class),
seats AS (SELECT room, min(capacity) AS capacity FROM t_room WHERE capacity > 0 GROUP BY room),
listed AS (SELECT class, count(*) AS listed FROM frame_roster GROUP BY class),
filled AS (
  SELECT u.class, min(coalesce(l.listed, f.actual, f.planned)) AS heads, max(ramp(coalesce(l.listed, f.actual, f.planned), m.capacity, 1000,
    1500)) AS v2
  FROM (SELECT DISTINCT class, room FROM own) u JOIN seats m ON m.room = u.room
  JOIN frame f ON f.class = u.class LEFT JOIN listed l ON l.class = u.class
  WHERE coalesce(l.listed, f.actual, f.planned) IS NOT NULL GROUP BY u.class),
both_values AS (SELECT k.class, ramp(o, minutes + 450, 0, 50) AS v1, n, coalesce(v2, 0) AS v2, heads FROM k
  LEFT JOIN filled ON filled.class = k.class)
SELECT class, greatest(v1, v2) AS v, CASE WHEN v2 > v1 THEN heads ELSE n END AS n FROM both_values;
