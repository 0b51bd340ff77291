#!/usr/bin/python3
"""Instructions per acquisition of every algorithm, and per mini run, must not grow.

usage: bench/ratchet.py [--update] [--shares] BUILD_DIRECTORY

Counts with callgrind: unlike times, the counts hardly depend on the machine and on what else it
does. What one run costs is the difference of two numbers of runs, so that starting the program does
not count. bench/ratchet.json holds what was counted last; more than 3 % above that fails. --update
writes what is counted now, --shares tells what the checkers take of a run."""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ALLOWED = 1.03
SCENARIO = "gc-pauses"
ALGORITHMS = ("none", "oracle", "setnx", "redis-ttl", "redlock", "etcd-lease", "pg-advisory")
MEASURED = Path(__file__).with_name("ratchet.json")

# How many runs are compared: from seed 0 on, and with few enough to wait for.
RUNS = (2, 22)

# Of a callgrind profile with inclusive costs: who does the checking.
CHECKING = {
    "linearizability": r"checkers::Linearizable::(observe|finish|reset)\(",
    "views, frequency and the rest": r"checkers::RunChecker::(observe|finish|reset)\(",
}


def callgrind(command, profile):
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", f"--callgrind-out-file={profile}", *map(str, command)],
        capture_output=True, text=True, check=True)
    return int(re.search(r"Collected : (\d+)", done.stderr)[1]), done.stdout


def per_unit(command, unit, profile):
    """Instructions of the runs between the two counts, per unit that the program says it did.
    Leaves the profile of the greater number."""
    instructions, units = zip(*(
        (count, int(re.search(unit + r" (\d+)", said)[1]))
        for count, said in (callgrind([*command, runs], profile) for runs in RUNS)))
    return (instructions[1] - instructions[0]) / (units[1] - units[0])


def count(programs, profile_of):
    for algorithm in ALGORITHMS:
        yield algorithm, per_unit([programs / "algorithm_runs", SCENARIO, algorithm],
                                  "acquisitions", profile_of(algorithm))
    yield "mini", per_unit([programs / "mini_runs"], "runs", profile_of("mini"))


def shares(profile):
    """Of all instructions, what each kind of checking takes."""
    listing = subprocess.run(["callgrind_annotate", "--inclusive=yes", "--auto=no", "--threshold=100",
                              profile],
                             capture_output=True, text=True, check=True).stdout
    costs = {}  # of functions: one that has others inlined is listed per file, once with all
    for cost, name in re.findall(r"^ *([\d,]+) \( *[\d.]+%\)  (.*)$", listing, re.M):
        function = re.sub(r"^[^ ]*?:(?!:)| \[.*\]$", "", name)
        costs[function] = max(costs.get(function, 0), int(cost.replace(",", "")))
    total = costs["PROGRAM TOTALS"]
    found = {kind: sum(cost for name, cost in costs.items() if re.search(pattern, name)) / total
             for kind, pattern in CHECKING.items()}
    found["views, frequency and the rest"] -= found["linearizability"]
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--shares", action="store_true")
    parser.add_argument("build", type=Path)
    arguments = parser.parse_args()
    allowed = json.loads(MEASURED.read_text()) if MEASURED.exists() else {}
    counted, grown = {}, []
    with tempfile.TemporaryDirectory() as directory:
        profile_of = lambda name: f"{directory}/{name}"
        for name, instructions in count(arguments.build / "bench", profile_of):
            counted[name] = round(instructions)
            line = f"{name:12} {counted[name]:>10,} {'a run' if name == 'mini' else 'an acquisition'}"
            if name in allowed:
                line += f"  {counted[name] / allowed[name] - 1:+.1%}"
                if counted[name] > ALLOWED * allowed[name]:
                    grown.append(name)
            if arguments.shares and name != "mini":
                line += "".join(f"  {kind} {share:.1%}"
                                for kind, share in shares(profile_of(name)).items())
            print(line, flush=True)
    if arguments.update:
        MEASURED.write_text(json.dumps(counted, indent=2) + "\n")
    elif grown:
        sys.exit(f"more than {ALLOWED - 1:.0%} above bench/ratchet.json: {', '.join(grown)}")


if __name__ == "__main__":
    main()
