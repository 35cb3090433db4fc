"""What the peers share: the fact set's folder, its schema (docs/SIGNALS.md), the answer's form, and the measures."""

import argparse
import json
import os
import pathlib
import resource
import time
from datetime import datetime, timedelta, timezone

FAMILIES = {"T": 4, "S": 1, "R": 8, "A": 5, "H": 2, "P": 3, "I": 7}
SIGNALS = [f"{family}{n}" for family, count in FAMILIES.items() for n in range(1, count + 1)]

# Column types as Parquet has them: code uint32, key uint64, int int64. All but day_off carry known_at.
SCHEMA = {
    "class": "class:code unit:text county:code institution:code occupation:code level:code applied_on:date reviewed_on:date"
    " opens_on:date ends_on:date lead_days:int hours:int planned:int actual:int in_system:bool standard:int amount:int"
    " one_employer:bool in_frame:bool first_seen:date",
    "change": "class:code at:int field:code",
    "record": "class:code ends:int recorded:int",
    "submission": "county:code week:date due:int received:int versions:int",
    "system": "class:code found:bool compared:int differing:int",
    "roster": "class:code row:code person:key phone:key account:key address:key id_gap:int outside:bool fit:bool",
    "lesson": "class:code starts:int ends:int hours:int room:key",
    "teaching": "class:code teacher:key starts:int ends:int room:key",
    "attendance": "class:code starts:int expected:int present:int",
    "sign_in": "class:code starts:int person:key at:int metres:int matched:bool",
    "check": "class:code person:key result:code",
    "history": "person:key occupation:code level:code institution:code paid_on:date",
    "visit": "institution:code class:code on:date severity:int",
    "complaint": "institution:code source:key on:date weight:int",
    "exam": "institution:code occupation:code on:date taken:int passed:int",
    "teacher": "teacher:key occupation:code qualified:bool",
    "room": "room:key capacity:int site:key x:int y:int",
    "register": "institution:code contact:key account:key site:key",
    "day_off": "date:date",
}
# Tables whose rows don't exist unless their class is known; those of the frame alone look after themselves.
OF_CLASSES = ("roster", "lesson", "teaching")
# halving(k) of the first year; every further twelve months half of it, rounded down.
HALVING = [1000, 943, 890, 840, 793, 749, 707, 667, 629, 594, 561, 529]
HALVING_MONTHS = 240


def halving(months):
    return HALVING[months] if months < 12 else halving(months - 12) // 2


def schema(table):
    """Columns and types of a table, in order."""
    columns = [tuple(column.split(":")) for column in SCHEMA[table].split()]
    return columns if table == "day_off" else columns + [("known_at", "int")]


class Facts:
    """A folder with facts.json and Parquet files."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.about = json.loads((self.folder / "facts.json").read_text())
        frozen = datetime.fromisoformat(self.about["frozen_at"]).astimezone(timezone(timedelta(hours=8)))
        since = frozen.replace(tzinfo=None) - datetime(1970, 1, 1)
        self.minute = since // timedelta(minutes=1)
        self.day = since.days

    def files(self, table):
        """The table's files, none if it is not known."""
        return [str(self.folder / entry["file"]) for entry in self.about["tables"].get(table, [])]


def arguments(about):
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("facts", help="folder with facts.json")
    parser.add_argument("out", nargs="?", help="Parquet: class, T1, T1_n, …; null is missing")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--memory", default="16GB", help="DuckDB's limit; beyond it spills to disk")
    parser.add_argument("--parts", action="store_true", help="print what each part takes")
    return parser.parse_args()


class Clock:
    """Wall and processor time and peak memory of this process, from here on."""

    def __init__(self, parts):
        self.parts = parts
        self.began = self.last = time.perf_counter()
        self.burnt = self.spent = time.process_time()

    def part(self, name):
        now, burnt = time.perf_counter(), time.process_time()
        if self.parts:
            print(f"  {name:<14} {now - self.last:8.3f} s  {burnt - self.spent:8.3f} s of processors", flush=True)
        self.last, self.spent = now, burnt

    def report(self, engine, rows):
        seconds = time.perf_counter() - self.began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        burnt = round(time.process_time() - self.burnt, 3)
        print(json.dumps({"engine": engine, "classes": rows, "seconds": round(seconds, 3), "cpu": burnt, "peak_mib": peak // 1024}))


def limit_threads(threads):
    """Before the engine is imported: it reads the environment then."""
    os.environ["POLARS_MAX_THREADS"] = str(threads)
