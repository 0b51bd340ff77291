#!/usr/bin/python3
"""clang_tidy.py BUILD [FILE…]: clang-tidy over every source of the product, or over FILEs.

BUILD holds compile_commands.json. A source that was found clean is not looked at again until it, a
header of the project that it includes, its compile command or the configuration has changed.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from source import PRODUCT, ROOT

TOOL = "clang-tidy-19"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "leasehold-clang-tidy"

_INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)


def with_includes(path, seen):
    """Adds `path` and what it includes of the project to `seen`."""
    if path not in seen and path.is_file():
        seen.add(path)
        for included in _INCLUDE.findall(path.read_text(encoding="utf-8")):
            with_includes(ROOT / included, seen)
    return seen


def fingerprint(source, command, tool_version):
    digest = hashlib.sha256(tool_version + command.replace(str(ROOT), "").encode())
    for path in [ROOT / ".clang-tidy", *sorted(with_includes(source, set()))]:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def lint(build, source):
    done = subprocess.run((TOOL, "--quiet", "-p", build, str(source)), capture_output=True, text=True)
    return done.returncode == 0, done.stdout


def main(build, *files):
    wanted = {Path(file).resolve() for file in files}
    version = subprocess.run((TOOL, "--version"), capture_output=True, check=True).stdout
    entries = json.loads((Path(build) / "compile_commands.json").read_text(encoding="utf-8"))
    clean = {}
    for entry in entries:
        source = Path(entry["file"])
        of_product = source.relative_to(ROOT).parts[0] in PRODUCT
        if source in wanted or of_product and not wanted:
            clean[source] = CACHE / fingerprint(source, entry["command"], version)
    todo = [source for source in clean if wanted or not clean[source].exists()]
    print(f"{TOOL}: {len(todo)} of {len(clean)} sources to look at", flush=True)

    CACHE.mkdir(parents=True, exist_ok=True)
    failed = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for source, (passed, output) in zip(todo, pool.map(lambda file: lint(build, file), todo)):
            if passed:
                clean[source].touch()
            else:
                failed += 1
                print(output, flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
