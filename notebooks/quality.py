"""Tables and a picture from what `mingchou quality --json` says of several seeds.

    python3 notebooks/quality.py quality-*.json                          # Markdown tables, on standard output
    python3 notebooks/quality.py quality-*.json --svg docs/images/quality.svg   # needs matplotlib

All files are of one model and one scale. Spread is least and greatest over the seeds.
"""

import json
import sys
from statistics import mean


def spread(values, unit):
    """Mean (least–greatest) of permille values, leaving out what isn't known."""
    known = [value / unit for value in values if value is not None]
    digits = 1 if unit == 10 else 2
    if not known:
        return "–"
    return f"{mean(known):.{digits}f} ({min(known):.{digits}f}–{max(known):.{digits}f})"


def pooled(runs, place, side, key):
    """A share over all seeds together: each seed's permille weighted by its classes."""
    sides = [run["signals"][place][side] for run in runs]
    classes = sum(of["classes"] for of in sides)
    if not classes:
        return None
    return sum((of[key] or 0) * of["classes"] for of in sides) / classes / 10


def percent(value):
    return "–" if value is None else f"{value:.1f}"


def print_signals(runs):
    print("| signal | planted | > 0 % | points % | others: > 0 % | points % | missing % | AUC |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for place, signal in enumerate(runs[0]["signals"]):
        planted = sum(run["signals"][place]["planted"]["classes"] for run in runs)
        cells = [percent(pooled(runs, place, side, key)) for side, key in (
            ("planted", "above_zero"), ("planted", "given_points"),
            ("innocent", "above_zero"), ("innocent", "given_points"), ("innocent", "missing"))]
        print(f"| {signal['signal']} | {planted} | {' | '.join(cells)} | {spread([run['signals'][place]['auc'] for run in runs], 1000)} |")


def print_target(runs, number):
    of = [run["targets"][number] for run in runs]
    print(f"\n**{of[0]['target']}**: base rate {spread([t['base_rate'] for t in of], 10)} %, AUC {spread([t['auc'] for t in of], 1000)}, "
          f"drawn by size {spread([t['weighted_rate'] for t in of], 10)} %\n")
    print("| visits | precision % | recall % | lift | best signal alone: lift |")
    print("| ---: | ---: | ---: | ---: | ---: |")
    for place, at in enumerate(of[0]["at"]):
        cells = [spread([t["at"][place][key] for t in of], unit) for key, unit in (("precision", 10), ("recall", 10), ("lift", 1000))]
        # The signal that does best on average over the seeds, not the luckiest of each.
        alone = {s["signal"]: [t["alone"][i]["lift"][place] for t in of] for i, s in enumerate(of[0]["alone"])}
        best = max(alone, key=lambda signal: mean(value or 0 for value in alone[signal]))
        print(f"| {at['capacity']} | {' | '.join(cells)} | {best}: {spread(alone[best], 1000)} |")
    bands = []
    for place, band in enumerate(of[0]["bands"]):
        hits, classes = (sum(t["bands"][place][key] for t in of) for key in ("hits", "classes"))
        bands.append(f"{band['band']} {hits}/{classes}")
    print("\nBands (looked for / all, seeds together): " + ", ".join(bands))


def draw(runs, path):
    import matplotlib
    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "quality"
    from matplotlib import pyplot
    names = [signal["signal"] for signal in runs[0]["signals"]]
    figure, axes = pyplot.subplots(figsize=(7, 8))
    for side, colour, label in (("planted", "#b2182b", "planted with its own pattern"), ("innocent", "#2166ac", "all others")):
        shares = [pooled(runs, place, side, "given_points") for place in range(len(names))]
        axes.plot(shares, range(len(names)), "o", color=colour, label=label)
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.set_xlim(-2, 102)
    axes.set_xlabel("classes that get points, %")
    axes.set_title(f"{runs[0]['model']}, {len(runs)} synthetic sets ({runs[0]['scale']})", fontsize=10)
    axes.grid(axis="x", alpha=0.3)
    axes.legend(loc="center")
    figure.savefig(path, bbox_inches="tight", metadata={"Date": None})


def main(arguments):
    path = None
    if "--svg" in arguments:
        place = arguments.index("--svg")
        path = arguments[place + 1]
        del arguments[place:place + 2]
    if not arguments:
        sys.exit(__doc__)
    runs = []
    for name in arguments:
        with open(name, encoding="utf-8") as file:
            runs.append(json.load(file))
    if len({(run["model_sha256"], run["scale"]) for run in runs}) != 1:
        sys.exit("files of more than one model or scale")
    if path:
        draw(runs, path)
        return
    print_signals(runs)
    for number in range(len(runs[0]["targets"])):
        print_target(runs, number)


if __name__ == "__main__":
    main(sys.argv[1:])
