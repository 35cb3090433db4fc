#!/usr/bin/env python3
"""Writes the sample data, or checks that a folder holds exactly these bytes."""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from county_sample.build import build  # noqa: E402
from county_sample.selfcheck import problems  # noqa: E402


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    choice = arguments.add_mutually_exclusive_group(required=True)
    choice.add_argument("--out", type=Path, metavar="DIR", help="write the files into DIR")
    choice.add_argument("--check", type=Path, metavar="DIR", help="compare DIR with what would be written")
    chosen = arguments.parse_args()
    files, world = build()
    found = problems(files, world)
    if not found and chosen.check:
        found = differences(files, chosen.check)
    elif not found:
        write(files, chosen.out)
    print("\n".join(found) if found else f"{len(files)} files, {sum(map(len, files.values())) // 1024} kB: good")
    return 1 if found else 0


def present(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def write(files, folder):
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    for name in sorted(present(folder) - set(files)):
        print(f"not one of ours: {name}")


def differences(files, folder):
    here = present(folder)
    changed = [f"different: {name}" for name in files if name in here and (folder / name).read_bytes() != files[name]]
    missing = [f"missing: {name}" for name in files if name not in here]
    return changed + missing + [f"not one of ours: {name}" for name in sorted(here - set(files))]


if __name__ == "__main__":
    sys.exit(main())
