"""Polars: P1–P3. Rows that overlap share a day, so days are joined, not pairs of all rows."""

import polars as pl
from polars_city import by_day, ramp, uncovered, value, week_of_day

STARTS, ENDS = pl.col("starts"), pl.col("ends")


def overlap():
    """Minutes that two joined spans share."""
    return pl.min_horizontal("ends", "ends2") - pl.max_horizontal("starts", "starts2")


def taught(city):
    """Rows of teaching that last, with their sites where these have a place."""
    rooms = city.rooms.select("room", "site", "x", "y").drop_nulls()
    framed = city.frame.lazy().select("class", framed=True)
    rows = city.table("teaching").filter(ENDS > STARTS).join(rooms, on="room", how="left").join(framed, on="class", how="left")
    return rows.with_columns(pl.col("framed").fill_null(False)).collect(engine="streaming").with_row_index("id")


def hurried(rows, clashing):
    """Rows of the frame without a clash whose teacher has too little time to or from another site.

    g < need is (500·g)² < dx² + dy². No way of a teacher is longer than the box round their sites.
    """
    placed = rows.lazy().drop_nulls("site").select("id", "teacher", "starts", "ends", "site", "x", "y", "framed")
    width, height = pl.col("x").max() - pl.col("x").min(), pl.col("y").max() - pl.col("y").min()
    reach = placed.group_by("teacher").agg(far=((width**2 + height**2).sqrt() / 500).ceil().cast(pl.Int64) + 1, sites=pl.col("site").n_unique())
    placed = placed.join(reach.filter(pl.col("sites") > 1), on="teacher")
    here = by_day(placed.filter("framed").join(clashing.lazy(), on="id", how="anti").drop("far", "framed"))
    there = placed.with_columns(day=pl.int_ranges((STARTS - pl.col("far")) // 1440, (ENDS - 1 + pl.col("far")) // 1440 + 1)).explode("day")
    both = here.join(there.drop("id", "framed", "far"), on=["teacher", "day"], suffix="2").filter(pl.col("site") != pl.col("site2"))
    gap = pl.max_horizontal(pl.col("starts2") - ENDS, STARTS - pl.col("ends2"))
    way = (pl.col("x") - pl.col("x2")) ** 2 + (pl.col("y") - pl.col("y2")) ** 2
    return both.filter((gap >= 0) & ((500 * gap) ** 2 < way)).select("id").unique().with_columns(hurried=True)


def p1(city):
    rows = taught(city)
    days = by_day(rows.lazy().select("id", "class", "teacher", "starts", "ends", "room", "framed"))
    others = days.drop("id", "framed")
    both = days.filter("framed").join(others, on=["teacher", "day"], suffix="2")
    rooms_known = pl.col("room").is_not_null() & pl.col("room2").is_not_null()
    elsewhere = pl.when(rooms_known).then(pl.col("room") != pl.col("room2")).otherwise(pl.col("class") != pl.col("class2"))
    clash = both.filter(elsewhere & (overlap() > 0)).group_by("id").agg(o=overlap().max()).collect(engine="streaming")
    own = rows.lazy().filter("framed").join(clash.lazy(), on="id", how="left").join(hurried(rows, clash.select("id")), on="id", how="left")
    minutes = ENDS - STARTS
    o = pl.coalesce("o", pl.when(pl.col("hurried")).then(minutes // 2).otherwise(0))
    sums = own.select("class", o=o, minutes=minutes).group_by("class").agg(pl.col("o").sum(), pl.col("minutes").sum(), n=(pl.col("o") > 0).sum())
    return sums.select(value(ramp(pl.col("o"), pl.col("minutes") + 450, 0, 50), pl.col("n")))


def p2(city):
    rows = city.table("teaching").select("class", "teacher", "starts", "ends", week=week_of_day(STARTS // 1440)).collect(engine="streaming").lazy()
    teaches = (
        rows.join(city.frame.lazy().select("class"), on="class", how="semi")
        .select("class", "teacher", "week")
        .unique()
        .collect(engine="streaming")
        .lazy()
    )
    weeks = teaches.select("teacher", "week").unique().with_row_index("key")
    load = uncovered(rows.filter(ENDS > STARTS).join(weeks, on=["teacher", "week"]).select("key", "starts", "ends"), "key")
    load = load.group_by("key").agg(minutes=(ENDS - STARTS).sum())
    load = weeks.join(load, on="key", how="left").with_columns(pl.col("minutes").fill_null(0))
    heaviest = teaches.join(load, on=["teacher", "week"]).group_by("class").agg(pl.col("minutes").max())
    unqualified = city.table("teacher").filter(~pl.col("qualified")).select("teacher", "occupation")
    occupations = city.frame.lazy().select("class", "occupation").drop_nulls("occupation")
    unfit = teaches.join(occupations, on="class").join(unqualified, on=["teacher", "occupation"], how="semi").select("class", unfit=True).unique()
    minutes, unfit_ = pl.col("minutes"), pl.col("unfit").is_not_null()
    v = pl.when(unfit_).then(1000).otherwise(ramp(minutes, 60, 40000, 60000))
    return heaviest.join(unfit, on="class", how="left").select(value(v, pl.when(unfit_).then(1).otherwise(minutes // 60)))


def p3(city):
    lessons = (
        city.of_frame("lesson")
        .filter(ENDS > STARTS)
        .drop_nulls("room")
        .select("class", "room", "starts", "ends")
        .collect(engine="streaming")
        .with_row_index("id")
    )
    others = city.lesson_days.lazy().drop_nulls("room")
    both = by_day(lessons.lazy()).join(others, on=["room", "day"], suffix="2").filter((pl.col("class") != pl.col("class2")) & (overlap() > 0))
    clash = both.group_by("id").agg(o=overlap().max())
    own = lessons.lazy().join(clash, on="id", how="left")
    sums = own.group_by("class").agg(o=pl.col("o").sum(), minutes=(ENDS - STARTS).sum(), n=pl.col("o").count().cast(pl.Int64))
    listed = city.frame_roster.lazy().group_by("class").agg(listed=pl.len().cast(pl.Int64))
    heads = city.frame.lazy().join(listed, on="class", how="left").select("class", heads=pl.coalesce("listed", "actual", "planned"))
    rooms = city.rooms.select("room", "capacity").drop_nulls()
    filled = lessons.lazy().select("class", "room").unique().join(rooms, on="room").join(heads, on="class").drop_nulls("heads")
    filled = filled.group_by("class").agg(v2=ramp(pl.col("heads"), pl.col("capacity"), 1000, 1500).max(), heads=pl.col("heads").first())
    v1, v2 = ramp(pl.col("o"), pl.col("minutes") + 450, 0, 50), pl.col("v2").fill_null(0)
    return sums.join(filled, on="class", how="left").select(value(pl.max_horizontal(v1, v2), pl.when(v2 > v1).then("heads").otherwise("n")))
