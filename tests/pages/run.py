#!/usr/bin/python3
"""run.py PROGRAM: tests leasehold's pages in headless Chromium, or says what is missing and exits with 77.

CHROMIUM names the browser if it is not on the path; `npm ci` in this folder fetches the modules.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
SKIPPED = 77


def skip(missing):
    print(f"pages are not tested: {missing}")
    sys.exit(SKIPPED)


def main():
    node = shutil.which("node") or skip("there is no node; install nodejs")
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or skip("there is no chromium; install it")
    for module in ("playwright-core", "axe-core", "speedscope"):
        if not (FOLDER / "node_modules" / module).is_dir():
            skip(f"there is no module {module}; run `npm ci --ignore-scripts` in tests/pages")
    environment = {**os.environ, "LEASEHOLD": os.path.abspath(sys.argv[1]), "CHROMIUM": chromium}
    tests = [node, "--test", "--test-reporter=spec", str(FOLDER / "pages_test.mjs")]
    return subprocess.run(tests, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
