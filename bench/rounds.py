#!/usr/bin/python3
"""Ratios of speeds, measured in interleaved rounds.

usage: bench/rounds.py [--rounds N] BUILD_DIRECTORY [NAME...]

A machine's speed changes from minute to minute, so nothing here is absolute: in each round both
programs of a comparison run one after the other, and what counts is the median of the rounds'
ratios. Nothing is asserted. Peers that are not installed are left out."""

import argparse
import statistics
import subprocess
from pathlib import Path
from typing import NamedTuple


class Comparison(NamedTuple):
    name: str
    goal: str
    means: str
    numerator: tuple
    denominator: tuple


ENGINE, NS3 = "engine_runs", "ns3_runs"
COMPARISONS = (
    Comparison("hold-10k-ns3", ">= 4.5", "hold 10k: how many times as fast as ns-3",
               (NS3, "hold-10k", 1_000_000), (ENGINE, "hold-10k", 1_000_000)),
    Comparison("hold-10k-queue", ">= 0.55", "hold 10k: speed of coroutines over the bare queue's",
               (ENGINE, "queue-10k", 2_000_000), (ENGINE, "hold-10k", 1_000_000)),
    Comparison("hold-100-ns3", "", "hold 100: how many times as fast as ns-3",
               (NS3, "hold-100", 1_000_000), (ENGINE, "hold-100", 2_000_000)),
    Comparison("hold-100-queue", "", "hold 100: speed of coroutines over the bare queue's",
               (ENGINE, "queue-100", 2_000_000), (ENGINE, "hold-100", 2_000_000)),
    Comparison("post-ns3", ">= 4", "post: how many times as fast as ns-3",
               (NS3, "post", 1_000_000), (ENGINE, "post", 2_000_000)),
    Comparison("stream-post", "<= 3", "stream message: cost in posts",
               (ENGINE, "stream", 500_000), (ENGINE, "post", 2_000_000)),
    Comparison("datagram-post", "", "datagram: cost in posts",
               (ENGINE, "datagram", 500_000), (ENGINE, "post", 2_000_000)),
)
# Two threads: what each lost to the other, against what a loop in registers lost.
THREADS = ("threads", ">= 0.95", "two threads: speed-up over the control loop's",
           (ENGINE, "mini", 1_000), (ENGINE, "spin", 200_000_000))


def measure(programs, command):
    done = subprocess.run([programs / command[0], *map(str, command[1:])], capture_output=True,
                          text=True, check=True)
    return float(done.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("build", type=Path)
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    programs = arguments.build / "bench"
    wanted = lambda name: not arguments.names or name in arguments.names
    compared = [c for c in COMPARISONS
                if wanted(c.name) and (programs / c.numerator[0]).exists()]
    ratios = {c.name: [] for c in compared}
    threads = []
    for _ in range(arguments.rounds):
        for c in compared:
            ratios[c.name].append(measure(programs, c.numerator) / measure(programs, c.denominator))
        if wanted(THREADS[0]):
            gain = [measure(programs, command) / measure(programs, (*command, 2))
                    for command in THREADS[3:]]
            threads.append(gain[0] / gain[1])
    rows = [(c.name, c.goal, c.means, ratios[c.name]) for c in compared]
    rows += [(*THREADS[:3], threads)] if threads else []
    for name, goal, means, values in rows:
        print(f"{name:15} {statistics.median(values):6.2f}  ({min(values):.2f} to {max(values):.2f})"
              f"  goal {goal or 'none':8} {means}")


if __name__ == "__main__":
    main()
