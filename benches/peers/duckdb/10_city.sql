-- What several signals share: classes, the frame, lessons by day, members.
CREATE TEMP TABLE city AS
SELECT class, county, institution, occupation, level, applied_on, reviewed_on, opens_on, ends_on, lead_days, hours, planned, actual,
       in_system, one_employer, in_frame
FROM t_class;
CREATE TEMP TABLE frame AS SELECT * FROM city WHERE in_frame ORDER BY class;

-- Lessons that last, once for each day they touch: overlapping lessons share a day.
CREATE TEMP TABLE lesson_day AS
SELECT class, starts // 1440 AS day, starts, ends, room FROM t_lesson
WHERE ends > starts AND starts // 1440 = (ends - 1) // 1440
UNION ALL
SELECT class, unnest(generate_series(starts // 1440, (ends - 1) // 1440)) AS day, starts, ends, room FROM t_lesson
WHERE ends > starts AND starts // 1440 < (ends - 1) // 1440;

CREATE TEMP TABLE member AS SELECT DISTINCT class, person FROM t_roster WHERE person IS NOT NULL;
CREATE TEMP TABLE heads AS SELECT class, count(*) AS persons FROM member GROUP BY class;
CREATE TEMP TABLE frame_member AS SELECT m.class, m.person FROM member m SEMI JOIN frame f ON m.class = f.class;
CREATE TEMP TABLE frame_roster AS
SELECT r.class, person, phone, account, address, id_gap, outside, fit FROM t_roster r SEMI JOIN frame f ON r.class = f.class;
