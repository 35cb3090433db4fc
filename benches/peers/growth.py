"""Draws how time and memory grow with the classes, from what measure.py --json kept.

usage: growth.py MEASURED.json OUT.svg     needs matplotlib
"""

import json
import pathlib
import sys

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt  # noqa: E402

LOOKS = {"mingchou": ("#b3261e", "o", "-"), "duckdb": ("#5f6368", "s", "--"), "polars": ("#1a56a5", "^", ":")}


def points(kept, engine, field):
    """(classes of the frame, measured) of each set, in order of size."""
    found = [(runs[0]["classes"], run[field]) for runs in kept.values() for run in runs if run["engine"].lower().startswith(engine)]
    return zip(*sorted(found))


def main():
    kept = json.loads(pathlib.Path(sys.argv[1]).read_text())
    plt.rcParams.update({"font.family": "DejaVu Sans", "font.size": 10, "svg.hashsalt": "growth"})
    picture, axes = plt.subplots(1, 2, figsize=(9, 3.8), constrained_layout=True)
    for axis, field, title in zip(axes, ("seconds", "peak_mib"), ("seconds", "memory at its peak, MiB")):
        for engine, (colour, marker, line) in LOOKS.items():
            axis.loglog(*points(kept, engine, field), color=colour, marker=marker, linestyle=line, label=engine)
        axis.set(xlabel="classes in the frame", title=title)
        axis.grid(True, which="major", color="#dddddd")
    axes[0].legend(frameon=False)
    picture.savefig(sys.argv[2], metadata={"Date": None})


if __name__ == "__main__":
    main()
