#!/usr/bin/python3
"""output_blocks.py LEASEHOLD [--update]: what the documents show is what leasehold prints.

A block of README.md or docs/*.md that begins

    ```console
    $ leasehold ARGUMENTS

goes on with what that command prints on a terminal of 80 columns, to the letter. A line of `…` alone
stands for any number of lines. --update writes what is printed now, but for blocks with such a line.
The commands of one document run one after the other in a folder of its own that shows the project:
what one writes the next may read.
"""

import os
import re
import shlex
import subprocess
import sys
import tempfile
from difflib import unified_diff
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```console\n\$ leasehold (?P<arguments>.+)\n(?P<shown>(?:.*\n)*?)```$", re.M)
ELISION = "…\n"


def printed(leasehold, arguments, folder):
    environment = {**os.environ, "COLUMNS": "80", "NO_COLOR": "1"}
    done = subprocess.run([leasehold, *shlex.split(arguments)], cwd=folder, env=environment,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return done.stdout


def fits(shown, output):
    parts = [re.escape(part) for part in re.split(f"^{ELISION}", shown, flags=re.M)]
    return re.fullmatch("(?:.*\n)*?".join(parts), output) is not None


def judge(leasehold, document, folder, update):
    """How many blocks the document has, and how many of them are stale."""
    text = document.read_text(encoding="utf-8")
    blocks = stale = 0
    for block in BLOCK.finditer(text):
        blocks += 1
        shown, output = block["shown"], printed(leasehold, block["arguments"], folder)
        if fits(shown, output):
            continue
        if update and ELISION not in shown:
            whole = block[0].replace(shown, output) if shown else block[0][:-3] + output + "```"
            text = text.replace(block[0], whole)
            document.write_text(text, encoding="utf-8")
            continue
        stale += 1
        print(f"{document.relative_to(ROOT)}: leasehold {block['arguments']}")
        print("".join(unified_diff(shown.splitlines(True), output.splitlines(True), "shown", "printed")))
    return blocks, stale


def main(leasehold, *options):
    leasehold = os.path.abspath(leasehold)
    blocks = stale = 0
    for document in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        with tempfile.TemporaryDirectory() as folder:
            for entry in ROOT.iterdir():
                (Path(folder) / entry.name).symlink_to(entry)
            found, wrong = judge(leasehold, document, folder, "--update" in options)
        blocks += found
        stale += wrong
    print(f"{blocks} blocks, {stale} stale")
    return 1 if stale or not blocks else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
