#!/usr/bin/python3
"""run.py [--few] [NAME…]: is each mutant killed?

A mutant is a patch tests/mutants/NAME.patch that breaks the product in one way, or one in the folder
`mutants` of an example, which the example's own program must notice. Above its diff stands how it is
killed: by a property that some run violates and that holds without the patch,

    Property: work_exclusion
    Run: gc-pauses --algorithms redis-ttl --seeds 5000..5099

(`Run` is what follows `leasehold compare`), or, for a mutant of a checker, by a test case of a folder:

    Test: checkers
    Case: a write of an earlier grant is stale

A failed assertion, a changed digest and a compile error are no kill. A patch that does not apply
fails. --few takes three mutants that change from commit to commit.
"""

import json
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
TREE = Path("build") / "mutants"
BUILD = TREE / "build" / "tests"
FEW = 3


class Mutant(NamedTuple):
    name: str
    patch: str
    target: str
    command: tuple
    property: str  # empty for a mutant that a test case kills


class Problem(Exception):
    """Why nothing can be said of a mutant."""


def run(*command):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def read_mutant(path):
    head = dict(re.findall(r"^(\w+): (.+)$", path.read_text(encoding="utf-8").split("\n--- ")[0], re.M))
    patch = path.relative_to(ROOT).as_posix()
    if {"Property", "Run"} <= head.keys():
        program = "cli/leasehold"
        if patch.startswith("examples/"):
            program = f"examples/{path.parts[-3]}/{path.parts[-3]}"
        command = (f"{BUILD}/{program}", "compare", *head["Run"].split(), "--format", "json", "--quiet")
        return Mutant(path.stem, patch, program.rpartition("/")[2], command, head["Property"])
    if {"Test", "Case"} <= head.keys():
        target = f"test_{head['Test']}"
        return Mutant(path.stem, patch, target, (f"{BUILD}/tests/{target}", head["Case"]), "")
    sys.exit(f"{path.name}: needs Property and Run, or Test and Case")


def copy_sources():
    """Brings the copy that is mutated up to date, touching only what differs."""
    listed = run("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z").stdout
    names = {name for name in listed.split("\0") if name and (ROOT / name).is_file()}
    for name in names:
        copy = ROOT / TREE / name
        if not copy.is_file() or copy.read_bytes() != (ROOT / name).read_bytes():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy)
    for copy in (ROOT / TREE).rglob("*"):
        name = copy.relative_to(ROOT / TREE)
        if name.parts[0] != "build" and copy.is_file() and name.as_posix() not in names:
            copy.unlink()


def build(target):
    done = run(f"{TREE}/dev", "build", "tests", target)
    if done.returncode:
        raise Problem("does not build\n" + done.stdout + done.stderr)


def violated(mutant):
    """Whether the mutant's property is violated, or its test case fails, as the tree is built now."""
    done = run(*mutant.command)
    if mutant.property:
        if done.returncode:
            raise Problem(f"exit {done.returncode} of {' '.join(mutant.command)}\n{done.stderr}")
        results = json.loads(done.stdout)["results"]
        return any(result["properties"][mutant.property]["verdict"] == "violated" for result in results)
    if re.search(r"^All tests passed \([1-9]", done.stdout, re.M):
        return False
    if re.search(r"^test cases: .*\| [1-9]\d* failed", done.stdout, re.M):
        return True
    raise Problem(f"exit {done.returncode} of {' '.join(mutant.command)}\n{done.stdout}{done.stderr}")


def apply(mutant, *options):
    done = run("git", "apply", *options, f"--directory={TREE}", mutant.patch)
    if done.returncode:
        raise Problem("does not apply\n" + done.stderr)


def judge(mutant):
    build(mutant.target)
    if violated(mutant):
        raise Problem("violated without the mutant too")
    apply(mutant)
    try:
        build(mutant.target)
        return violated(mutant)
    finally:
        apply(mutant, "--reverse")


def few(mutants):
    commit = int(run("git", "rev-parse", "HEAD").stdout or "0", 16)
    return [mutants[(commit + index) % len(mutants)] for index in range(min(FEW, len(mutants)))]


def main(arguments):
    patches = [*ROOT.glob("tests/mutants/*.patch"), *ROOT.glob("examples/*/mutants/*.patch")]
    mutants = [read_mutant(path) for path in sorted(patches)]
    names = [argument for argument in arguments if argument != "--few"]
    if unknown := set(names) - {mutant.name for mutant in mutants}:
        sys.exit(f"no such mutant: {', '.join(sorted(unknown))}")
    chosen = [mutant for mutant in mutants if not names or mutant.name in names]
    if "--few" in arguments and chosen:
        chosen = few(chosen)

    copy_sources()
    alive = 0
    for mutant in mutants:
        start = time.monotonic()
        try:
            if mutant not in chosen:
                apply(mutant, "--check")
                continue
            fate = "killed" if judge(mutant) else "SURVIVED"
        except Problem as problem:
            fate = f"FAILED: {problem}"
        alive += fate != "killed"
        print(f"{mutant.name:32} {time.monotonic() - start:4.0f} s  {fate}", flush=True)
    print(f"{len(chosen)} of {len(mutants)} mutants run, {alive} not killed")
    sys.exit(1 if alive else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
