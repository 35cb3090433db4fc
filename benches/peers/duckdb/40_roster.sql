-- R4–R8: what the roster and its checks say.
CREATE TEMP TABLE judged AS
SELECT k.class, k.person, bool_or(k.result = 1) AS employed, bool_or(k.result BETWEEN 2 AND 5) AS barred
FROM (SELECT c.* FROM t_check c SEMI JOIN frame f ON c.class = f.class WHERE c.result <> 255) k
SEMI JOIN frame_member m ON k.class = m.class AND k.person = m.person GROUP BY k.class, k.person;

CREATE TEMP TABLE s_R4 AS
SELECT class, ramp(count(*) FILTER (WHERE employed), count(*) + 10, 0, 200) AS v, count(*) FILTER (WHERE employed) AS n FROM judged GROUP BY class;

CREATE TEMP TABLE s_R5 AS
WITH barred AS (SELECT class, person FROM judged WHERE barred),
told AS (SELECT DISTINCT class FROM judged),
k AS (
  SELECT r.class, count(*) AS all_rows, count(r.fit) AS fits, count(*) FILTER (WHERE r.fit = false OR b.person IS NOT NULL) AS n
  FROM frame_roster r LEFT JOIN barred b ON b.class = r.class AND b.person = r.person GROUP BY r.class)
SELECT k.class, ramp(n, all_rows + 10, 0, 50) AS v, n FROM k LEFT JOIN told t ON t.class = k.class WHERE fits > 0 OR t.class IS NOT NULL;

-- The frame's keys of at least three people. First those with three rows of somebody, which few have; then people are counted.
CREATE TEMP TABLE phones AS
WITH often AS (
  SELECT phone AS key FROM t_roster SEMI JOIN (SELECT phone FROM frame_roster) USING (phone) WHERE person IS NOT NULL
    GROUP BY phone HAVING count(*) >= 3)
SELECT key FROM (SELECT DISTINCT r.phone AS key, person FROM t_roster r SEMI JOIN often o ON o.key = r.phone WHERE person IS NOT NULL)
GROUP BY key HAVING count(*) >= 3;
CREATE TEMP TABLE accounts AS
WITH often AS (
  SELECT account AS key FROM t_roster SEMI JOIN (SELECT account FROM frame_roster) USING (account) WHERE person IS NOT NULL
    GROUP BY account HAVING count(*) >= 3)
SELECT key FROM (SELECT DISTINCT r.account AS key, person FROM t_roster r SEMI JOIN often o ON o.key = r.account WHERE person IS NOT NULL)
GROUP BY key HAVING count(*) >= 3;
CREATE TEMP TABLE addresses AS
WITH often AS (
  SELECT address AS key FROM t_roster SEMI JOIN (SELECT address FROM frame_roster) USING (address) WHERE person IS NOT NULL
    GROUP BY address HAVING count(*) >= 3)
SELECT key FROM (SELECT DISTINCT r.address AS key, person FROM t_roster r SEMI JOIN often o ON o.key = r.address WHERE person IS NOT NULL)
GROUP BY key HAVING count(*) >= 3;

CREATE TEMP TABLE s_R6 AS
WITH k AS (
  SELECT r.class, count(*) AS all_rows, count(coalesce(r.phone, r.account, r.address)) AS keyed,
         count(*) FILTER (WHERE p.key IS NOT NULL OR a.key IS NOT NULL OR (d.key IS NOT NULL AND NOT f.one_employer)) AS n
  FROM frame_roster r JOIN frame f ON f.class = r.class LEFT JOIN phones p ON p.key = r.phone
  LEFT JOIN accounts a ON a.key = r.account LEFT JOIN addresses d ON d.key = r.address GROUP BY r.class)
SELECT class, ramp(n, all_rows, 50, 400) AS v, n FROM k WHERE keyed > 0;

CREATE TEMP TABLE s_R7 AS
WITH k AS (
  SELECT r.class, f.occupation, count(*) FILTER (WHERE r.id_gap BETWEEN 1 AND 3) AS n, count(*) AS all_rows
  FROM frame_roster r JOIN frame f ON f.class = r.class WHERE f.occupation IS NOT NULL GROUP BY r.class, f.occupation HAVING count(*) >= 10),
x AS (SELECT *, 1000 * n // all_rows AS x FROM k),
middle AS (SELECT occupation, med(x) AS m FROM x GROUP BY occupation),
spread AS (SELECT occupation, any_value(m) AS m, greatest(10, med(abs(x - m))) AS mad FROM x JOIN middle USING (occupation) GROUP BY occupation)
SELECT class, ramp(((x - m) * 10000000) // (14826 * mad), 1000, 2000, 5000) AS v, n FROM x JOIN spread USING (occupation);

CREATE TEMP TABLE s_R8 AS
WITH k AS (
  SELECT r.class, f.occupation, count(*) FILTER (WHERE r.outside) AS n, count(*) AS known
  FROM frame_roster r JOIN frame f ON f.class = r.class WHERE f.occupation IS NOT NULL AND r.outside IS NOT NULL GROUP BY r.class, f.occupation),
x AS (SELECT *, 1000 * n // known AS x FROM k),
middle AS (SELECT occupation, med(x) AS m FROM x GROUP BY occupation)
SELECT class, ramp(x - m, 1000, 200, 600) AS v, n FROM x JOIN middle USING (occupation);
