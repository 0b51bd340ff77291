#!/usr/bin/python3
"""Ratios of speeds, measured in interleaved rounds.

usage: bench/rounds.py [--rounds N] BUILD_DIRECTORY [NAME...]

A machine's speed changes from minute to minute, so nothing here is absolute: in each round both
programs of a comparison run one after the other, and what counts is the median of the rounds'
ratios. Nothing is asserted. Peers that are not installed are left out."""

import argparse
import math
import statistics
import subprocess
from pathlib import Path
from typing import NamedTuple


class Comparison(NamedTuple):
    name: str
    goal: str
    means: str
    over: tuple  # the product of what these take, divided by …
    under: tuple  # … that of what these take


ENGINE, NS3 = "engine_runs", "ns3_runs"
MINI, SPIN = (ENGINE, "mini", 1_000), (ENGINE, "spin", 200_000_000)
COMPARISONS = (
    Comparison("hold-10k-ns3", ">= 4.5", "hold 10k: how many times as fast as ns-3",
               [(NS3, "hold-10k", 1_000_000)], [(ENGINE, "hold-10k", 1_000_000)]),
    Comparison("hold-10k-queue", ">= 0.55", "hold 10k: speed of coroutines over the bare queue's",
               [(ENGINE, "queue-10k", 2_000_000)], [(ENGINE, "hold-10k", 1_000_000)]),
    Comparison("hold-100-ns3", "", "hold 100: how many times as fast as ns-3",
               [(NS3, "hold-100", 1_000_000)], [(ENGINE, "hold-100", 2_000_000)]),
    Comparison("hold-100-queue", "", "hold 100: speed of coroutines over the bare queue's",
               [(ENGINE, "queue-100", 2_000_000)], [(ENGINE, "hold-100", 2_000_000)]),
    Comparison("post-ns3", ">= 4", "post: how many times as fast as ns-3",
               [(NS3, "post", 1_000_000)], [(ENGINE, "post", 2_000_000)]),
    Comparison("stream-post", "<= 3", "stream message: cost in posts",
               [(ENGINE, "stream", 500_000)], [(ENGINE, "post", 2_000_000)]),
    Comparison("datagram-post", "", "datagram: cost in posts",
               [(ENGINE, "datagram", 500_000)], [(ENGINE, "post", 2_000_000)]),
    # What two threads lost to each other, against what a loop in registers lost.
    Comparison("threads", ">= 0.95", "two threads: speed-up over the control loop's",
               [MINI, (*SPIN, 2)], [(*MINI, 2), SPIN]),
)


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
    compared = [c for c in COMPARISONS if wanted(c.name)
                and all((programs / command[0]).exists() for command in (*c.over, *c.under))]
    ratios = {c.name: [] for c in compared}
    for _ in range(arguments.rounds):
        for c in compared:
            over, under = (math.prod(measure(programs, command) for command in commands)
                           for commands in (c.over, c.under))
            ratios[c.name].append(over / under)
    for name, goal, means, *_ in compared:
        values = ratios[name]
        print(f"{name:15} {statistics.median(values):6.2f}  ({min(values):.2f} to {max(values):.2f})"
              f"  goal {goal or 'none':8} {means}")


if __name__ == "__main__":
    main()
