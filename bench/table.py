#!/usr/bin/env python3
"""Compares benchmarks of one subject ("subject/who"): how long evotune takes beside the others.

usage: table.py [--json FILE] RESULT.json…      (as --benchmark_out of Google Benchmark writes them)
"""
import argparse
import json
import re


# Of those that cannot run here: seconds that were published for them (docs/spaces.md), on one core of another machine.
PUBLISHED = {
    "list hotspot": ("Kernel Tuner (published)", 0.779),
    "list microhh": ("Kernel Tuner (published)", 0.263),
    "list expdist": ("Kernel Tuner (published)", 0.367),
    "list atf_prl_8x8": ("Kernel Tuner (published)", 0.0886),
    "list atf_gaussian": ("pyATF (published)", 34.7),
}


def medians(paths):
    """What each benchmark takes for one item: CPU time, or wall time for those that wait."""
    rows = []
    for path in paths:
        with open(path) as file:
            result = json.load(file)
        # The order of the source: the runs were interleaved.
        for one in sorted(result["benchmarks"], key=lambda one: one["family_index"]):
            if one.get("aggregate_name") != "median":
                continue
            name = re.sub(r"(/iterations:\d+)?(/real_time)?$", "", one["run_name"])
            subject, who = name.rsplit("/", 1)
            rows.append({"subject": subject, "who": who, "seconds": 1 / one["items_per_second"]})
    return rows


def is_evotune(row):
    return row["who"].startswith("evotune")


def compare(rows):
    """Adds to evotune's rows what they are compared with, and the ratio."""
    others = {row["subject"]: row for row in rows if not is_evotune(row)}
    for row in filter(is_evotune, rows):
        if other := others.get(row["subject"]):
            row["beside"] = other["who"]
            row["ratio"] = row["seconds"] / other["seconds"]


def duration(seconds):
    for unit, size in (("s", 1), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


def lines(rows):
    yield ("", "evotune", "beside it", "takes", "ratio")
    others = {row["subject"]: row for row in rows if not is_evotune(row)}
    for row in filter(is_evotune, rows):
        other = others.get(row["subject"])
        detail = row["who"].removeprefix("evotune").lstrip(", ")
        yield (
            row["subject"] + (f" ({detail})" if detail else ""),
            duration(row["seconds"]),
            other["who"] if other else "-",
            duration(other["seconds"]) if other else "-",
            f"{row['ratio']:.3g}" if other else "-",
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", help="write the figures to this file too")
    parser.add_argument("--about", default="{}", help="JSON: the machine and the build")
    parser.add_argument("results", nargs="+")
    arguments = parser.parse_args()
    rows = medians(arguments.results)
    for subject in {row["subject"] for row in rows} & set(PUBLISHED):
        who, seconds = PUBLISHED[subject]
        rows.append({"subject": subject, "who": who, "seconds": seconds})
    compare(rows)
    table = list(lines(rows))
    widths = [max(len(row[i]) for row in table) for i in range(5)]
    for row in table:
        cells = [row[0].ljust(widths[0])] + [row[i].rjust(widths[i]) for i in range(1, 5)]
        print("  ".join(cells).rstrip())
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump({"about": json.loads(arguments.about), "benchmarks": rows}, file, indent=2)


main()
