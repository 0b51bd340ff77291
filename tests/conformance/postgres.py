#!/usr/bin/env python3
"""Gives a real PostgreSQL the statements that the model was given, and compares who is answered what and
who waits after each.

usage: postgres.py TRANSCRIPT_PROGRAM [SEEDS] [STEPS]
"""

import glob
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time

import real_server

CLIENTS = 4
# Nobody is told of a deadlock: the model's clients never make one with their single lock.
SETTINGS = ["listen_addresses=", "deadlock_timeout=1h", "fsync=on", "max_connections=20"]


class Session:
    """One connection, and as much of the protocol as it takes."""

    def __init__(self, folder):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(f"{folder}/.s.PGSQL.5432")
        self.socket.settimeout(30)
        self.pid = None
        self.waits = False
        parameters = b"user\0postgres\0database\0postgres\0application_name\0conformance\0\0"
        self.socket.sendall(struct.pack("!II", 8 + len(parameters), 3 << 16) + parameters)
        self.answer()

    def start(self, sql):
        body = sql.encode() + b"\0"
        self.socket.sendall(b"Q" + struct.pack("!I", 4 + len(body)) + body)
        self.waits = True

    def ask(self, sql):
        self.start(sql)
        return self.answer()

    def has_answer(self):
        self.socket.setblocking(False)
        try:
            return len(self.socket.recv(1, socket.MSG_PEEK)) >= 0
        except BlockingIOError:
            return False
        except OSError:
            return True
        finally:
            self.socket.settimeout(30)

    def answer(self):
        """The first value of the only row, or "", "warning" or "error"; None if the session has ended."""
        value = ""
        while True:
            try:
                head = self.exactly(5)
                body = self.exactly(struct.unpack("!I", head[1:])[0] - 4)
            except (EOFError, OSError):
                self.waits = False
                return None
            kind = head[:1]
            if kind == b"K":
                self.pid = struct.unpack("!I", body[:4])[0]
            elif kind == b"D":
                length = struct.unpack("!i", body[2:6])[0]
                value = body[6:6 + max(0, length)].decode()
            elif kind == b"N" and b"SWARNING\0" in body and not value:
                value = "warning"
            elif kind == b"E":
                value = "error"
            elif kind == b"Z":
                self.waits = False
                return value

    def exactly(self, count):
        data = b""
        while len(data) < count:
            more = self.socket.recv(count - len(data))
            if not more:
                raise EOFError
            data += more
        return data

    def close(self):
        self.socket.close()


def sql(step):
    """The statement in the server's own words."""
    key = step["key"]
    return {
        "advisory_lock": f"SELECT pg_advisory_lock({key})",
        "try_advisory_lock": f"SELECT pg_try_advisory_lock({key})",
        "advisory_unlock": f"SELECT pg_advisory_unlock({key})",
        "advisory_xact_lock": f"SELECT pg_advisory_xact_lock({key})",
        "try_advisory_xact_lock": f"SELECT pg_try_advisory_xact_lock({key})",
        "begin": "BEGIN",
        "commit": "COMMIT",
        "nextval": "SELECT nextval('token')",
        "set_lock_timeout": f"SET lock_timeout = {key}",
    }[step["statement"]]


def value_of(statement, answer):
    """The answer as the model gives it."""
    if answer is None:
        return None
    if statement == "nextval":
        return int(answer)
    if statement in ("try_advisory_lock", "try_advisory_xact_lock", "advisory_unlock"):
        return 1 if answer == "t" else 0
    if statement == "begin":
        return 1  # within a transaction it warns and does no harm
    return 0 if answer in ("warning", "error") else 1


class Server:
    """The real one, in a folder of its own, which can be killed and started again."""

    def __init__(self, programs, folder):
        self.folder = folder
        self.user = "postgres" if os.geteuid() == 0 else None
        if self.user:
            shutil.chown(folder, self.user)
        subprocess.run([f"{programs}/initdb", "-D", f"{folder}/data", "-U", "postgres", "-A", "trust", "-N"],
                       check=True, capture_output=True, user=self.user, cwd=folder)
        settings = [word for setting in SETTINGS for word in ("-c", setting)]
        self.command = [f"{programs}/postgres", "-D", "data", "-k", folder, *settings]
        self.run()
        self.control.ask("CREATE SEQUENCE token")

    def run(self):
        self.process = real_server.started(self.command, self.folder, self.is_up, user=self.user)
        self.control = Session(self.folder)
        self.sessions = [Session(self.folder) for _ in range(CLIENTS)]
        self.statements = [None] * CLIENTS

    def is_up(self):
        try:
            session = Session(self.folder)
        except OSError:
            return False
        up = session.pid is not None
        session.close()
        return up

    def kill(self):
        """Immediate shutdown: every process ends at once, and the next start recovers from the log."""
        self.process.terminate() if self.process.poll() is not None else self.process.send_signal(3)
        self.process.wait(timeout=30)

    def reconnect(self, client):
        """Waits until the old session has ended: its locks go to others before anything else happens."""
        old = self.sessions[client]
        old.close()
        while self.control.ask(f"SELECT count(*) FROM pg_stat_activity WHERE pid = {old.pid}") != "0":
            time.sleep(0.005)
        self.sessions[client] = Session(self.folder)

    def settle(self):
        """Until every session that was given a statement is answered or waits for a lock: the answers."""
        answers = []
        while True:
            for client, session in enumerate(self.sessions):
                if session.waits and session.has_answer():
                    answers.append([client, value_of(self.statements[client], session.answer())])
            waiting = [client for client, session in enumerate(self.sessions) if session.waits]
            if not waiting or all(self.waits_for_a_lock(client) for client in waiting):
                if not any(self.sessions[client].has_answer() for client in waiting):
                    return sorted(answers), waiting
            time.sleep(0.002)

    def waits_for_a_lock(self, client):
        pid = self.sessions[client].pid
        return self.control.ask(f"SELECT count(*) FROM pg_locks WHERE pid = {pid} AND NOT granted") == "1"

    def do(self, step):
        if "client" in step:
            client = step["client"]
            self.statements[client] = step["statement"]
            self.sessions[client].start(sql(step))
        elif "reconnect" in step:
            self.reconnect(step["reconnect"])
        elif "wait_ms" in step:
            time.sleep(step["wait_ms"] / 1000)
        else:
            return self.restart()
        return self.settle()

    def restart(self):
        self.kill()
        ended = sorted([client, None] for client, session in enumerate(self.sessions) if session.waits)
        for session in self.sessions:
            session.close()
        self.run()
        return ended, []


def compare(server, seed, steps):
    for index, step in enumerate(steps):
        answers, waiting = server.do(step)
        if answers != step["answers"] or waiting != step["waiting"]:
            return real_server.differs(seed, steps, index, {"answers": answers, "waiting": waiting})
    return True


def compare_one(programs, writer, seed, steps):
    with tempfile.TemporaryDirectory() as folder:
        server = Server(programs, folder)
        try:
            return compare(server, seed, real_server.transcript(writer, seed, steps))
        finally:
            server.kill()


def main():
    writer = sys.argv[1]
    seeds, steps = (int(word) for word in (sys.argv[2:] + ["4", "150"][len(sys.argv) - 2:]))
    folders = sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1:]
    programs = os.path.dirname(real_server.program("initdb", "postgresql", folders))
    if not all([compare_one(programs, writer, seed, steps) for seed in range(seeds)]):
        return 1
    print(f"the model of PostgreSQL answered {seeds * steps:,} steps as the server does")
    return 0


if __name__ == "__main__":
    sys.exit(main())
