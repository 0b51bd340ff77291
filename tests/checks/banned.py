#!/usr/bin/python3
"""Words that would make a run depend on more than its seed, each with what to write instead."""

import re
from typing import NamedTuple

from source import Finding, run, tokens


class Ban(NamedTuple):
    what: str  # searched in each number and each name with its qualification, as in std::rand
    instead: str
    only_in: tuple = ("",)
    but_not_in: tuple = ()


IN_A_RUN = ("sim/", "models/", "checkers/", "scenarios/")

BANS = (
    Ban(r"\bstd::(\w+_distribution|generate_canonical|shuffle|sample)\b",
        "what it draws differs between libraries; draw from a named stream with integer tables",
        but_not_in=("bench/",)),
    Ban(r"\b(random_device|s?rand|[delmn]rand48|default_random_engine)\b",
        "chance comes from the run's seed, through a named stream",
        but_not_in=("bench/",)),
    Ban(r"\bunordered_\w+\b",
        "its order is the library's; use std::map, a sorted vector or an index",
        only_in=IN_A_RUN),
    Ban(r"\b(system_clock|steady_clock|high_resolution_clock|clock_gettime|gettimeofday)\b",
        "a run knows simulated time only: a process its own clocks, the world true time",
        but_not_in=("cli/", "bench/")),
    Ban(r"\b((secure_)?getenv|setlocale)\b",
        "cli reads the environment and passes it on as a value",
        but_not_in=("cli/", "bench/", "tests/checkers/formats/judged_histories_test.")),
    Ban(r"\bthread_local\b",
        "a run owns all it touches; make it a member of the world",
        but_not_in=("sim/process/frame_pool.",)),
    Ban(r"\b(float|double)\b|^(\.\d|\d[\d']*([.eE]))",
        "no floating point between seed and trace; use integers, ratios and integer tables",
        only_in=("sim/", "models/")),
)


def words(code):
    """(text, line) of each number and qualified name, those in preprocessor lines too."""
    name = []
    for token in code:
        if name and "::" in (token.text, name[-1]):
            name.append(token.text)
            continue
        if name:
            yield "".join(name), line
        name, line = [], token.line
        if token.kind == "identifier":
            name = [token.text]
        elif token.kind == "number":
            yield token.text, line
        elif token.kind == "directive":
            for word, offset in words(tokens(token.text.replace("#", " ", 1))):
                yield word, line + offset - 1
    if name:
        yield "".join(name), line


def check(path, text):
    bans = [ban for ban in BANS
            if path.startswith(ban.only_in) and not path.startswith(ban.but_not_in)]
    for word, line in words(tokens(text)):
        for ban in bans:
            if match := re.search(ban.what, word):
                yield Finding(path, line, f"{match.group()} is not for here: {ban.instead}")


if __name__ == "__main__":
    run(check)
