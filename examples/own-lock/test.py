#!/usr/bin/python3
"""test.py PROGRAM: the lock of this folder is compared, listed and replayed like leasehold's own."""

import re
import subprocess
import sys


def run(*arguments, expecting):
    done = subprocess.run([sys.argv[1], *arguments], capture_output=True, text=True)
    if done.returncode != expecting:
        sys.exit(f"exit {done.returncode}, not {expecting}: {' '.join(arguments)}\n{done.stdout}{done.stderr}")
    return done.stdout


def must(condition, what, output):
    if not condition:
        sys.exit(f"{what}:\n{output}")


def main():
    table = run("compare", "calm", "gc-pauses", "--algorithms", "own-*,redis-ttl", "--seeds", "20",
                "--jobs", "1", expecting=0)
    for name in ("own-ticket", "redis-ttl"):
        must(re.search(rf"^{name} +· +\d+ %", table, re.M), f"{name} holds in calm alone", table)

    recipe = re.search(r"lh1:own-ticket@gc-pauses\S+", table)
    must(recipe, "a recipe of the lock's breakage", table)
    trace = run("replay", recipe[0], "--trace", expecting=1)
    must(re.search(r"> .*TAKE c\d#1 to s0", trace), "the lock's own words in a trace", trace[:4000])
    must(re.search(r"work_exclusion +violated", trace), "the same verdict again", trace[-2000:])

    algorithms = run("list", "algorithms", expecting=0)
    must("\nown-ticket " in algorithms and "\nredis-ttl " in algorithms, "both in the list", algorithms)
    page = run("list", "algorithms", "own-ticket", expecting=0)
    must("grant" in page and "timeout=" in page, "the page about the lock", page)

    fenced = run("compare", "gc-pauses", "--algorithms", "own-ticket", "--seeds", "20", "--jobs", "1",
                 "--set", "own-ticket.fencing=on", "--set", "own-ticket.deadline=off", "--details",
                 expecting=0)
    must(re.search(r"^own-ticket +on +·", fenced, re.M), "no run is harmed behind its token", fenced)


if __name__ == "__main__":
    main()
