#!/usr/bin/python3
"""How many times as fast as Porcupine the histories of its own tests are judged, file by file.

usage: bench/porcupine.py BUILD_DIRECTORY [FOLDER [FIGURES]]

The FOLDER, or else what LEASEHOLD_HISTORIES names, has porcupine_etcd_log/ and porcupine_kv/.
FIGURES are what Porcupine took for them: a line `file,check_us,whole_us` for each, which
bench/porcupine_figures_test.go prints on the machine that it is to be compared on. Without them,
bench/porcupine.csv has those of porcupine 55508eb with Go 1.19 on two busy cores: trust the ratios,
not the microseconds. On either side a figure is the fastest of several runs, of the check alone and
of the whole, with the file opened and parsed."""

import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

GOAL = 25  # times as fast as the check alone all logs are to be, read and judged


def measure(program, folder):
    """What each file takes, and what all logs take together, read and judged."""
    done = subprocess.run([program, folder, "--benchmark_filter=porcupine",
                           "--benchmark_min_time=0.05", "--benchmark_format=json"],
                          capture_output=True, text=True, check=True)
    runs = {run["name"].split("/")[1] if "/" in run["name"] else run["name"]: run
            for run in json.loads(done.stdout)["benchmarks"]}
    return ({name: (run["check_us"], run["whole_us"]) for name, run in runs.items()
             if "check_us" in run}, runs["porcupine_etcd_log"]["cpu_time"])


def read_figures(file):
    with open(file, encoding="utf-8", newline="") as lines:
        return {row["file"]: (float(row["check_us"]), float(row["whole_us"]))
                for row in csv.DictReader(lines)}


def row(name, theirs, ours):
    ratios = [their / our for their, our in zip(theirs, ours)]
    print(f"{name:20}" + "".join(f"{their:12,.0f} {our:10,.1f} {ratio:8,.1f}"
                                 for their, our, ratio in zip(theirs, ours, ratios)))
    return ratios


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=Path)
    parser.add_argument("folder", nargs="?", default=os.environ.get("LEASEHOLD_HISTORIES"))
    parser.add_argument("figures", nargs="?", default=Path(__file__).with_suffix(".csv"))
    arguments = parser.parse_args()
    if not arguments.folder:
        sys.exit("porcupine.py: name the folder of the histories, or set LEASEHOLD_HISTORIES")
    figures = read_figures(arguments.figures)
    judged, all_logs_us = measure(arguments.build / "bench" / "checkers_bench", arguments.folder)
    compared = sorted(judged.keys() & figures.keys())
    if not compared:
        sys.exit(f"porcupine.py: {arguments.figures} has none of the files in {arguments.folder}")
    columns = f"{'Porcupine':>12} {'leasehold':>10} {'ratio':>8}"
    print(f"{'microseconds':20}{'the check alone':>32}{'opened, parsed and checked':>32}")
    print(f"{'':20}{columns}{columns}")
    ratios = {name: row(name, figures[name], judged[name]) for name in compared}
    for kind in (".log", ".txt"):
        names = [name for name in compared if name.endswith(kind)]
        if not names:
            continue
        row(f"all {len(names)} {kind}", *([sum(of) for of in zip(*(side[name] for name in names))]
                                          for side in (figures, judged)))
        for what, of in zip(("the check alone", "the whole"), zip(*map(ratios.get, names))):
            print(f"  {what}: {min(of):,.1f} to {max(of):,.1f} times as fast, "
                  f"median {statistics.median(of):,.1f}")
    missing = sorted(judged.keys() - figures.keys())
    if missing:
        print(f"no figure for {len(missing)} files: {', '.join(missing)}")
    total = sum(figures[name][0] for name in compared if name.endswith(".log")) / all_logs_us
    print(f"all logs in one process, ours with parsing against Porcupine's without: {total:,.1f}")
    if min(map(min, ratios.values())) < 1 or (not missing and total < GOAL):
        sys.exit(f"porcupine.py: a ratio is below 1, or that of all logs below {GOAL}")


if __name__ == "__main__":
    main()
