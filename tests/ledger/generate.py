#!/usr/bin/env python3
"""Makes the corpus of what counties send: each file and, beside it, what is right about it.

generate.py            writes tests/ledger/files and README.md
generate.py --check    tells what differs from the files that are there
generate.py --late DIR writes the files too large to keep, with their expectations
"""

import argparse
import io
import json
import pathlib
import sys
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

from corpus import ledgers_cells, ledgers_layout, ledgers_more, formats, people, refused, timetables  # noqa: E402,F401 (they register their cases)
from corpus.truth import CASES, Case  # noqa: E402


def build(late=False):
    """File name to bytes, and the cases in their order."""
    files, cases = {}, []
    for file, mess, more, fill in CASES:
        more = dict(more)
        if more.pop("late", False) != late:
            continue
        it = Case(file, mess, **more)
        it.late = late
        data = fill(it)
        assert file not in files, file
        files[file] = data
        files[file + ".json"] = (json.dumps(it.expected(), ensure_ascii=False, indent=1) + "\n").encode()
        cases.append(it)
    return files, cases


README = """# 各县会怎么报 What counties really send

Small workbooks, each with the messes of real ones, and beside each (`….json`) what a careful clerk would read in it. All
people, institutions, numbers and places are invented (ID numbers of region 410899, telephones beginning with 100).

- `generate.py` makes `files/` from `corpus/` (`pip install -r requirements.txt`); the same run gives the same bytes, and
  `generate.py --check` compares. What is too large to keep is made by `generate.py --late DIR`.
- `compare.py BINARY` lets the program read every file and prints each difference.

## The expectation

| key | meaning |
| --- | --- |
| `file`, `week`, `asked` | what is read: `read --week … [--kind …] FILE` |
| `kind`, `county` | what must be recognised; null: nothing, or none named |
| `rows` | every row that must come out, by sheet and row (or by the keys in `key`), with the values that matter; `null` is what must not be guessed, `{"any": […]}` leaves a choice; an `optional` row may be missing; `null` instead of the list: not compared |
| `codes` | findings that must be there (`A\\|B`: one of them) |
| `may` | findings that must-mend or not may be there; any other one that must be mended is a difference |
| `explained` | spreadsheet rows that a finding must name: nothing is dropped or doubted in silence |
| `secret` | what must not stand in the program's answer |
| `mess` | what the file stands for, in the words of the table below |

The expectation was written before any reader was asked. Where it and the reader differ, one of them is wrong; say which
in the commit that mends it.

## Messes and files

| mess | files |
| --- | --- |
"""


def readme(cases):
    table = {}
    for it in cases:
        for mess in it.mess:
            table.setdefault(mess, []).append(it.file + ("*" if it.late else ""))
    lines = [f"| {mess} | {'<br>'.join(files)} |" for mess, files in sorted(table.items())]
    return README + "\n".join(lines) + "\n\n\\* made by `generate.py --late`\n"


def content(data):
    """What counts of a file: of a zip its parts, for another deflate packs the same parts differently."""
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            return [(part.filename, part.date_time, content(parts.read(part))) for part in parts.infolist()]
    return data


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--late", type=pathlib.Path)
    args = parser.parse_args()
    if args.late:
        args.late.mkdir(parents=True, exist_ok=True)
        for name, data in build(late=True)[0].items():
            (args.late / name).write_bytes(data)
        return 0
    files, cases = build()
    text = readme(cases + build(late=True)[1]).encode()
    folder = HERE / "files"
    if args.check:
        there = {path.name for path in folder.iterdir()}
        wrong = sorted(there ^ set(files))
        wrong += [name for name in sorted(there & set(files)) if content((folder / name).read_bytes()) != content(files[name])]
        if (HERE / "README.md").read_bytes() != text:
            wrong.append("README.md")
        print("\n".join(wrong) or f"{len(cases)} files are as they were")
        return 1 if wrong else 0
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    (HERE / "README.md").write_bytes(text)
    print(f"{len(cases)} files, {sum(map(len, files.values())) // 1024} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
