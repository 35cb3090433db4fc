"""Compares two answers (class, T1, T1_n, …) exactly and prints the first differences of each signal.

usage: compare.py A.parquet B.parquet [SIGNAL…]     leaves with 1 where anything differs
"""

import sys

import polars as pl
from facts import SIGNALS

SHOWN = 5


def read(path):
    """One answer; values and numbers as int64, a number only where there is a value."""
    answer = pl.read_csv(path, infer_schema_length=None) if path.endswith(".csv") else pl.read_parquet(path)
    present = [signal for signal in SIGNALS if signal in answer.columns]
    value = [pl.col(signal).cast(pl.Int64) for signal in present]
    number = [pl.when(pl.col(s).is_not_null()).then(pl.col(f"{s}_n").cast(pl.Int64)).alias(f"{s}_n") for s in present]
    return answer.select(pl.col("class").cast(pl.UInt32), *value, *number).sort("class"), present


def differences(a, b, signal):
    """Classes of which the two say different things."""
    value, number = pl.col(signal), pl.col(f"{signal}_n")
    other, others = pl.col(f"{signal}_right"), pl.col(f"{signal}_n_right")
    both = a.select("class", signal, f"{signal}_n").join(b.select("class", signal, f"{signal}_n"), on="class")
    return both.filter(value.ne_missing(other) | number.ne_missing(others)).sort("class")


def main():
    paths, wanted = sys.argv[1:3], sys.argv[3:] or SIGNALS
    (a, in_a), (b, in_b) = read(paths[0]), read(paths[1])
    if a["class"].to_list() != b["class"].to_list():
        only_a, only_b = set(a["class"]) - set(b["class"]), set(b["class"]) - set(a["class"])
        print(f"classes differ: {len(a)} and {len(b)}; only in the first {sorted(only_a)[:SHOWN]}, only in the second {sorted(only_b)[:SHOWN]}")
        return 1
    unlike = 0
    for signal in wanted:
        if signal not in in_a or signal not in in_b:
            print(f"{signal}: not in both")
            unlike += signal in in_a or signal in in_b
            continue
        found = differences(a, b, signal)
        unlike += len(found) > 0
        if len(found):
            print(f"{signal}: {len(found)} of {len(a)} classes differ (class, value and n of the first, of the second)")
            for row in found.head(SHOWN).iter_rows():
                print("   ", *row)
    print(f"{len(a)} classes, {len(wanted)} signals: " + (f"{unlike} signals differ" if unlike else "no difference"))
    return 1 if unlike else 0


if __name__ == "__main__":
    sys.exit(main())
