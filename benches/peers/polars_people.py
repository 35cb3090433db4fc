"""Polars: R1–R8 and A1–A5."""

import polars as pl
from polars_city import CLASS, count, day_number, med, ramp, value

HALF = 2**32


def pairs(city):
    """Classes of the frame and others by shared people: (pair, person), pair = class·2³² + other."""
    own = city.frame_members.lazy().select("person", c=CLASS)
    shared = city.members.lazy().join(own, on="person").filter(pl.col("class") != pl.col("c"))
    return shared.select("person", pair=pl.col("c").cast(pl.UInt64) * HALF + pl.col("class")).collect(engine="streaming")


def split(frame):
    return frame.with_columns(c=(pl.col("pair") // HALF).cast(pl.UInt32), d=(pl.col("pair") % HALF).cast(pl.UInt32))


def overlapping(city, counted):
    """Pairs that overlap: by their lessons where both have lessons that last, else by their dates."""
    spans = city.lesson_days.lazy().group_by("class").agg(lo=pl.col("starts").min(), hi=pl.col("ends").max())
    dates = city.classes.lazy().select("class", opens=day_number("opens_on"), until=day_number("ends_on"))
    known = dates.join(spans, on="class", how="full", coalesce=True).collect().lazy()
    both = (
        split(counted.lazy())
        .join(known, left_on="c", right_on="class", how="left")
        .join(known, left_on="d", right_on="class", how="left", suffix="2")
    )
    timed = pl.col("lo").is_not_null() & pl.col("lo2").is_not_null()
    near = pl.when(timed).then((pl.col("lo") < pl.col("hi2")) & (pl.col("lo2") < pl.col("hi")))
    near = near.otherwise((pl.col("opens") <= pl.col("until2")) & (pl.col("opens2") <= pl.col("until")))
    near = both.filter(near).select("pair", "c", "d", timed=timed).collect(engine="streaming").lazy()
    days = city.lesson_days.lazy().select("class", "day", "starts", "ends")
    met = near.filter("timed").join(days, left_on="c", right_on="class").join(days, left_on=["d", "day"], right_on=["class", "day"], suffix="2")
    met = met.filter((pl.col("starts") < pl.col("ends2")) & (pl.col("starts2") < pl.col("ends"))).select("pair").unique()
    return pl.concat([near.filter(~pl.col("timed")).select("pair"), met])


def r1(city, shared, counted):
    hit = shared.lazy().join(overlapping(city, counted), on="pair", how="semi")
    hit = hit.select("person", **{"class": (pl.col("pair") // HALF).cast(pl.UInt32)}).unique()
    k = hit.group_by("class").agg(k=pl.len().cast(pl.Int64))
    k_, frame = pl.col("k").fill_null(0), city.frame.lazy().select("class")
    return frame.join(city.heads.lazy(), on="class").join(k, on="class", how="left").select(value(ramp(k_, pl.col("persons") + 10, 0, 100), k_))


def r2(city):
    frame = city.frame.lazy().drop_nulls("opens_on").select("class", "occupation", "level", "opens_on")
    wanted = city.frame_members.lazy().join(frame, on="class")
    history = city.table("history").select("person", "paid_on", o="occupation", l="level")
    paid = history.join(wanted, on="person").filter(pl.col("paid_on") < pl.col("opens_on"))
    same = ((pl.col("o") == pl.col("occupation")) & (pl.col("l") == pl.col("level"))).fill_null(False)
    paid = paid.select("class", "person", same=same, year=pl.col("paid_on").dt.year() == pl.col("opens_on").dt.year())
    people = paid.filter(pl.col("same") | pl.col("year")).group_by("class", "person").agg(pl.col("same").any(), pl.col("year").sum())
    k = people.filter(pl.col("same") | (pl.col("year") >= 3)).group_by("class").agg(k=pl.len().cast(pl.Int64))
    k_ = pl.col("k").fill_null(0)
    known = frame.join(city.heads.lazy(), on="class").filter(pl.lit(city.knows("history")))
    return known.join(k, on="class", how="left").select(value(ramp(k_, pl.col("persons") + 10, 0, 100), k_))


def r3(city, counted):
    frame = city.frame.lazy().drop_nulls(["institution", "opens_on"]).select("class", "institution", opens=day_number("opens_on"))
    others = city.classes.lazy().drop_nulls(["institution", "opens_on"]).select("class", "institution", opens=day_number("opens_on"))
    heads, i = city.heads.lazy(), pl.col("i")
    both = split(counted.lazy()).join(frame.join(heads, on="class"), left_on="c", right_on="class")
    both = both.join(others.join(heads, on="class"), left_on="d", right_on="class", suffix="2")
    both = both.filter((pl.col("institution") != pl.col("institution2")) & ((pl.col("opens") - pl.col("opens2")).abs() <= 731))
    j = 1000 * i // (pl.col("persons") + pl.col("persons2") - i)
    best = both.select("c", ji=j * HALF + i).group_by("c").agg(pl.col("ji").max())
    j, n = pl.col("ji").fill_null(0) // HALF, pl.col("ji").fill_null(0) % HALF
    known = frame.join(heads, on="class")
    return known.join(best, left_on="class", right_on="c", how="left").select(value(ramp(j, 1000, 100, 500), n))


def judged(city):
    """Results of the people of each class of the frame."""
    rows = city.of_frame("check").filter(pl.col("result") != 255).join(city.frame_members.lazy(), on=["class", "person"], how="semi")
    barred = pl.col("result").is_between(2, 5).any()
    return rows.group_by("class", "person").agg(employed=(pl.col("result") == 1).any(), barred=barred).collect(engine="streaming")


def r4(judged):
    sums = judged.lazy().group_by("class").agg(k=count(pl.col("employed")), known=pl.len().cast(pl.Int64))
    return sums.select(value(ramp(pl.col("k"), pl.col("known") + 10, 0, 200), pl.col("k")))


def r5(city, judged):
    barred = judged.lazy().filter("barred").select("class", "person", "barred")
    rows = city.frame_roster.lazy().select("class", "person", "fit").join(barred, on=["class", "person"], how="left")
    unfit = pl.col("fit").eq_missing(False) | pl.col("barred").fill_null(False)
    sums = rows.group_by("class").agg(k=count(unfit), rows=pl.len().cast(pl.Int64), fits=pl.col("fit").count())
    told = judged.lazy().select("class", told=True).unique()
    known = sums.join(told, on="class", how="left").filter((pl.col("fits") > 0) | pl.col("told").is_not_null())
    return known.select(value(ramp(pl.col("k"), pl.col("rows") + 10, 0, 50), pl.col("k")))


def clusters(city, kind):
    """The frame's keys of at least three people: first those with three rows of somebody, which few have; then people are counted."""
    rows = city.table("roster").select("person", key=kind).drop_nulls()
    ours = rows.join(city.frame_roster.lazy().select(key=kind).unique(), on="key", how="semi").collect(engine="streaming").lazy()
    often = ours.group_by("key").len().filter(pl.col("len") >= 3)
    return ours.join(often, on="key", how="semi").unique().group_by("key").len().filter(pl.col("len") >= 3).select("key")


def r6(city):
    kinds = ("phone", "account", "address")
    found = pl.collect_all([clusters(city, kind) for kind in kinds], engine="streaming")
    rows = city.frame_roster.lazy().select("class", *kinds).join(city.frame.lazy().select("class", "one_employer"), on="class")
    for kind, keys in zip(kinds, found):
        rows = rows.join(keys.lazy().with_columns(pl.lit(True).alias(f"in_{kind}")), left_on=kind, right_on="key", how="left")
    held = [pl.col(f"in_{kind}").fill_null(False) for kind in kinds]
    shared = held[0] | held[1] | (held[2] & ~pl.col("one_employer"))
    sums = rows.group_by("class").agg(k=count(shared), rows=pl.len().cast(pl.Int64), keyed=pl.any_horizontal(pl.col(kinds).is_not_null()).any())
    return sums.filter("keyed").select(value(ramp(pl.col("k"), pl.col("rows"), 50, 400), pl.col("k")))


def by_occupation(city):
    occupations = city.frame.lazy().drop_nulls("occupation").select("class", "occupation")
    return city.frame_roster.lazy().select("class", "id_gap", "outside").join(occupations, on="class").group_by("class", "occupation")


def r7(city):
    rows = by_occupation(city).agg(k=count(pl.col("id_gap").is_between(1, 3)), rows=pl.len().cast(pl.Int64)).filter(pl.col("rows") >= 10)
    x = rows.with_columns(x=1000 * pl.col("k") // pl.col("rows")).with_columns(m=med(pl.col("x")).over("occupation"))
    x = x.with_columns(far=pl.col("x") - pl.col("m"))
    z = pl.col("far") * 10**7 // (14826 * pl.max_horizontal(med(pl.col("far").abs()).over("occupation"), 10))
    return x.select(value(ramp(z, 1000, 2000, 5000), pl.col("k")))


def r8(city):
    rows = by_occupation(city).agg(k=count(pl.col("outside")), known=pl.col("outside").count().cast(pl.Int64)).filter(pl.col("known") > 0)
    x = rows.with_columns(x=1000 * pl.col("k") // pl.col("known"))
    return x.select(value(ramp(pl.col("x") - med(pl.col("x")).over("occupation"), 1000, 200, 600), pl.col("k")))


def a1(city):
    sessions = city.of_frame("attendance").filter(pl.col("expected") > 0)
    sums = sessions.group_by("class").agg(k=count(pl.col("present") >= pl.col("expected")), rows=pl.len().cast(pl.Int64))
    return sums.filter(pl.col("rows") >= 8).select(value(ramp(pl.col("k"), pl.col("rows"), 800, 1000), pl.col("k")))


def a4(city):
    absent = pl.col("expected") - pl.min_horizontal("present", "expected")
    sums = city.of_frame("attendance").group_by("class").agg(absent=absent.sum(), due=pl.col("expected").sum()).filter(pl.col("due") > 0)
    return sums.select(value(ramp(pl.col("absent"), pl.col("due"), 100, 500), pl.col("absent")))


def a2(city):
    """A window of sixty seconds holds `enough` sign-ins where, in order, that many later minus one stands at most sixty seconds on."""
    rows = city.of_frame("sign_in").select("class", "starts", "at").sort("class", "starts", "at").with_row_index("row")
    sessions = rows.group_by("class", "starts").agg(first=pl.col("row").min(), signed=pl.len()).filter(pl.col("signed") >= 5)
    sessions = sessions.with_columns(enough=(4 * pl.col("signed") + 4) // 5)
    rows = rows.collect(engine="streaming")
    tried = rows.lazy().join(sessions, on=["class", "starts"])
    tried = tried.filter(pl.col("row") + pl.col("enough") <= pl.col("first") + pl.col("signed")).collect(engine="streaming")
    till = rows["at"].gather(tried["row"] + tried["enough"] - 1)
    full = tried.with_columns(full=(till - tried["at"]) <= 60).lazy().group_by("class", "starts").agg(pl.col("full").any())
    sums = full.group_by("class").agg(k=count(pl.col("full")), rows=pl.len().cast(pl.Int64))
    return sums.select(value(ramp(pl.col("k"), pl.col("rows") + 10, 0, 1000), pl.col("k")))


def a3(city):
    sums = city.of_frame("sign_in").group_by("class").agg(k=count(~pl.col("matched")), known=pl.col("matched").count().cast(pl.Int64))
    return sums.filter(pl.col("known") > 0).select(value(ramp(pl.col("k"), pl.col("known") + 10, 10, 100), pl.col("k")))


def a5(city):
    sums = city.of_frame("sign_in").group_by("class").agg(k=count(pl.col("metres") > 500), known=pl.col("metres").count().cast(pl.Int64))
    return sums.filter(pl.col("known") > 0).select(value(ramp(pl.col("k"), pl.col("known") + 10, 20, 200), pl.col("k")))
