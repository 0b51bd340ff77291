#!/usr/bin/python3
"""Sources have at most 500 lines, headers 300, functions 70.

What is longer stands with its size in sizes.txt beside this file. That list only ever gets shorter and
its numbers smaller: a new entry or a higher number is refused, and so is one that is no longer true.
"""

import subprocess
import sys
from pathlib import Path

from source import ROOT, Finding, closing, sources, tokens

SOURCE_LINES, HEADER_LINES, FUNCTION_LINES = 500, 300, 70
RATCHET = Path(__file__).with_name("sizes.txt")

SCOPES = ("namespace", "class", "struct", "union", "enum")
ACCESS = ("public", "protected", "private")


def functions(text):
    """(name, line, lines) of each function, from its signature to its last brace."""
    code = tokens(text)
    index = begin = 0
    while index < len(code):
        token = code[index]
        if token.kind == "directive" or token.text in (";", "}") or (
                token.text == ":" and code[index - 1].text in ACCESS):
            begin = index + 1
        elif token.text == "{":
            head = code[begin:index]
            end = closing(code, index)
            if opens_scope(head):
                begin = index + 1
            elif is_initialiser(head):
                index = end
            else:
                last = code[min(end, len(code) - 1)]
                yield function_name(head), head[0].line, last.line - head[0].line + 1
                index = end
                begin = end + 1
        index += 1


def top_level(head):
    """Where in `head` the tokens outside of template brackets and parentheses stand."""
    index = angles = 0
    while index < len(head):
        bracket = "" if index and head[index - 1].text == "operator" else head[index].text
        angles -= bracket == ">"
        if angles <= 0:
            yield index
        angles += bracket == "<"
        if bracket == "(":
            index = closing(head, index)
            if angles <= 0 and index < len(head):
                yield index
        index += 1


def opens_scope(head):
    """Whether what follows `head` is the body of a namespace or a type."""
    words = [head[index].text for index in top_level(head)]
    return any(word in SCOPES for word in words) or words[:1] == ["extern"] and "(" not in words


def is_initialiser(head):
    """Whether what follows `head` is a value: an argument, a variable's or a member's."""
    words = [head[index].text for index in top_level(head)]
    if "(" not in words or words[-1] in ("(", "="):
        return True
    if ":" in words[words.index("("):]:  # a constructor's `: name{…}, name{…}`
        return head[-1].kind == "identifier" or words[-1] == ">"
    return False


def function_name(head):
    """What stands before the first parenthesis; of a test case, its sentence."""
    first = next(index for index in top_level(head) if head[index].text == "(")
    if head[first + 1].kind == "string":
        return head[first + 1].text.strip('"')
    if head[first - 1].kind == "punctuator":  # operator+, a lambda
        return "".join(token.text for token in head[first - 2:first])
    return head[first - 1].text


def measure(path, text):
    """(key, line, what, size, limit) of everything in the file that is too long."""
    lines = text.count("\n")
    limit = HEADER_LINES if path.endswith(".hpp") else SOURCE_LINES
    if lines > limit:
        yield path, 1, "the file", lines, limit
    for name, line, size in functions(text):
        if size > FUNCTION_LINES:
            yield f"{path}:{name}", line, name, size, FUNCTION_LINES


def read_ratchet(text):
    entries = (line.rsplit(" ", 1) for line in text.splitlines() if line and line[0] != "#")
    return {key: int(size) for key, size in entries}


def check(files, allowed):
    """Findings over all (path, text) of `files`, with the sizes that are `allowed` to exceed."""
    excess = {}
    for path, text in files:
        for key, line, what, size, limit in measure(path, text):
            excess[key] = max(size, excess.get(key, 0))
            if size > allowed.get(key, limit):
                most = allowed.get(key, limit)
                yield Finding(path, line, f"{what} has {size} lines, at most {most}: is it several things?")
    for key, size in allowed.items():
        if excess.get(key, 0) < size:
            now = f"lower it to {excess[key]}" if key in excess else "remove it"
            yield Finding("tests/checks/sizes.txt", 1, f"{key} is shorter than {size}: {now}")


def check_ratchet(before, after):
    for key, size in after.items():
        if size > before.get(key, 0):
            yield Finding("tests/checks/sizes.txt", 1, f"{key} {size}: this list may only get shorter")


def committed_ratchets():
    """The list as last committed and as before that; empty without a history."""
    def git(*arguments):
        done = subprocess.run(("git", *arguments), cwd=ROOT, capture_output=True, text=True)
        return done.stdout if done.returncode == 0 else ""

    name = RATCHET.relative_to(ROOT).as_posix()
    return [git("show", f"{commit}:{name}") for commit in git("log", "-2", "--format=%H", "--", name).split()]


if __name__ == "__main__":
    now = RATCHET.read_text(encoding="utf-8")
    findings = list(check(sources(), read_ratchet(now)))
    earlier = [text for text in committed_ratchets() if text != now]
    if earlier:
        findings += check_ratchet(read_ratchet(earlier[0]), read_ratchet(now))
    for found in findings:
        print(f"{found.path}:{found.line}: {found.message}")
    sys.exit(1 if findings else 0)
