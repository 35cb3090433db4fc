"""Makes a small fact set (docs/SIGNALS.md) full of ties, nulls, edges and repeated rows: not realistic, only nasty.

usage: toy.py FOLDER [--seed N] [--classes N] [--without TABLE…]
The engines must agree on every seed. Keys reach over 2^63; some rows are known after the freeze only.
"""

import argparse
import hashlib
import json
import pathlib

import numpy as np
import polars as pl
from facts import SCHEMA, schema

TYPES = {"code": pl.UInt32, "text": pl.String, "int": pl.Int64, "bool": pl.Boolean, "key": pl.UInt64, "date": pl.Date}
DAY = 20616  # 2026-06-12, a Friday
FREEZE = DAY * 1440 + 17 * 60


class Toy:
    def __init__(self, seed, classes):
        self.rng = np.random.default_rng(seed)
        self.classes = classes
        self.institutions, self.counties, self.occupations = max(3, classes // 8), 7, 5
        self.rooms, self.teachers = self.keys(classes // 2), self.keys(classes // 3)
        self.sites = self.keys(classes // 6)
        self.persons = self.keys(classes * 25)
        self.tables = {}

    def keys(self, count):
        return self.rng.integers(0, 2**64 - 1, max(2, count), dtype=np.uint64, endpoint=True)

    def ints(self, low, high, count):
        """low…high, both included."""
        return self.rng.integers(low, high, count, endpoint=True)

    def pick(self, values, count):
        return np.asarray(values)[self.rng.integers(0, len(values), count)]

    def flag(self, share, count):
        return self.rng.random(count) < share

    def some(self, values, null):
        """The values, some of them unknown."""
        gone = self.flag(null, len(values))
        return [None if lost else value for value, lost in zip(np.asarray(values).tolist(), gone)]

    def add(self, name, **columns):
        count = len(next(iter(columns.values())))
        if name != "day_off":
            columns["known_at"] = FREEZE + self.pick([-90000, -500, -1, 0, 0, -7, -43, -1, -2, -3, -4, -5, 1, 600], count)
            if name != "class":
                columns["known_at"] = np.where(self.flag(0.6, count), FREEZE - 1, columns["known_at"])
        data = {}
        for column, kind in schema(name):
            values = columns[column]
            data[column] = pl.Series(column, values if isinstance(values, list) else np.asarray(values).tolist(), strict=False).cast(TYPES[kind])
        self.tables[name] = pl.DataFrame(data)

    def make(self):
        self.make_classes()
        self.make_rosters()
        self.make_lessons()
        self.make_sessions()
        self.make_institutions()
        return self.tables

    def make_classes(self):
        n = self.classes
        opens = DAY + np.where(self.flag(0.5, n), self.ints(-20, 20, n), self.ints(-760, 0, n))
        self.opens, self.ends = opens, opens + self.pick([-1, 0, 3, 8, 14, 25, 800], n)
        applied = opens - self.ints(-1, 20, n)
        self.add(
            "class",
            **{"class": np.arange(n)},
            unit=[f"u{i}" for i in range(n)],
            county=self.ints(0, self.counties - 1, n),
            institution=self.some(self.ints(0, self.institutions - 1, n), 0.08),
            occupation=self.some(self.ints(0, self.occupations - 1, n), 0.08),
            level=self.some(self.ints(1, 3, n), 0.1),
            applied_on=self.some(applied, 0.1),
            reviewed_on=self.some(applied + self.ints(0, 12, n), 0.25),
            opens_on=self.some(opens, 0.06),
            ends_on=self.some(self.ends, 0.08),
            lead_days=self.some(self.ints(-3, 9, n), 0.1),
            hours=self.some(self.pick([0, 20, 40, 60, 120], n), 0.1),
            planned=self.some(self.ints(0, 60, n), 0.2),
            actual=self.some(self.ints(0, 60, n), 0.3),
            in_system=self.some(self.flag(0.8, n), 0.2),
            standard=self.some(self.ints(500, 3000, n), 0.1),
            amount=self.some(self.ints(0, 90000, n), 0.1),
            one_employer=self.flag(0.2, n),
            in_frame=self.flag(0.5, n),
            first_seen=(opens + 3) // 7 * 7 - 3 - 14,
        )
        count = n * 3
        who = self.ints(0, n - 1, count)
        self.add(
            "change",
            **{"class": who},
            at=opens[who] * 1440 + self.pick([-4321, -4320, -4319, -1, 0, 5, -9000, -20000], count),
            field=self.ints(0, 9, count),
        )
        ends = FREEZE - self.ints(0, 40000, count)
        self.add(
            "record", **{"class": self.pick(np.arange(0, n, 2), count)}, ends=ends, recorded=ends + self.pick([-5, 0, 100, 2880, 2881, 9000], count)
        )
        found = self.flag(0.8, n // 2)
        self.add(
            "system",
            **{"class": self.rng.permutation(n)[: n // 2]},
            found=found,
            compared=self.ints(0, 12, n // 2),
            differing=self.ints(0, 4, n // 2),
        )
        weeks = np.arange(DAY - 4 - 7 * 14, DAY + 30, 7)
        county, week = (part.ravel() for part in np.meshgrid(np.arange(self.counties - 1), weeks))
        due = (week + 4) * 1440 + 17 * 60
        self.add(
            "submission",
            county=county,
            week=week,
            due=self.some(due, 0.15),
            received=self.some(due + self.pick([-100, 0, 1, 3000, 20000], len(due)), 0.2),
            versions=self.ints(0, 5, len(due)),
        )
        offs = [day for day in range(DAY - 1700, DAY + 1700) if (day + 3) % 7 >= 5 or self.rng.random() < 0.05]
        self.add("day_off", date=offs + offs[:3])

    def make_rosters(self):
        """Classes of fresh people, of people who return, and copies of another class's roster."""
        n, rng = self.classes, self.rng
        classes, rows, persons = [], [], []
        rosters, fresh = [], 0
        for at in range(n):
            size = int(rng.choice([0, 1, 3, 9, 10, 11, 25, 40]))
            kind = rng.random()
            if kind < 0.15 and rosters:
                copied = rosters[rng.integers(len(rosters))]
                people = list(copied[: rng.integers(len(copied) + 1)]) + list(self.persons[fresh : fresh + 5])
            else:
                people = list(self.persons[fresh : fresh + size])
                fresh += size if kind < 0.9 else size // 2
                for place in range(len(people)):
                    if rng.random() < 0.06:
                        people[place] = self.persons[rng.integers(len(self.persons))]
            if people and rng.random() < 0.2:
                people.append(people[0])
            rosters.append(people)
            classes += [at] * len(people)
            rows += range(len(people))
            persons += people
        count = len(classes)
        persons = np.array(persons, dtype=np.uint64)
        shared = lambda step, many: np.where(self.flag(0.12, count), self.pick(self.keys(many), count), persons // np.uint64(step))
        gone = np.isin(classes, np.arange(0, n, 11))
        hidden = lambda values, null: [None if lost else value for value, lost in zip(self.some(values, null), gone)]
        self.add(
            "roster",
            **{"class": classes},
            row=rows,
            person=self.some(persons, 0.05),
            phone=hidden(shared(3, count // 30 + 2), 0.3),
            account=hidden(shared(5, count // 25 + 2), 0.4),
            address=self.some(shared(7, count // 20 + 2), 0.5),
            id_gap=self.some(
                np.where(np.isin(classes, np.arange(0, n, 7)), self.pick([1, 2, 3, 3, 4], count), self.pick([0, 3, 4, 90, 91, 700, 5000], count)), 0.1
            ),
            outside=self.some(self.flag(0.3, count), 0.3),
            fit=self.some(self.flag(0.96, count) | (np.array(classes) % 3 == 0), 0.3),
        )
        chosen = rng.permutation(count)[: count // 3]
        again = rng.permutation(count)[: count // 30]
        chosen = np.concatenate([chosen, again])
        strange = np.where(self.flag(0.03, len(chosen)), self.pick(self.persons, len(chosen)), persons[chosen])
        self.add(
            "check",
            **{"class": np.array(classes)[chosen]},
            person=strange,
            result=np.where(
                np.array(classes)[chosen] % 5 == 0,
                self.pick([0, 1, 1, 255], len(chosen)),
                self.pick([0] * 40 + [1, 1, 2, 3, 4, 5, 255, 255], len(chosen)),
            ),
        )
        count = n * 25
        people = np.where(self.flag(0.5, count), self.pick(persons, count), self.pick(self.persons, count))
        people[: count // 10] = self.pick(persons[: max(1, count // 200)], count // 10)
        self.add(
            "history",
            person=people,
            occupation=self.some(self.ints(0, self.occupations - 1, count), 0.1),
            level=self.some(self.ints(1, 3, count), 0.1),
            institution=self.some(self.ints(0, self.institutions - 1, count), 0.1),
            paid_on=DAY - self.pick([0, 1, 10, 100, 163, 164, 200, 400, 700], count),
        )

    def make_lessons(self):
        n = self.classes
        length = np.clip(self.ends - self.opens, 0, 30) + 1
        per = self.pick([0, 1, 4, 16, 30], n)
        who = np.repeat(np.arange(n), per)
        count = len(who)
        day = self.opens[who] + self.rng.integers(0, 10**6, count) % length[who]
        clock = self.pick([0, 360, 390, 420, 480, 510, 840, 870, 1140, 1230, 1260, 1320, 1410], count)
        minutes = self.pick([0, 0, 1, 30, 45, 90, 180, 240, 300, 600, 1500, 3000], count)
        starts = day * 1440 + np.where(minutes == 0, 0, clock)
        room = self.some(self.pick(self.rooms, count), 0.2)
        self.add(
            "lesson",
            **{"class": who},
            starts=starts,
            ends=starts + minutes,
            hours=self.some(self.pick([-1, 0, 1, 2, 4, 8, 24, 25], count), 0.3),
            room=room,
        )
        taught = np.repeat(np.arange(count), self.pick([0, 1, 1, 2], count))
        shift = self.pick([0, 0, 0, 30], len(taught))
        self.add(
            "teaching",
            **{"class": who[taught]},
            teacher=self.pick(self.teachers, len(taught)),
            starts=starts[taught] + shift,
            ends=starts[taught] + minutes[taught] + shift,
            room=[room[at] for at in taught],
        )
        pairs = sorted({(int(t), int(o)) for t, o in zip(self.pick(self.teachers, n // 3), self.ints(0, self.occupations - 1, n // 3))})
        self.add("teacher", teacher=[t for t, _ in pairs], occupation=[o for _, o in pairs], qualified=self.flag(0.7, len(pairs)))
        rooms = np.unique(self.rooms)[::1]
        rooms = rooms[self.flag(0.85, len(rooms))]
        rooms = np.concatenate([rooms, rooms[: len(rooms) // 9]])
        place = lambda: self.some(self.pick([0, 1, 500, 1000, 3000, 4000, 29999, 30000], len(rooms)), 0.1)
        self.add(
            "room",
            room=rooms,
            capacity=self.some(self.pick([0, 10, 25, 40, 60], len(rooms)), 0.2),
            site=self.some(self.pick(self.sites, len(rooms)), 0.1),
            x=place(),
            y=place(),
        )

    def make_sessions(self):
        n = self.classes
        who = np.repeat(np.arange(n), self.pick([0, 3, 7, 8, 9, 20], n))
        count = len(who)
        starts = (self.opens[who] + self.ints(0, 12, count)) * 1440 + self.pick([480, 840], count)
        expected = self.pick([0, 10, 25, 30], count)
        present = np.maximum(0, expected + self.pick([-12, -3, -1, 0, 0, 0, 0, 0, 0, 0, 0, 2], count))
        careful = np.isin(who, np.arange(0, n, 3))
        thin = who % 8 == 5
        present = np.where(thin, present // self.pick([1, 2, 3], count), present)
        self.add(
            "attendance",
            **{"class": who},
            starts=starts,
            expected=np.where(who % 17 == 0, 0, expected),
            present=np.where(careful, np.maximum(present, expected), present),
        )
        signed = np.repeat(np.arange(count), self.pick([0, 0, 0, 4, 5, 6, 10, 30], count))
        rows = len(signed)
        spread = self.pick([10, 40, 75, 90, 900], count)[signed]
        at = starts[signed] * 60 + self.rng.integers(0, 10**6, rows) % spread // 5 * 5
        self.add(
            "sign_in",
            **{"class": who[signed]},
            starts=starts[signed],
            person=self.some(self.pick(self.persons, rows), 0.1),
            at=at,
            metres=self.some(self.pick([0, 10, 499, 500, 501, 9000] + [20] * 60, rows), 0.4),
            matched=self.some(self.flag(0.97, rows), 0.4),
        )

    def make_institutions(self):
        n = self.classes
        some = lambda count: self.ints(0, max(1, self.institutions * 9 // 10), count)
        days = lambda count: DAY - self.pick([-3, 0, 1, 29, 30, 31, 100, 179, 180, 270, 360, 364, 365, 366, 500, 900, 2000], count)
        self.add(
            "visit",
            institution=some(n // 2),
            **{"class": self.some(self.ints(0, n - 1, n // 2), 0.4)},
            on=days(n // 2),
            severity=self.pick([0, 0, 250, 500, 1000], n // 2),
        )
        self.add(
            "complaint",
            institution=some(n // 2),
            source=self.pick(self.keys(n // 6), n // 2),
            on=days(n // 2),
            weight=self.pick([1000, 500, 250], n // 2),
        )
        taken = self.pick([0, 5, 19, 20, 40], n * 3)
        self.add(
            "exam",
            institution=some(n * 3),
            occupation=self.ints(0, self.occupations - 1, n * 3),
            on=days(n * 3),
            taken=taken,
            passed=taken * self.ints(5, 10, n * 3) // 10,
        )
        listed = self.rng.permutation(self.institutions)[: self.institutions * 4 // 5]
        key = lambda: self.some(self.pick(self.keys(len(listed) * 4), len(listed)), 0.2)
        self.add("register", institution=listed, contact=key(), account=key(), site=key())


def write(folder, tables, seed):
    """One file per table, or three where there is enough; the hashes in facts.json."""
    folder.mkdir(parents=True, exist_ok=True)
    entries = {}
    for name, frame in tables.items():
        parts = 3 if len(frame) > 500 else 1
        step = -(-len(frame) // parts)
        for part in range(parts):
            file = f"{name}.parquet" if parts == 1 else f"{name}-{part:03}.parquet"
            piece = frame.slice(part * step, step)
            piece.write_parquet(folder / file)
            digest = hashlib.sha256((folder / file).read_bytes()).hexdigest()
            entries.setdefault(name, []).append({"file": file, "sha256": digest, "rows": len(piece)})
    about = {"schema": 1, "seed": seed, "scale": "toy", "weeks": 1, "frozen_at": "2026-06-12T17:00:00+08:00", "synthetic": True, "tables": entries}
    (folder / "facts.json").write_text(json.dumps(about, indent=1) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--classes", type=int, default=300)
    parser.add_argument("--without", nargs="*", default=[], choices=sorted(SCHEMA))
    asked = parser.parse_args()
    tables = Toy(asked.seed, asked.classes).make()
    write(asked.folder, {name: frame for name, frame in tables.items() if name not in asked.without}, asked.seed)


if __name__ == "__main__":
    main()
