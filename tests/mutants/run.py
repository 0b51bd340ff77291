#!/usr/bin/python3
"""run.py [--few] [--table] [NAME…]: is each mutant killed?  run.py --check: does each one still fit?

A mutant is a patch tests/mutants/NAME.patch that breaks the product in one way, or one in the folder
`mutants` of an example, which the example's own program must notice. Above its diff stands in one line
what it breaks, and then how it is killed: by a property that some run violates and that holds without
the patch,

    The server deletes whoever's key it is.

    Property: grant_exclusion
    Run: gc-pauses --algorithms redis-ttl --seeds 5000..5099

(`Run` is what follows `leasehold compare`; scenarios that only mutants need lie beside the patches), or,
for a mutant of a checker or of the world, by a test case of a folder:

    Test: checkers
    Case: a write of an earlier grant is stale once a later one has been read

A mutant that must do no harm, because what it changes is nobody's promise, says `Harmless` instead of
`Property`; it fails if the property is violated.

A failed assertion, a changed digest and a compile error are no kill. The text that a hunk replaces must
stand in its file exactly once, wherever: line numbers do not count, and a patch that does not fit fails.
--few takes three mutants that change from commit to commit. --table prints docs/mutants.md, which
--check compares with the patches, but for the seeds, without building anything.
"""

import json
import os
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
PAGE = ROOT / "docs" / "mutants.md"
FEW = 3
LONGEST_S = 300  # of what a mutant's command may take: it may never end
# RapidCheck draws the same histories for everybody.
ENVIRONMENT = os.environ | {"RC_PARAMS": "seed=5000"}


class Problem(Exception):
    """Why nothing can be said of a mutant."""


class Hunk(NamedTuple):
    path: str
    old: str
    new: str


class Mutant(NamedTuple):
    name: str
    breaks: str
    hunks: tuple
    killer: str  # as the table has it
    target: str
    command: tuple
    property: str  # empty for a mutant that a test case kills
    harmless: bool


class Outcome(NamedTuple):
    violated: bool
    seeds: int = 0  # that were needed to see it; 0 for a test case


def run(*command, limit_s=None):
    return subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True,
                          timeout=limit_s)


# ------------------------------------------------------------------------------------- the patches


def read_hunks(diff):
    hunks = []
    path = old = new = ""
    for line in diff.splitlines(keepends=True) + ["@@"]:
        if line.startswith(("--- ", "+++ ", "@@")):
            if old or new:
                hunks.append(Hunk(path, old, new))
            old = new = ""
            if line.startswith("+++ b/"):
                path = line[len("+++ b/"):].strip()
            continue
        if line[0] in " -":
            old += line[1:]
        if line[0] in " +":
            new += line[1:]
    return tuple(hunks)


def read_mutant(patch):
    text = patch.read_text(encoding="utf-8")
    head = text.split("\n--- ")[0]
    fields = dict(re.findall(r"^([A-Z][a-z]+): (.+)$", head, re.M))
    breaks, hunks = head.partition("\n")[0], read_hunks(text[len(head) + 1:])
    harmless = "Harmless" in fields
    promise = fields.get("Harmless" if harmless else "Property")
    if promise and "Run" in fields:
        folder, program = "cli", "leasehold"
        if patch.is_relative_to(ROOT / "examples"):
            program = patch.parts[-3]
            folder = f"examples/{program}"
        words = fields["Run"].split()
        command = (f"{BUILD}/{folder}/{program}", "compare", *words, "--format", "json", "--quiet")
        killer = f"`{promise}` in `{program} compare {fields['Run']}`"
        return Mutant(patch.stem, breaks, hunks, killer, program, command, promise, harmless)
    if {"Test", "Case"} <= fields.keys():
        target = f"test_{fields['Test']}"
        # Catch takes a comma for the end of a name.
        command = (f"{BUILD}/tests/{target}", fields["Case"].replace(",", "\\,"))
        killer = f"{fields['Test']}: {fields['Case']}"
        return Mutant(patch.stem, breaks, hunks, killer, target, command, "", False)
    sys.exit(f"{patch.name}: needs Property (or Harmless) and Run, or Test and Case")


def mutated(mutant):
    """The text of each file that the mutant changes, by its path."""
    texts = {}
    for hunk in mutant.hunks:
        text = texts.get(hunk.path) or "\n" + (ROOT / hunk.path).read_text(encoding="utf-8")
        places = text.count("\n" + hunk.old)
        if places != 1:
            raise Problem(f"does not fit: {hunk.path} has {places} places for\n{hunk.old}")
        texts[hunk.path] = text.replace("\n" + hunk.old, "\n" + hunk.new)
    return {path: text[1:] for path, text in texts.items()}


# --------------------------------------------------------------------------- the tree that is mutated


def copy_source(name):
    copy = ROOT / TREE / name
    if not copy.is_file() or copy.read_bytes() != (ROOT / name).read_bytes():
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, copy)


def copy_sources():
    """Brings the copy that is mutated up to date, touching only what differs."""
    listed = run("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z").stdout
    names = {name for name in listed.split("\0") if name and (ROOT / name).is_file()}
    for name in names:
        copy_source(name)
    for copy in (ROOT / TREE).rglob("*"):
        name = copy.relative_to(ROOT / TREE)
        if name.parts[0] != "build" and copy.is_file() and name.as_posix() not in names:
            copy.unlink()


def build(*targets):
    done = run(f"{TREE}/dev", "build", "tests", *targets)
    if done.returncode:
        raise Problem("does not build\n" + done.stdout + done.stderr)


# ------------------------------------------------------------------------------------ the judgement


def seeds_needed(result, name):
    violated = result["properties"][name]["violated_seeds"]
    return violated[0][0] - result["seeds"]["first"] + 1 if violated else 0


def judge_runs(mutant, done):
    if done.returncode:
        raise Problem(f"exit {done.returncode} of {' '.join(mutant.command)}\n{done.stderr}")
    results = json.loads(done.stdout)["results"]
    verdicts = {result["properties"][mutant.property]["verdict"] for result in results}
    if not verdicts & {"holds", "violated"}:
        raise Problem(f"{mutant.property} was not judged by {' '.join(mutant.command)}")
    needed = [seeds_needed(result, mutant.property) for result in results]
    return Outcome("violated" in verdicts, min(filter(None, needed), default=0))


def judge(mutant):
    """What the mutant's command says of the tree as it is built now."""
    try:
        done = run(*mutant.command, limit_s=LONGEST_S)
    except subprocess.TimeoutExpired:
        raise Problem(f"no end after {LONGEST_S} s of {' '.join(mutant.command)}") from None
    if mutant.property:
        return judge_runs(mutant, done)
    if re.search(r"^All tests passed \([1-9]", done.stdout, re.M):
        return Outcome(False)
    if re.search(r"^test cases: .*\| +[1-9]\d* failed", done.stdout, re.M) and done.returncode > 0:
        return Outcome(True)
    raise Problem(f"exit {done.returncode} of {' '.join(mutant.command)}\n{done.stdout}{done.stderr}")


def judge_mutated(mutant):
    texts = mutated(mutant)
    try:
        for path, text in texts.items():
            (ROOT / TREE / path).write_text(text, encoding="utf-8")
        build(mutant.target)
        return judge(mutant)
    finally:
        for path in texts:
            copy_source(path)


class Controls:
    """Runs each command once without any mutant: it must hold."""

    def __init__(self, mutants):
        self.problems = {}
        build(*sorted({mutant.target for mutant in mutants}))
        for mutant in mutants:
            key = mutant.command + (mutant.property,)
            if key in self.problems:
                continue
            try:
                violated = judge(mutant).violated
                self.problems[key] = "violated without the mutant too" if violated else None
            except Problem as problem:
                self.problems[key] = f"without the mutant: {problem}"

    def must_hold(self, mutant):
        if problem := self.problems[mutant.command + (mutant.property,)]:
            raise Problem(problem)


# --------------------------------------------------------------------------------------- the table

INTRODUCTION = """# Mutants

What the harness would notice if its models or its checkers were wrong. Each line is a patch in
`tests/mutants` that breaks one thing; it is killed by a property that holds in the same runs without
the patch, or, where a checker or the world is broken, by a test case that passes without it. *Seeds* is
how many runs it took, of those named. A mutant that is *harmless* changes what nobody has promised, and
nothing may be violated.

The patches were written looking at seeds 0 to 199 and are judged on others. `./dev mutants` runs all of
them; this page is what `tests/mutants/run.py --table` prints, and a test compares it with the patches.

| mutant | what it breaks | killed by | seeds |
|---|---|---|---|
"""


def row(mutant, seeds):
    killer = ("harmless: " if mutant.harmless else "") + mutant.killer
    return f"| {mutant.name} | {mutant.breaks} | {killer.replace('|', chr(92) + '|')} | {seeds} |"


def fate_of(mutant, outcome):
    if mutant.harmless:
        return "DOES HARM" if outcome.violated else "harmless"
    return "killed" if outcome.violated else "SURVIVED"


def find_case(mutant):
    """Catch runs nothing, and says so late, where a test case is called otherwise."""
    folder, _, case = mutant.killer.partition(": ")
    for source in (ROOT / "tests" / folder).rglob("*_test.cpp"):
        if f'"{case}"' in re.sub(r'"\s*\n\s*"', "", source.read_text(encoding="utf-8")):
            return
    raise Problem(f"no test case in tests/{folder} is called\n{case}")


def check(mutants):
    """Whether every patch fits, every test case exists and the page tells of every mutant."""
    failures = []
    for mutant in mutants:
        try:
            mutated(mutant)
            if not mutant.property:
                find_case(mutant)
        except Problem as problem:
            failures.append(f"{mutant.name}: {problem}")
    page = PAGE.read_text(encoding="utf-8") if PAGE.is_file() else ""
    told = [line.rpartition(" | ")[0] for line in page.splitlines()[-len(mutants):]]
    if told != [row(mutant, "").rpartition(" | ")[0] for mutant in mutants]:
        failures.append("docs/mutants.md is not what run.py --table prints for these patches")
    print("\n".join(failures) or f"{len(mutants)} mutants fit")
    sys.exit(1 if failures else 0)


def few(mutants):
    commit = int(run("git", "rev-parse", "HEAD").stdout or "0", 16)
    return [mutants[(commit + index) % len(mutants)] for index in range(min(FEW, len(mutants)))]


def main(arguments):
    patches = [*ROOT.glob("tests/mutants/*.patch"), *ROOT.glob("examples/*/mutants/*.patch")]
    mutants = sorted(read_mutant(path) for path in patches)
    if arguments == ["--check"]:
        check(mutants)
    flags = {argument for argument in arguments if argument in ("--few", "--table")}
    names = set(arguments) - flags
    if unknown := names - {mutant.name for mutant in mutants}:
        sys.exit(f"no such mutant: {', '.join(sorted(unknown))}")
    chosen = [mutant for mutant in mutants if not names or mutant.name in names]
    if "--few" in flags:
        chosen = few(chosen)
    table = "--table" in flags
    tell = (lambda line: print(line, file=sys.stderr, flush=True)) if table else \
        (lambda line: print(line, flush=True))

    copy_sources()
    try:
        controls = Controls(chosen)
    except Problem as problem:
        sys.exit(f"without any mutant: {problem}")
    rows = []
    for mutant in chosen:
        start = time.monotonic()
        seeds = "–"
        try:
            controls.must_hold(mutant)
            outcome = judge_mutated(mutant)
            fate = fate_of(mutant, outcome)
            seeds = outcome.seeds or "–"
        except Problem as problem:
            fate = f"FAILED: {problem}"
        rows.append((fate in ("killed", "harmless"), row(mutant, seeds)))
        tell(f"{mutant.name:34} {time.monotonic() - start:4.0f} s  {seeds:>4}  {fate}")
    failed = sum(not good for good, _ in rows)
    if table:
        print(INTRODUCTION + "\n".join(line for _, line in rows))
    tell(f"{len(chosen)} of {len(mutants)} mutants run: {len(chosen) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
