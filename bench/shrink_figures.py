#!/usr/bin/python3
"""shrink_figures.py LEASEHOLD: how small violations of the library get, and in what time.

Keeps violations of scenarios with faults and of the jobs, shrinks each, and prints the figures of
docs/reproduce.md: the median and the greatest before and after, and the time that a processor worked.
"""

import re
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

SCENARIOS = ("gc-pauses", "partitions", "clock-steps", "crashes", "mixed", "vm-suspends", "overload",
             "db-failover", "index-job", "period-job")
ROW = re.compile(r"^  (faults|clients|rounds|records|simulated time) +([\d,.]+)(?: s)? → ([\d,.]+)(?: s)?", re.M)


def processor_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def kept(leasehold, folder):
    subprocess.run([leasehold, "compare", *SCENARIOS, "--seeds", "30", "--jobs", "1", "--keep", str(folder),
                    "--keep-per-cell", "4", "--quiet", "-o", "/dev/null"], check=False)
    return sorted(path for path in folder.iterdir() if "passed" not in path.name)


def number(text):
    return float(text.replace(",", ""))


def main():
    leasehold = Path(sys.argv[1]).resolve()
    before, after, seconds = {}, {}, []
    with tempfile.TemporaryDirectory() as folder:
        for path in kept(leasehold, Path(folder) / "kept"):
            began = processor_seconds()
            told = subprocess.run([leasehold, "shrink", path, "-o", path], check=False, capture_output=True, text=True)
            seconds.append(processor_seconds() - began)
            if told.returncode != 1:
                sys.exit(f"{path.name}: {told.stderr}")
            for name, large, small in ROW.findall(told.stdout):
                before.setdefault(name, []).append(number(large))
                after.setdefault(name, []).append(number(small))
    print(f"{len(seconds)} violations\n\n| | median before | median | most |\n|---|--:|--:|--:|")
    for name, values in after.items():
        print(f"| {name} | {statistics.median(before[name]):,.0f} | {statistics.median(values):,.0f} | "
              f"{max(values):,.0f} |")
    print(f"| processor time | | {statistics.median(seconds) * 1000:,.0f} ms | {max(seconds) * 1000:,.0f} ms |")


if __name__ == "__main__":
    main()
