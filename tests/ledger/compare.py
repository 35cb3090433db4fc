#!/usr/bin/env python3
"""Lets the program read the whole corpus and prints where it differs from what is right.

    compare.py BINARY [--late DIR] [--only TEXT] [--noise]

Ends with 1 where any file differs. `--noise` also shows findings to be explained that nobody expected.
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent


def read(binary, folder, expected):
    command = [binary, "--lang", "en", "read", "--week", expected["week"], str(folder / expected["file"]), "--json"]
    if expected.get("asked"):
        command += ["--kind", expected["asked"]]
    done = subprocess.run(command, capture_output=True, timeout=120)
    try:
        return json.loads(done.stdout), done
    except ValueError:
        return None, done


def agrees(value, want):
    if isinstance(want, dict):
        return any(agrees(value, one) for one in want["any"])
    if isinstance(value, str) and isinstance(want, str):
        return value == want
    return value == want


def key_of(row, keys):
    return tuple(str(row.get(key)) for key in keys)


def compare_rows(found, expected):
    """What is missing, too many or wrong, row by row in the file's order."""
    rows = expected["rows"]
    keys = expected.get("key") or [key for key in ("sheet", "row") if rows and key in rows[0]]
    groups = {}
    for row in found:
        groups.setdefault(key_of(row, keys), []).append(row)
    for want in rows:
        place = key_of(want, keys)
        same = groups.get(place, [])
        label = "/".join(place)
        if not same:
            if not want.get("optional"):
                shown = {k: v for k, v in want.items() if k not in ("optional", "row", "sheet")}
                yield f"row {label} is missing: {json.dumps(shown, ensure_ascii=False)[:140]}"
            continue
        row = same.pop(0)
        for name, value in want.items():
            if name != "optional" and not agrees(row.get(name), value):
                yield f"row {label}: {name} is {json.dumps(row.get(name), ensure_ascii=False)}, right is {json.dumps(value, ensure_ascii=False)}"
    for place, rest in groups.items():
        for row in rest:
            shown = {k: v for k, v in row.items() if v not in (None, [], "missing") and k not in ("row", "sheet")}
            yield f"row {row.get('sheet')}/{row.get('row')} should not be: {json.dumps(shown, ensure_ascii=False)[:140]}"


def names_row(finding, row):
    """L1015 speaks of several rows at once; every other finding stands in its own."""
    return finding["row"] == row or (finding["code"] == "L1015" and str(row) in re.findall(r"\d+", finding["message"]))


def compare(reading, expected):
    if reading is None:
        yield "nothing that can be read came out"
        return
    findings = reading["findings"]
    codes = {finding["code"] for finding in findings}
    for name in ("kind", "county"):
        if reading[name] != expected[name]:
            yield f"{name} is {reading[name]}, right is {expected[name]}"
    if expected["rows"] is not None:
        yield from compare_rows(reading["rows"], expected)
    for code in expected["codes"]:
        if not codes & set(code.split("|")):
            yield f"{code} is missing"
    known = {code for one in expected["codes"] + expected["may"] for code in one.split("|")}
    for finding in findings:
        if finding["severity"] == "must_mend" and finding["code"] not in known:
            yield f"{finding['code']} must be mended, they say, at {finding['cell'] or finding['row']}: {finding['message']}"
    printed = json.dumps(reading, ensure_ascii=False)
    for secret in expected.get("secret", []):
        if secret in printed:
            yield f"{secret[:6]}… is printed"
    for row in expected.get("explained", []):
        if not any(names_row(finding, row) for finding in findings):
            yield f"nothing is said about row {row}"


def noise(reading, expected):
    known = {code for one in expected["codes"] + expected["may"] for code in one.split("|")}
    for finding in (reading or {}).get("findings", []):
        said = finding["row"] in expected.get("explained", [])
        if finding["severity"] == "should_explain" and finding["code"] not in known and not said:
            yield f"(noise) {finding['code']} at {finding['cell'] or finding['row']}: {finding['message']}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary")
    parser.add_argument("--late", type=pathlib.Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--noise", action="store_true")
    args = parser.parse_args()
    folders = [HERE / "files"] + ([args.late] if args.late else [])
    good = total = 0
    for folder in folders:
        for path in sorted(folder.glob("*.json")):
            if args.only not in path.name:
                continue
            expected = json.loads(path.read_text())
            reading, done = read(args.binary, folder, expected)
            lines = list(compare(reading, expected))
            if reading is None:
                lines.append(done.stderr.decode(errors="replace").strip()[:200])
            total += 1
            good += not lines
            extra = list(noise(reading, expected)) if args.noise else []
            if lines or extra:
                print(f"{'DIFFERS' if lines else 'agrees '} {expected['file']}")
                print("".join(f"    {line}\n" for line in lines + extra), end="")
    print(f"{good} of {total} files agree")
    return 0 if good == total else 1


if __name__ == "__main__":
    sys.exit(main())
