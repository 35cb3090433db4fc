"""Runs the engine and its peers on one set, compares every value and prints time, memory and their ratios.

usage: measure.py FACTS WORK --engine BINARY [--runs N] [--threads N] [--quiet] [--json FILE]
Each run is a process of its own; the best of the runs counts, in turn, so that the disk's cache serves all alike. Time is
decoding and computing: neither starting Python nor checking the files' hashes (which only the engine does) is in it.
Leaves with 1 where a value differs.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).parent


def commands(asked):
    """(name, command, answer) of each engine; the first is ours."""
    stem = pathlib.Path(asked.work) / f"{pathlib.Path(asked.facts).name}"
    python, threads = [sys.executable], ["--threads", str(asked.threads)]
    peers = [(name, f"{stem}.{name}.parquet", HERE / f"{name}_signals.py") for name in ("duckdb", "polars")]
    found = [("mingchou", [asked.engine, asked.facts, f"{stem}.mingchou.csv"], f"{stem}.mingchou.csv")] if asked.engine else []
    return found + [(name, [*python, str(script), asked.facts, out, *threads], out) for name, out, script in peers]


def run(command, threads):
    """What an engine says of itself: its last line."""
    environment = os.environ | {"POLARS_MAX_THREADS": str(threads), "RAYON_NUM_THREADS": str(threads)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{command[0]} failed: {(done.stderr or done.stdout)[-2000:]}")
    if done.stderr:
        print(done.stderr.rstrip(), file=sys.stderr)
    return json.loads(done.stdout.strip().splitlines()[-1])


def table(asked, best):
    facts = json.loads((pathlib.Path(asked.facts) / "facts.json").read_text())
    rows = {name: sum(file["rows"] for file in files) for name, files in facts["tables"].items()}
    print(
        f"{pathlib.Path(asked.facts).name}: "
        + ", ".join(f"{rows[name]:,} {name}" for name in ("class", "roster", "lesson", "history", "sign_in") if name in rows)
    )
    first = next(iter(best.values()))
    print(f"  {'engine':<16}{'seconds':>10}{'cpu':>10}{'MiB':>8}{'times as long':>16}{'times the memory':>18}")
    for measured in best.values():
        longer, larger = measured["seconds"] / first["seconds"], measured["peak_mib"] / first["peak_mib"]
        own = f"  {measured['engine']:<16}{measured['seconds']:>10.3f}{measured['cpu']:>10.3f}{measured['peak_mib']:>8}"
        print(f"{own}{longer:>16.2f}{larger:>18.2f}")


def keep(path, name, best):
    """Writes what was measured of a set into a file that may hold other sets."""
    file = pathlib.Path(path)
    kept = json.loads(file.read_text()) if file.exists() else {}
    kept[name] = list(best.values())
    file.write_text(json.dumps(kept, indent=1) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("facts")
    parser.add_argument("work")
    parser.add_argument("--engine", help="the engine's benchmark; without it the peers alone")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--quiet", action="store_true", help="only what differs")
    parser.add_argument("--json", help="a file that keeps what was measured, by set")
    asked = parser.parse_args()
    engines, best = commands(asked), {}
    for _ in range(max(1, asked.runs)):
        for name, command, _ in engines:
            measured = run(command, asked.threads)
            if name not in best or measured["seconds"] < best[name]["seconds"]:
                best[name] = measured
    if not asked.quiet:
        table(asked, best)
    if asked.json:
        keep(asked.json, pathlib.Path(asked.facts).name, best)
    unlike = 0
    for name, _, answer in engines[1:]:
        done = subprocess.run([sys.executable, str(HERE / "compare.py"), engines[0][2], answer], capture_output=True, text=True)
        unlike += done.returncode != 0
        print(f"  {engines[0][0]} against {name}: {done.stdout.strip() or done.stderr.strip()}")
    return 1 if unlike else 0


if __name__ == "__main__":
    sys.exit(main())
