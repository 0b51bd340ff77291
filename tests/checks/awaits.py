#!/usr/bin/python3
"""co_await stands only where g++ 12 compiles it correctly.

It drops what other shapes hold or destroys it twice, without a warning:
tests/sim/compiler_canary_test.cpp lists what happens.
"""

from source import Finding, closing, opening, run, tokens

SHAPES = ("co_await stands only in `[const] T name = co_await …;`, `name = co_await …;`, "
          "`co_await …;` and `co_return co_await …;`")
BRACES = ("no braces in what is awaited: g++ 12 destroys such temporaries twice; name the argument "
          "in a statement before")
CATCH = "no co_await in a catch block"
LAMBDA = "a coroutine lambda captures nothing: its captures die before it does; pass parameters"

# What a lambda may stand after, and what may stand after its captures.
KEYWORDS = ("return", "co_return", "co_await", "co_yield")
AFTER_INTRODUCER = ("(", "{", "<", "->", "mutable", "constexpr", "noexcept", "static")


def check(path, text):
    # Tests drive coroutines in every shape, on worlds that die before their lambdas do.
    if str(path).startswith("tests/"):
        return
    code = tokens(text)
    in_catch = set()
    for index, token in enumerate(code):
        if token.text == "catch":
            block = closing(code, index + 1) + 1
            in_catch.update(range(block, closing(code, block)))
    for index, token in enumerate(code):
        if token.text == "co_await" and code[index - 1].text != "operator":
            if not (stands_alone(code, index) or gives_to_name(code, index)):
                yield Finding(path, token.line, SHAPES)
            elif problem := operand_problem(code, index):
                yield Finding(path, token.line, problem)
            if index in in_catch:
                yield Finding(path, token.line, CATCH)
    yield from capturing_coroutines(path, code)


def begins_statement(code, index):
    """Whether a statement begins at `index`."""
    before = code[index - 1]
    if before.kind == "directive" or before.text in (";", "{", "}", "else", "do"):
        return True
    if before.text == ")":
        head = opening(code, index - 1) - 1
        return code[head].text in ("if", "constexpr", "while", "for", "switch")
    if before.text == ":":
        start = index - 2
        while start > 0 and code[start].text not in (";", "{", "}", "?"):
            if code[start].text in ("case", "default"):
                return True
            start -= 1
    return False


def stands_alone(code, index):
    return code[index - 1].text == "co_return" or begins_statement(code, index)


def gives_to_name(code, index):
    """Whether the tokens before `index` are a whole `[const] T name =` or `name =`."""
    if code[index - 1].text != "=" or code[index - 2].kind != "identifier":
        return False
    start, angles = index - 2, 0
    while not begins_statement(code, start):
        start -= 1
        token = code[start]
        angles += {">": 1, "<": -1}.get(token.text, 0)
        if token.text in ("static", "thread_local"):
            return False
        if token.kind == "punctuator":
            if token.text not in ("::", "<", ">", "*", "&", "&&", "[", "]") and not angles:
                return False
    return True


def operand_problem(code, index):
    """What is wrong with the expression after the co_await at `index`, or None."""
    depth = 0
    for token in code[index + 1:]:
        if token.text == "{":
            return BRACES
        if token.text == ";":
            return None
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(token.text, 0)
        if depth < 0 or token.text == "}":
            return SHAPES
    return SHAPES


def capturing_coroutines(path, code):
    lambdas = [found for found in map(lambda index: lambda_at(code, index), range(len(code))) if found]
    for index, token in enumerate(code):
        if token.text not in ("co_await", "co_return", "co_yield"):
            continue
        around = [found for found in lambdas if found[1] < index < found[2]]
        if around:
            introducer, _, _ = max(around)
            if code[introducer + 1].text != "]":
                yield Finding(path, code[introducer].line, LAMBDA)


def lambda_at(code, index):
    """(introducer, start of the body, its end) of the lambda that begins at `index`, or None."""
    if code[index].text != "[":
        return None
    before = code[index - 1]
    if before.text in (")", "]") or before.kind == "identifier" and before.text not in KEYWORDS:
        return None  # a subscript
    end = closing(code, index)
    if code[end + 1:end + 2] and code[end + 1].text not in AFTER_INTRODUCER:
        return None  # an attribute or a structured binding
    body = end + 1
    while body < len(code) and code[body].text not in ("{", ";", ")"):
        body = closing(code, body) + 1 if code[body].text == "(" else body + 1
    if body >= len(code) or code[body].text != "{":
        return None
    return index, body, closing(code, body)


if __name__ == "__main__":
    run(check)
