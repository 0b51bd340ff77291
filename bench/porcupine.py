#!/usr/bin/python3
"""How many times as fast as Porcupine the histories of its own tests are judged, file by file.

usage: bench/porcupine.py BUILD_DIRECTORY [FOLDER]

The FOLDER, or else what LEASEHOLD_HISTORIES names, has porcupine_etcd_log/ and porcupine_kv/.
Porcupine's times are the best of several runs of porcupine 55508eb built with Go 1.19, on two cores
of a busy machine: trust the ratios, not the microseconds. They are of its search alone, and so are
ours; the totals also tell ours with files opened and parsed. Of the easy logs there are only
quantiles: against these the same quantiles of ours stand."""

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

FILES_US = {
    "etcd_002.log": 128_000, "etcd_007.log": 92_000, "etcd_057.log": 43_000,
    "etcd_099.log": 42_000, "etcd_075.log": 14_000, "etcd_040.log": 8_000,
    "c01-bad.txt": 40, "c01-ok.txt": 90, "c10-bad.txt": 220, "c10-ok.txt": 460,
    "c50-bad.txt": 14_000, "c50-ok.txt": 191_000,
}
LOGS, LOGS_TOTAL_US, LOGS_MEDIAN_US, LOGS_NINTH_US = 102, 349_000, 95, 660
GOAL = 25


def measure(program, folder):
    done = subprocess.run([program, folder, "--benchmark_filter=porcupine",
                           "--benchmark_min_time=0.05", "--benchmark_format=json"],
                          capture_output=True, text=True, check=True)
    return {tuple(run["name"].split("/")[:2]): run for run in json.loads(done.stdout)["benchmarks"]}


def row(name, theirs_us, ours_us):
    print(f"{name:28} {theirs_us:10,.0f} {ours_us:10,.1f} {theirs_us / ours_us:9,.1f}")
    return theirs_us / ours_us


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=Path)
    parser.add_argument("folder", nargs="?", default=os.environ.get("LEASEHOLD_HISTORIES"))
    arguments = parser.parse_args()
    if not arguments.folder:
        sys.exit("porcupine.py: name the folder of the histories, or set LEASEHOLD_HISTORIES")
    runs = measure(arguments.build / "bench" / "checkers_bench", arguments.folder)
    judged = {name[1]: run["real_time"] for name, run in runs.items() if len(name) == 2}
    print(f"{'':28} {'Porcupine':>10} {'leasehold':>10} {'ratio':>9}  (microseconds)")
    ratios = [row(name, FILES_US[name], us) for name, us in sorted(judged.items())
              if name in FILES_US]
    logs = sorted(us for name, us in judged.items() if name.endswith(".log"))
    ratios.append(row(f"median of {len(logs)} logs", LOGS_MEDIAN_US, statistics.median(logs)))
    ratios.append(row("nine of ten logs", LOGS_NINTH_US, logs[len(logs) * 9 // 10]))
    print(f"slowest of those without a figure: "
          f"{max(us for name, us in judged.items() if name not in FILES_US):,.1f}")

    hard_us = {name: us for name, us in FILES_US.items() if name.endswith(".log")}
    easy_us = (LOGS_TOTAL_US - sum(hard_us.values())) / (LOGS - len(hard_us))
    theirs_us = sum(hard_us.get(name, easy_us) for name in judged if name.endswith(".log"))
    parsed_us = runs[("porcupine_etcd_log",)]["cpu_time"]
    row("all logs, searches", theirs_us, sum(logs))
    total = row("all logs, ours with parsing", theirs_us, parsed_us)
    if min(ratios) < 1 or total < GOAL:
        sys.exit(f"porcupine.py: a ratio is below 1, or that of all logs below {GOAL}")


if __name__ == "__main__":
    main()
