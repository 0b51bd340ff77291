#!/usr/bin/python3
"""Includes follow the arrows of DESIGN.md section 1."""

import re

from source import FOLDERS, PRODUCT, Finding, run, tokens

# What a file of the folder may include, besides the folder itself. The first prefix that fits the
# file decides, so the narrower ones stand before the wider.
MAY_INCLUDE = {
    "support/": [],
    "sim/process/": ["support/"],
    "sim/": ["support/"],
    "checkers/record/": [],
    "checkers/": ["support/"],
    "models/": ["support/", "sim/process/", "checkers/record/"],
    "scenarios/": ["support/", "sim/", "models/", "checkers/"],
    # What a trace shows is in the words of the models.
    "reports/": ["support/", "scenarios/", "checkers/", "models/describe.hpp",
                 "sim/process/units.hpp"],
    "cli/": [folder + "/" for folder in PRODUCT],
}

# Libraries with a home of their own. Everybody may use the standard library.
LIBRARY_HOMES = {
    "nlohmann/": ["checkers/formats/", "scenarios/", "reports/", "cli/"],
    "CLI/": ["cli/"],
    "Random123/": ["sim/"],
}

_INCLUDE = re.compile(r'\s*#\s*include\s*([<"])([^>"]+)')


def check(path, text):
    home = next((folder for folder in MAY_INCLUDE if path.startswith(folder)), None)
    for token in tokens(text):
        match = token.kind == "directive" and _INCLUDE.match(token.text)
        if not match:
            continue
        quote, included = match.groups()
        if quote == '"' and not included.startswith(tuple(f"{folder}/" for folder in FOLDERS)):
            yield Finding(path, token.line, f'include from the root of the project, not "{included}"')
        elif home and quote == '"' and not included.startswith((home, *MAY_INCLUDE[home])):
            allowed = ", ".join([home, *MAY_INCLUDE[home]])
            yield Finding(path, token.line, f'"{included}" is against the layers: {home} may '
                                            f"include {allowed}")
        elif home and quote == "<":
            for library, homes in LIBRARY_HOMES.items():
                if included.startswith(library) and not path.startswith(tuple(homes)):
                    yield Finding(path, token.line, f"<{included}> belongs to {', '.join(homes)}")


if __name__ == "__main__":
    run(check)
