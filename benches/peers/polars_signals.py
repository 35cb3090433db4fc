"""All signals of docs/SIGNALS.md by polars: lazy frames, collected by the streaming engine.

usage: polars_signals.py FACTS [OUT.parquet] [--threads N] [--parts]
"""

import facts as common


def collect(plans):
    """Plans of several signals at once, so that what they share is read once."""
    import polars as pl

    return dict(zip(plans, pl.collect_all(list(plans.values()), engine="streaming")))


def signals(city, clock):
    """Each signal's frame (class, v, n)."""
    import polars_classes as of_classes
    import polars_people as of_people
    import polars_places as of_places

    found = {}
    plain = {"T": "T1 T2 T3 T4 S1", "H": "H1 H2", "I": "I1 I2 I3 I4 I5 I6 I7"}
    for family, ids in plain.items():
        found |= collect({id: getattr(of_classes, id.lower())(city) for id in ids.split()})
        clock.part(family)
    shared = of_people.pairs(city)
    counted = shared.lazy().group_by("pair").agg(i=of_people.pl.len().cast(of_people.pl.Int64)).collect(engine="streaming")
    clock.part("pairs")
    found |= collect({"R1": of_people.r1(city, shared, counted), "R3": of_people.r3(city, counted)})
    clock.part("R1 R3")
    del shared, counted
    found |= collect({"R2": of_people.r2(city)})
    clock.part("R2")
    judged = of_people.judged(city)
    found |= collect({"R4": of_people.r4(judged), "R5": of_people.r5(city, judged)})
    found |= collect({id: getattr(of_people, id.lower())(city) for id in "R6 R7 R8".split()})
    clock.part("R4–R8")
    found |= collect({id: getattr(of_people, id.lower())(city) for id in "A1 A2 A3 A4 A5".split()})
    clock.part("A")
    for id in "P1 P2 P3".split():
        found |= collect({id: getattr(of_places, id.lower())(city)})
        clock.part(id)
    return found


def main():
    asked = common.arguments(__doc__)
    common.limit_threads(asked.threads)
    import polars as pl
    import polars_city

    clock = common.Clock(asked.parts)
    city = polars_city.City(common.Facts(asked.facts))
    answer = city.frame.select("class")
    found = signals(city, clock)
    for id in common.SIGNALS:
        own = found[id].select("class", pl.col("v").cast(pl.Int16).alias(id), pl.col("n").alias(f"{id}_n"))
        answer = answer.join(own, on="class", how="left")
    answer = answer.sort("class")
    clock.part("answer")
    clock.report(f"polars {pl.__version__}", len(answer))
    if asked.out:
        answer.write_parquet(asked.out)


if __name__ == "__main__":
    main()
