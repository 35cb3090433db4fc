"""Polars: the tables as known at the freeze, what several signals share, and the arithmetic of docs/SIGNALS.md."""

from functools import cached_property

import facts as common
import polars as pl

TYPES = {"code": pl.UInt32, "text": pl.String, "int": pl.Int64, "bool": pl.Boolean, "key": pl.UInt64, "date": pl.Date}
CLASS = pl.col("class")


def ramp(a, b, f, t):
    """Integers, rounded down; `a` and `b` expressions or numbers."""
    lit = lambda x: x if isinstance(x, pl.Expr) else pl.lit(x, pl.Int64)
    a, b = lit(a).cast(pl.Int64), lit(b).cast(pl.Int64)
    return ((1000 * a - f * b) * 1000 // (b * (t - f))).clip(0, 1000)


def value(v, n):
    """The columns of a signal."""
    integer = lambda x: x.cast(pl.Int64)
    return [CLASS, integer(v).alias("v"), integer(n).alias("n")]


def count(condition):
    """Rows of a group for which the condition holds; an unknown one doesn't."""
    return condition.fill_null(False).cast(pl.Int64).sum()


def day_number(date):
    return pl.col(date).cast(pl.Int32).cast(pl.Int64)


def week_of_day(day):
    return (day + 3) // 7


def med(x):
    """Lower median."""
    return x.quantile(0.5, "lower").cast(pl.Int64)


def by_day(spans):
    """Spans of a length, once for each day they touch: what overlaps shares a day."""
    spans = spans.filter(pl.col("ends") > pl.col("starts")).with_columns(day=pl.col("starts") // 1440, last=(pl.col("ends") - 1) // 1440)
    single = spans.filter(pl.col("day") == pl.col("last")).drop("last")
    several = spans.filter(pl.col("day") < pl.col("last")).with_columns(day=pl.int_ranges("day", pl.col("last") + 1)).drop("last").explode("day")
    return pl.concat([single, several])


def uncovered(spans, key):
    """Spans cut so that none covers time of an earlier one of the same key: their sum is the union's length.

    `key` is an integer below 2^31. Spans are put on one line, key after key, so one running maximum serves all.
    """
    line = pl.col(key).cast(pl.Int64) * 2**32
    spans = spans.sort(key, "starts", "ends")
    reached = (line + pl.col("ends")).cum_max().shift(1).fill_null(0) - line
    return spans.with_columns(starts=pl.max_horizontal("starts", reached)).filter(pl.col("ends") > pl.col("starts"))


class City:
    def __init__(self, facts):
        self.facts, self.minute, self.day = facts, facts.minute, facts.day

    def knows(self, name):
        return bool(self.facts.files(name))

    def table(self, name):
        """A table as known at the freeze; without rows where it is not known."""
        columns = [column for column, _ in common.schema(name)]
        if not self.knows(name):
            return pl.LazyFrame(schema={column: TYPES[kind] for column, kind in common.schema(name)})
        rows = pl.scan_parquet(self.facts.files(name)).select(columns)
        if name == "day_off":
            return rows
        rows = rows.filter(pl.col("known_at") <= self.minute).drop("known_at")
        if name in common.OF_CLASSES and not self.every_class_known:
            rows = rows.join(self.classes.lazy().select("class"), on="class", how="semi")
        return rows

    def of_frame(self, name):
        return self.table(name).join(self.frame.lazy().select("class"), on="class", how="semi")

    @cached_property
    def classes(self):
        return self.table("class").drop("unit", "first_seen", "standard", "amount").collect(engine="streaming")

    @cached_property
    def every_class_known(self):
        """Whether no class became known later than the freeze: then no row needs to be asked for its class."""
        return len(self.classes) == pl.scan_parquet(self.facts.files("class")).select(pl.len()).collect().item()

    @cached_property
    def frame(self):
        return self.classes.filter("in_frame").sort("class")

    @cached_property
    def rooms(self):
        """One row per room: of several the least capacity that is one, and the least place."""
        rooms = self.table("room").collect()
        seats = rooms.filter(pl.col("capacity") > 0).group_by("room").agg(pl.col("capacity").min())
        sites = rooms.drop_nulls(["site", "x", "y"]).sort("site", "x", "y").unique("room", keep="first", maintain_order=True)
        return sites.select("room", "site", "x", "y").join(seats, on="room", how="full", coalesce=True).lazy()

    @cached_property
    def off_days(self):
        return self.table("day_off").select(day=day_number("date")).unique().sort("day").collect()["day"]

    def off_until(self, day):
        """Days off up to and with each day of a series."""
        return self.off_days.search_sorted(day, side="right").cast(pl.Int64)

    @cached_property
    def members(self):
        """Distinct people of each class."""
        rows = self.table("roster").select("class", "person").drop_nulls("person")
        return rows.unique(["class", "person"]).collect(engine="streaming")

    @cached_property
    def frame_members(self):
        return self.members.lazy().join(self.frame.lazy().select("class"), on="class", how="semi").collect(engine="streaming")

    @cached_property
    def heads(self):
        return self.members.lazy().group_by("class").agg(persons=pl.len().cast(pl.Int64)).collect(engine="streaming")

    @cached_property
    def frame_roster(self):
        return self.of_frame("roster").drop("row").collect(engine="streaming")

    @cached_property
    def lesson_days(self):
        return by_day(self.table("lesson").select("class", "starts", "ends", "room")).collect(engine="streaming")

    @cached_property
    def submitted(self):
        """A deadline after the freeze is none yet; what came later has not come."""
        came = pl.col("received") <= self.minute
        rows = self.table("submission").filter(pl.col("due").is_null() | (pl.col("due") <= self.minute))
        late = pl.col("received") > self.minute
        return rows.with_columns(
            versions=pl.when(late).then(pl.lit(0, pl.Int64)).otherwise("versions"), received=pl.when(came).then("received")
        ).collect()
