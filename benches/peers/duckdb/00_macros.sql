-- Arithmetic of docs/SIGNALS.md. `//` cuts towards zero, which only differs below 0, where ramp is 0 anyway.
-- Arguments are never null: least and greatest would pass over it.
CREATE MACRO ramp(a, b, f, t) AS
  greatest(0, least(1000, ((1000 * a::BIGINT - f * b::BIGINT) * 1000) // (b::BIGINT * (t - f))))::SMALLINT;
CREATE MACRO day_number(d) AS (d - DATE '1970-01-01')::BIGINT;
CREATE MACRO week_of_day(d) AS (d + 3) // 7;
-- Lower median of a group.
CREATE MACRO med(x) AS list_sort(list(x))[(count(x) + 1) // 2];
-- Months of thirty days up to the freeze, at most 240: nothing weighs anything by then.
CREATE MACRO months(d) AS least(240, greatest(0, day_number(frozen_day()) - day_number(d)) // 30);
