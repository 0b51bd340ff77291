"""The project's sources as tokens, for the checks beside this file."""

import re
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("support", "sim", "checkers", "models", "scenarios", "reports", "cli")
FOLDERS = PRODUCT + ("tests", "bench", "examples")


class Token(NamedTuple):
    kind: str  # directive, string, character, number, identifier, punctuator
    text: str
    line: int


class Finding(NamedTuple):
    path: str
    line: int
    message: str


_TOKEN = re.compile(
    r"""(?P<comment>//(?:\\\n|[^\n])*|/\*.*?\*/)
      | (?P<directive>^[ \t]*\#(?:\\\n|[^\n])*)
      | (?P<raw>(?:u8|[uUL])?R"(?P<delimiter>[^\s()\\"]{0,16})\(.*?\)(?P=delimiter)")
      | (?P<string>(?:u8|[uUL])?"(?:\\.|[^"\\\n])*")
      | (?P<character>(?:u8|[uUL])?'(?:\\.|[^'\\\n])+')
      | (?P<number>\.?\d(?:[eEpP][+-]|'?[\w.])*)
      | (?P<identifier>[A-Za-z_]\w*)
      | (?P<punctuator>::|->|&&|\|\||\.\.\.|[-+*/%&|^=!<>]=|[^\s\w])""",
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)


def tokens(text):
    """The tokens of a C++ text without its comments; a preprocessor line is one token."""
    result = []
    line, counted = 1, 0
    for match in _TOKEN.finditer(text):
        line += text.count("\n", counted, match.start())
        counted = match.start()
        kind = "string" if match["raw"] else match.lastgroup
        if kind != "comment":
            result.append(Token(kind, match.group(), line))
    return result


def closing(code, opening):
    """The index of the bracket that closes the one at `opening`; the end of the code if none does."""
    pairs = {"(": ")", "[": "]", "{": "}"}
    close, depth = pairs[code[opening].text], 0
    for index in range(opening, len(code)):
        if code[index].text == code[opening].text:
            depth += 1
        elif code[index].text == close:
            depth -= 1
            if depth == 0:
                return index
    return len(code)


def opening(code, close):
    """The index of the parenthesis that the one at `close` closes, or -1."""
    depth = 0
    for index in range(close, -1, -1):
        depth += {")": 1, "(": -1}.get(code[index].text, 0)
        if depth == 0:
            return index
    return -1


def sources(root=ROOT):
    """(path from the root, text) of every C++ file of the project."""
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*.[ch]pp")):
            yield path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")


def run(check):
    """Prints what `check(path, text)` finds in the project and exits 1 if it is anything."""
    findings = [found for path, text in sources() for found in check(path, text)]
    for found in findings:
        print(f"{found.path}:{found.line}: {found.message}")
    sys.exit(1 if findings else 0)
