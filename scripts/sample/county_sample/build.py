"""Everything together: path → bytes."""

import json

from .days import W47, WEEKS
from .dice import SEED, Dice
from .ledgers import BAD, ledger
from .ledger_forms import FORMS as LEDGERS
from .oddities import make_world
from .readme import README
from .timetables import FORMS as TIMETABLES, timetable
from .world import COUNTIES, FIRST, LAST, SILENT as SILENT_COUNTY
from .write_csv import csv_bytes
from .write_ods import ods_bytes
from .write_xls import xls_bytes
from .write_xlsx import xlsx_bytes

SILENT = {("2026-W48", SILENT_COUNTY)}
LATE = {("2026-W48", "410871"): "18:25:00"}


def build():
    """All files of the sample, by path."""
    world, files, weeks = make_world(), {}, []
    for week in WEEKS:
        submissions = []
        for county in COUNTIES:
            if (week.id, county) in SILENT:
                continue
            classes = [k for k in world.versions[week.id] if k.county == county]
            expected, names = {}, []
            for form, make in ((LEDGERS[county], ledger), (TIMETABLES[county], timetable)):
                sheets, entry = make(county, classes, week)
                path = f"{week.id}/{county}/{form['file']}"
                files[path] = _bytes(sheets, path)
                expected[form["file"]] = entry
                names.append(path)
            files[f"expected/{week.id}/{county}.json"] = expected_json(expected)
            submissions.append({"county": county, "received_at": _received(week, county), "files": names})
        submissions.sort(key=lambda s: s["received_at"])
        weeks.append({"week": week.id, "submissions": submissions})
    files["manifest.json"] = _json({"weeks": weeks})
    files["expected/truth.json"] = _json(truth(world))
    files["README.md"] = README.encode()
    return files, world


def _bytes(sheets, path):
    kind = path.rsplit(".", 1)[1]
    if kind == "csv":
        return csv_bytes(sheets[0])
    return {"xlsx": xlsx_bytes, "xls": xls_bytes, "ods": ods_bytes}[kind](sheets)


def _received(week, county):
    dice = Dice("received", week.id, county)
    time = LATE.get((week.id, county)) or f"{dice.between(9, 16):02d}:{dice.below(60):02d}:{dice.below(60):02d}"
    return f"{week.friday}T{time}+08:00"


def _json(value):
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _line(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def expected_json(expected):
    """One line per row, so that the files stay small and a difference is readable."""
    parts = []
    for name, entry in expected.items():
        rows = ",\n".join(map(_line, entry["rows"]))
        head = f'{_line(name)}:{{"kind":{_line(entry["kind"])},"county":{_line(entry["county"])},"rows":[\n{rows}\n]'
        parts.append(f'{head},"bad":{_line(entry["bad"])},"messes":{_line(entry["messes"])}}}')
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode()


def _who(klass):
    return {"county": klass.county, "institution": klass.institution.name, "class_name": klass.name, "class_code": klass.code}


def truth(world):
    running = [k for k in world.classes.values() if k.runs(FIRST, LAST)]
    known = {week: {k.id for k in classes} for week, classes in world.versions.items()}
    return {
        "synthetic": "合成数据", "seed": SEED, "window": [FIRST.isoformat(), LAST.isoformat()],
        "running_count": len(running), "running_by_county": {c: sum(k.county == c for k in running) for c in COUNTIES},
        "running": [{**_who(k), "weeks": _weeks(k, known)} for k in running],
        "oddities": [{"kind": kind, **_who(k), "weeks": _weeks(k, known), "detail": detail} for kind, k, detail in world.oddities],
        "late_changes": [{**_who(k), "field": what, "before": _value(old, what), "after": _value(k, what)} for k, what, old in world.changes],
        "missing_in_w48": [_who(k) for k in world.missing],
        "new_in_w48": [_who(k) for k in world.versions["2026-W48"] if k.id not in known[W47.id]],
        "silent": [{"week": w, "county": c} for w, c in sorted(SILENT)],
        "late": [{"week": w, "county": c} for w, c in sorted(LATE)],
        "bad_cells": [{"week": w, "county": c, "kind": "ledger", "row": r, "field": f, "text": t} for (w, c, r), (f, t) in BAD.items()]
        + [{"week": w, "county": c, "kind": "timetable", "row": r, "field": f, "text": t}
           for c, form in TIMETABLES.items() for w, (r, f, t) in form.get("bad", {}).items()],
    }


def _weeks(klass, known):
    return [week for week, ids in known.items() if klass.id in ids and (week, klass.county) not in SILENT]


def _value(klass, what):
    value = getattr(klass, what)
    return value.isoformat() if what == "opens_on" else list(value) if what == "teachers" else value
