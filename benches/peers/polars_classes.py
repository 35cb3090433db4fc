"""Polars: T1–T4, S1, H1, H2 and I1–I7."""

import facts as common
import polars as pl
from polars_city import count, day_number, ramp, uncovered, value, week_of_day

NOTHING = pl.LazyFrame(schema={"class": pl.UInt32, "v": pl.Int64, "n": pl.Int64})


def t1(city):
    lead = pl.col("lead_days")
    return city.frame.lazy().filter(lead.is_not_null()).select(value(ramp((5 - lead).clip(0, 5), 1, 0, 5000), lead))


def t2(city):
    late = count(pl.col("recorded") - pl.col("ends") > 2880)
    sums = city.table("record").group_by("class").agg(late=late, records=pl.len().cast(pl.Int64))
    return sums.select(value(ramp(pl.col("late"), pl.col("records") + 10, 0, 1000), pl.col("late")))


def t3(city):
    if not city.knows("change"):
        return NOTHING
    opening = city.frame.lazy().drop_nulls("opens_on").select("class", "county", midnight=day_number("opens_on") * 1440).sort("midnight")
    due = city.submitted.lazy().select("county", "due").drop_nulls("due").sort("due")
    listed = opening.join_asof(
        due, left_on="midnight", right_on="due", by="county", strategy="backward", allow_exact_matches=False, check_sortedness=False
    )
    close = (pl.col("at") >= pl.col("midnight") - 4320) | (pl.col("at") > pl.col("due")).fill_null(False)
    late = city.table("change").join(listed, on="class").filter(close).group_by("class").agg(n=pl.len().cast(pl.Int64))
    n = pl.col("n").fill_null(0)
    return opening.join(late, on="class", how="left").select(value(ramp(n, 1, 0, 3000), n))


def t4(city):
    today, applied = pl.lit(city.day, pl.Int64), day_number("applied_on")
    opens, reviewed = day_number("opens_on"), day_number("reviewed_on")
    frame = city.frame.drop_nulls("opens_on").select(
        "class",
        applied=applied,
        until=reviewed.fill_null(today),
        unapproved=pl.when(reviewed.is_null()).then(opens <= today).otherwise(opens < reviewed),
    )
    frame = frame.with_columns(off=city.off_until(frame["until"]) - city.off_until(frame["applied"]))
    later = pl.col("until") > pl.col("applied")
    days = pl.when(later).then(pl.col("until") - pl.col("applied") - pl.col("off")).otherwise(0)
    judged = frame.lazy().filter(pl.col("unapproved") | pl.col("applied").is_not_null())
    late = pl.when(days > 5).then(500).otherwise(0)
    return judged.select(value(pl.when("unapproved").then(1000).otherwise(late), pl.when("unapproved").then(1).otherwise(days)))


def s1(city):
    rows = city.frame.lazy().join(city.table("system"), on="class", how="left")
    absent = pl.col("in_system").eq_missing(False) | pl.col("found").eq_missing(False)
    compared = (pl.col("compared") > 0).fill_null(False)
    v = pl.when(absent).then(1000).when(compared).then((1000 * pl.col("differing") // pl.col("compared")).clip(0, 1000)).otherwise(0)
    n = pl.when(absent).then(1).when(compared).then("differing").otherwise(0)
    return rows.filter(pl.col("in_system").is_not_null() | pl.col("found").is_not_null()).select(value(v, n))


def h1(city):
    opens, ends, hours = day_number("opens_on"), day_number("ends_on"), pl.col("hours")
    running = city.frame.lazy().filter((hours > 0) & (ends - opens).is_between(0, 731)).select("class", "hours", opens=opens, ends=ends)
    own = (
        city.table("lesson")
        .select("class", "starts", "ends", stated="hours")
        .join(running, on="class", how="semi")
        .collect(engine="streaming")
        .lazy()
    )
    minutes = pl.when(pl.col("stated").is_between(0, 24)).then(45 * pl.col("stated")).otherwise(pl.col("ends") - pl.col("starts"))
    delivered = own.group_by("class").agg(minutes=minutes.sum())
    taught = own.select("class", week=week_of_day(pl.col("starts") // 1440)).unique()
    days = running.select("class", day=pl.int_ranges("opens", pl.col("ends") + 1)).explode("day")
    working = days.join(city.off_days.to_frame().lazy(), on="day", how="anti").select("class", week=week_of_day(pl.col("day"))).unique()
    gaps = working.join(taught, on=["class", "week"], how="anti")
    due = pl.col("hours") * 45
    lacking = (due - pl.col("minutes")).clip(0)
    told = running.join(delivered, on="class").join(gaps, on="class", how="anti")
    return told.select(value(ramp(lacking, due, 50, 300), lacking // 45))


def h2(city):
    own = city.lesson_days.lazy().join(city.frame.lazy().select("class"), on="class", how="semi")
    midnight = pl.col("day") * 1440
    pieces = own.select("class", "day", starts=pl.max_horizontal("starts", midnight), ends=pl.min_horizontal("ends", midnight + 1440))
    light = (pl.min_horizontal("ends", midnight + 1260) - pl.max_horizontal("starts", midnight + 420)).clip(0)
    daily = uncovered(pieces, "class").group_by("class", "day").agg(total=(pl.col("ends") - pl.col("starts")).sum(), light=light.sum())
    off = city.off_days.to_frame().lazy().with_columns(off=pl.lit(True))
    bad = pl.when(pl.col("off")).then("total").otherwise(pl.col("total") - pl.col("light") + (pl.col("light") - 480).clip(0))
    sums = daily.join(off, on="day", how="left").group_by("class").agg(bad=bad.sum(), total=pl.col("total").sum())
    return sums.select(value(ramp(pl.col("bad"), pl.col("total"), 0, 200), pl.col("bad")))


def weights(city, doubled=1):
    """Halving by the day of what happened."""
    ago = (city.day - day_number("on")).clip(0) // 30
    halving = pl.LazyFrame({"k": range(common.HALVING_MONTHS + 1), "w": [common.halving(k) for k in range(common.HALVING_MONTHS + 1)]})
    return (doubled * ago).clip(0, common.HALVING_MONTHS).alias("k"), halving


def named(city):
    return city.frame.lazy().drop_nulls("institution").select("class", "institution", "occupation")


def i1(city):
    if not city.knows("visit"):
        return NOTHING
    k, halving = weights(city)
    seen = city.table("visit").filter(day_number("on") < city.day).with_columns(k).join(halving, on="k")
    sums = seen.group_by("institution").agg(a=(pl.col("severity") * pl.col("w") // 1000).sum(), b=pl.col("w").sum(), n=count(pl.col("severity") > 0))
    a, b, n = (pl.col(name).fill_null(0) for name in "abn")
    return named(city).join(sums, on="institution", how="left").select(value(ramp(1000 * (a + 500) // (b + 10000), 1000, 50, 400), n))


def i2(city):
    if not city.knows("visit"):
        return NOTHING
    last = city.table("visit").filter(day_number("on") <= city.day).group_by("institution").agg(last=day_number("on").max())
    first = (
        city.classes.lazy()
        .filter(day_number("opens_on") <= city.day)
        .drop_nulls("institution")
        .group_by("institution")
        .agg(first=day_number("opens_on").min())
    )
    known = named(city).join(last, on="institution", how="left").join(first, on="institution", how="left")
    days = city.day - pl.coalesce("last", "first")
    return known.filter(pl.coalesce("last", "first").is_not_null()).select(value(ramp(days, 180, 1000, 2000), days))


def i3(city):
    quarter = lambda date: date.dt.year().cast(pl.Int64) * 4 + (date.dt.month().cast(pl.Int64) - 1) // 3
    this = pl.Series([city.day], dtype=pl.Int32).cast(pl.Date).to_frame("day").select(quarter(pl.col("day"))).item()
    opened = city.classes.drop_nulls("opens_on").select("institution", ago=this - quarter(pl.col("opens_on")), seats=pl.coalesce("planned", "actual"))
    if not len(opened) or opened["ago"].max() < 4:
        return NOTHING
    seats = lambda ago: pl.col("seats").filter(pl.col("ago") == ago).sum()
    sums = (
        opened.lazy()
        .filter(pl.col("seats") > 0)
        .drop_nulls("institution")
        .group_by("institution")
        .agg(n=seats(0), before=pl.concat_list([seats(ago) for ago in range(1, 5)]))
    )
    sums = sums.select("institution", "n", twice=pl.col("before").list.sort().list.slice(1, 2).list.sum())
    n, twice = pl.col("n").fill_null(0), pl.col("twice").fill_null(0)
    v = pl.when(twice == 0).then(500).otherwise(ramp(2 * n, twice, 2000, 5000))
    return named(city).join(sums, on="institution", how="left").select(value(v, n))


def i4(city):
    if not city.knows("complaint"):
        return NOTHING
    k, halving = weights(city, doubled=2)
    heard = city.table("complaint").with_columns(k).join(halving, on="k")
    sources = heard.group_by("institution", "source").agg(heard=(pl.col("weight") * pl.col("w") // 1000).max())
    sums = sources.group_by("institution").agg(heard=pl.col("heard").sum(), n=pl.len().cast(pl.Int64))
    heard, n = pl.col("heard").fill_null(0), pl.col("n").fill_null(0)
    return named(city).join(sums, on="institution", how="left").select(value(ramp(heard, 1000, 0, 3000), n))


def i5(city):
    exams = city.table("exam").filter((day_number("on") > city.day - 365) & (day_number("on") <= city.day))
    sums = exams.group_by("institution", "occupation").agg(pl.col("taken", "passed").sum())
    usual = sums.group_by("occupation").agg(pl.col("taken", "passed").sum()).filter(pl.col("taken") > 0)
    usual = usual.select("occupation", usual=1000 * pl.col("passed") // pl.col("taken"))
    own = named(city).join(sums.filter(pl.col("taken") >= 20), on=["institution", "occupation"]).join(usual, on="occupation")
    return own.select(value(ramp(1000 * pl.col("passed") // pl.col("taken") - pl.col("usual"), 1000, 0, 200), pl.col("passed")))


def i6(city):
    register = city.table("register")
    kinds = [register.select("institution", kind=pl.lit(kind), key=kind).drop_nulls("key") for kind in ("contact", "account", "site")]
    held = pl.concat(kinds)
    pairs = held.join(held, on=["kind", "key"]).filter(pl.col("institution") != pl.col("institution_right"))
    others = pairs.group_by("institution").agg(n=pl.col("institution_right").n_unique().cast(pl.Int64))
    listed = named(city).join(register, on="institution", how="semi").join(others, on="institution", how="left")
    n = pl.col("n").fill_null(0)
    return listed.select(value(pl.when(n > 0).then(1000).otherwise(0), n))


def i7(city):
    due = city.submitted.lazy().drop_nulls("due").sort("due", "week", descending=True)
    latest = due.group_by("county", maintain_order=True).head(8)
    late = pl.when(pl.col("received") > pl.col("due")).then(500).otherwise(0)
    fault = pl.when(pl.col("received").is_null()).then(1000).otherwise(late + 125 * (pl.col("versions") - 1).clip(0, 2)).cast(pl.Int64)
    sums = (
        latest.with_columns(fault=fault)
        .group_by("county")
        .agg(fault=pl.col("fault").sum(), lists=pl.len().cast(pl.Int64), n=count(pl.col("fault") > 0))
    )
    return city.frame.lazy().join(sums, on="county").select(value(ramp(pl.col("fault"), pl.col("lists") * 1000, 0, 1000), pl.col("n")))
