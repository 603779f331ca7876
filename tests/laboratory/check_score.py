#!/usr/bin/env python3
"""usage: check_score.py EVOTUNE RECORDINGS

Runs `evotune bench --traces` and works the scores out again from the traces, by the formula as published
(Willemsen et al. 2024) and with nothing of evotune's. Fails if a score, a ratio or a number of evaluations
differs in the fourth digit.
"""
import json
import math
import pathlib
import statistics
import subprocess
import sys
import tempfile

MARKS = (25, 50, 100, 200, 400)


class Space:
    def __init__(self, path):
        recording = json.loads(path.read_text())
        at = len(recording["params"])
        self.time = [row[at] for row in recording["rows"]]
        self.t = sorted(x for x in self.time if x is not None)
        self.n, self.m = len(self.time), len(self.t)
        target = self.t[0] + (statistics.median(self.t) - self.t[0]) * (1 - 0.95)
        index = next(i for i, x in enumerate(reversed(self.t)) if x <= target)
        self.k95 = math.ceil(index / (self.m + 1 - index))

    def random_search(self, count):
        """E[best of k draws without replacement]: P(best is the j-th) summed, by binomials."""
        expected = []
        for k in range(1, count + 1):
            # P(none of the j best drawn) = C(n - j, k) / C(n, k)
            none, total = 1.0, self.t[0]
            for j in range(1, self.m):
                none *= (self.n - j + 1 - k) / (self.n - j + 1)
                if none <= 0:
                    break
                total += none * (self.t[j] - self.t[j - 1])
            expected.append(total)
        return expected

    def curve(self, run, count):
        best, curve = math.inf, []
        times = [self.time[row] for row in run["evals"]] if "evals" in run else run["best"]
        for k in range(count):
            if k < len(times) and times[k] is not None:
                best = min(best, times[k]) if "evals" in run else times[k]
            curve.append(best if best < math.inf else self.t[-1])
        return curve


def near(a, b):
    return abs(a - b) <= 5e-5 * max(1, abs(a))


def check(space, runs, told):
    count = min(max(MARKS[-1], space.k95), space.n)
    curves = [space.curve(run, count) for run in runs]
    optimum = space.t[0]
    budget = min(space.k95, count)
    random = space.random_search(budget)
    mean = [statistics.fmean(curve[k] for curve in curves) for k in range(count)]
    score = statistics.fmean((random[k] - mean[k]) / (random[k] - optimum) for k in range(budget))
    by_run = [statistics.fmean((random[k] - c[k]) / (random[k] - optimum) for k in range(budget)) for c in curves]
    error = statistics.stdev(by_run) / math.sqrt(len(by_run))
    expected = {"budget": space.k95, "score": score, "stderr": error}
    for mark in MARKS:
        expected[f"ratio@{mark}"] = mean[min(mark, count) - 1] / optimum
    for name, part in (("to_5%", 1.05), ("to_1%", 1.01)):
        hits = sorted(next((k + 1 for k, x in enumerate(c) if x <= optimum * part), math.inf) for c in curves)
        expected[name] = hits[len(hits) // 2]
    bad = []
    for name, value in expected.items():
        got = math.inf if told[name] is None else told[name]
        if not (got == value or near(value, got)):
            bad.append(f"{told['recording']}, {told['strategy']}: {name} is {value}, bench says {got}")
    return bad


def compare(evotune, names, folder, *options):
    files = ",".join(f"replay:{folder / name}.json" for name in names)
    with tempfile.TemporaryDirectory() as temporary:
        traces = pathlib.Path(temporary) / "traces.jsonl"
        plot = pathlib.Path(temporary) / "bands.svg"
        answer = subprocess.run(
            [evotune, "bench", "--device", files, "--traces", traces, "--plot", plot, "--json", *options],
            check=True, stdout=subprocess.PIPE, text=True)
        runs = [json.loads(line) for line in traces.read_text().splitlines()]
        assert plot.read_text().startswith("<svg"), "no plot"
    bad, seen = [], 0
    for told in json.loads(answer.stdout)["recordings"]:
        own = [r for r in runs if (r["space"], r["strategy"]) == (told["recording"], told["strategy"])]
        assert len(own) == told["runs"], told
        bad += check(Space(folder / f"{told['recording']}.json"), own, told)
        seen += 1
    assert seen, "bench told nothing"
    return bad


def refused(evotune, *options):
    """A user's mistake ends with 2 and says what would be accepted."""
    return subprocess.run([evotune, "bench", *options], capture_output=True, text=True, check=False)


def check_mistakes(evotune, folder):
    file = f"replay:{folder / 'coulomb-RTX2080Ti.json'}"
    bad = []
    for options, part in (
        (("--device", file, "--strategy", "evolv"), "did you mean 'evolve'"),
        (("--device", file, "--strategy", "evolve:brod=4"), "did you mean 'brood'"),
        (("--device", file, "--budget", "some"), "--budget auto"),
        (("--device", "cpu"), "--device replay:FILE"),
        (("--device", f"replay:{folder / 'README.md'}"), "no recording that can be replayed"),
    ):
        answer = refused(evotune, *options)
        if answer.returncode != 2 or part not in answer.stderr:
            bad.append(f"bench {' '.join(map(str, options))}: {answer.returncode}, {answer.stderr}")
    return bad


def main():
    evotune, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    bad = compare(evotune, ["coulomb-RTX2080Ti", "pnpoly-RTX2080Ti"], folder, "--strategy", "random,genetic,memetic",
                  "--seeds", "3", "--jobs", "2")
    bad += compare(evotune, ["coulomb-RTX2080Ti"], folder, "--strategy", "evolve", "--seeds", "2", "--batch", "8",
                   "--budget", "40", "--noise", "0.03")
    bad += check_mistakes(evotune, folder)
    print("\n".join(bad) or "every score is the same")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
