"""A real server in a folder of its own, for as long as a test needs it."""

import json
import shutil
import socket
import subprocess
import sys
import time

SKIPPED = 77


def program(name, package, folders=()):
    """The path of a server's program; without it the test is skipped, and says so."""
    found = shutil.which(name, path=":".join([*folders, "/usr/sbin", "/usr/bin", "/usr/local/bin", "/bin"]))
    if found is None:
        print(f"skipped: there is no {name} (Debian package {package})")
        sys.exit(SKIPPED)
    return found


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def started(command, folder, is_up, **how):
    """The server's process, once is_up() says that it answers."""
    with open(f"{folder}/log", "ab") as log:
        server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, **how)
    deadline = time.monotonic() + 30
    while not is_up():
        if server.poll() is not None or time.monotonic() > deadline:
            server.kill()
            with open(f"{folder}/log", encoding="utf-8", errors="replace") as log:
                sys.exit(f"{command[0]} does not start:\n{log.read()}")
        time.sleep(0.02)
    return server


def transcript(writer, *arguments):
    """What the model does, a step each."""
    text = subprocess.run([writer, *map(str, arguments)], check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in text.splitlines()]


def differs(seed, steps, index, got):
    """Says where the server and the model part, with what came before."""
    for step in steps[max(0, index - 12):index + 1]:
        print(f"  {json.dumps(step)}")
    print(f"seed {seed}, step {index + 1}: the real server answered {json.dumps(got)}")
    return False
