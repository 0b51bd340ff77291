#!/usr/bin/python3
"""output_blocks.py LEASEHOLD [--update]: what the documents show is what leasehold prints.

A block of README.md or docs/*.md that begins

    ```console
    $ leasehold ARGUMENTS

goes on with what that command prints on a terminal of 80 columns, to the letter. A line of `…` alone
stands for any number of lines. --update writes what is printed now, but for blocks with such a line.
"""

import os
import re
import shlex
import subprocess
import sys
from difflib import unified_diff
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```console\n\$ leasehold (?P<arguments>.+)\n(?P<shown>(?:.*\n)*?)```$", re.M)
ELISION = "…\n"


def printed(leasehold, arguments):
    environment = {**os.environ, "COLUMNS": "80", "NO_COLOR": "1"}
    done = subprocess.run([leasehold, *shlex.split(arguments)], cwd=ROOT, env=environment,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return done.stdout


def fits(shown, output):
    parts = [re.escape(part) for part in re.split(f"^{ELISION}", shown, flags=re.M)]
    return re.fullmatch("(?:.*\n)*?".join(parts), output) is not None


def main(leasehold, *options):
    stale = blocks = 0
    for document in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        text = document.read_text(encoding="utf-8")
        for block in BLOCK.finditer(text):
            blocks += 1
            shown, output = block["shown"], printed(leasehold, block["arguments"])
            if fits(shown, output):
                continue
            if "--update" in options and ELISION not in shown:
                whole = block[0].replace(shown, output) if shown else block[0][:-3] + output + "```"
                text = text.replace(block[0], whole)
                document.write_text(text, encoding="utf-8")
                continue
            stale += 1
            print(f"{document.relative_to(ROOT)}: leasehold {block['arguments']}")
            print("".join(unified_diff(shown.splitlines(True), output.splitlines(True), "shown", "printed")))
    print(f"{blocks} blocks, {stale} stale")
    return 1 if stale or not blocks else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
