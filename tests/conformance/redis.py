#!/usr/bin/env python3
"""Gives a real Redis server the commands that the model was given, and compares every reply.

usage: redis.py TRANSCRIPT_PROGRAM [SEEDS] [COMMANDS]
"""

import concurrent.futures
import socket
import sys
import tempfile
import time

import real_server

DELETE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) else return 0 end"
EXPIRE = ("if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) "
          "else return 0 end")
SET_AND_COUNT = ("if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then "
                 "return redis.call('INCR', KEYS[2]) else return nil end")
SHORTEST_TTL = 0.25
SLACK_MS = 240
MODES = ("none", "rdb", "aof-everysec", "aof-always")


class Client:
    """One connection, and as much of the protocol as it takes."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.file = self.socket.makefile("rb")

    def ask(self, *words):
        parts = [str(word).encode() for word in words]
        self.socket.sendall(b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(p), p) for p in parts))
        return self.reply()

    def reply(self):
        line = self.file.readline().rstrip(b"\r\n")
        kind, rest = line[:1], line[1:].decode()
        if kind == b"+":
            return ["queued", 0] if rest == "QUEUED" else ["ok", 0]
        if kind == b"-":
            return ["error", 0]
        if kind == b":":
            return ["integer", int(rest)]
        if int(rest) < 0:
            return ["nil", 0]
        if kind == b"$":
            return ["value", int(self.file.read(int(rest) + 2)[:-2])]
        elements = [self.reply() for _ in range(int(rest))]
        return ["array", elements[-1][1] if elements else 0]

    def close(self):
        self.file.close()
        self.socket.close()


def words(step):
    """The command in the server's own words."""
    key, value, ttl = f"key{step['key']}", step["value"], step["ttl_ms"]
    px = ["PX", ttl] if ttl else []
    return {
        "ping": ["PING"],
        "get": ["GET", key],
        "set": ["SET", key, value, *px],
        "set_nx": ["SET", key, value, "NX", *px],
        "setnx": ["SETNX", key, value],
        "getset": ["GETSET", key, value],
        "incr": ["INCR", key],
        "del": ["DEL", key],
        "pexpire": ["PEXPIRE", key, ttl],
        "pttl": ["PTTL", key],
        "watch": ["WATCH", key],
        "unwatch": ["UNWATCH"],
        "multi": ["MULTI"],
        "exec": ["EXEC"],
        "compare_and_delete": ["EVAL", DELETE, 1, key, value],
        "compare_and_pexpire": ["EVAL", EXPIRE, 1, key, value, ttl],
        "set_nx_and_incr": ["EVAL", SET_AND_COUNT, 2, key, f"token{step['key']}", value, ttl],
    }[step["verb"]]


def agree(expected, got):
    """A time to live, alone or as the last of a transaction, may have run on a little."""
    if expected == got:
        return True
    return expected[0] == got[0] and expected[1] > 5 and 0 <= expected[1] - got[1] <= SLACK_MS


class Server:
    """The real one, in a folder of its own, which can be killed and started again."""

    def __init__(self, program, folder, mode):
        save = ["3600 1"] if mode == "rdb" else [""]
        log = ["--appendonly", "yes", "--appendfsync", mode[4:]] if mode.startswith("aof-") else []
        self.start = [program, "--port", "0", "--unixsocket", "socket", "--dir", ".", "--save", *save, *log]
        self.folder = folder
        self.run()

    def run(self):
        self.process = real_server.started(self.start, self.folder, self.is_up)
        self.clients = [Client(f"{self.folder}/socket") for _ in range(3)]

    def is_up(self):
        try:
            client = Client(f"{self.folder}/socket")
        except OSError:
            return False
        up = client.ask("GET", "key0")[0] != "error"  # and not while it is loading
        client.close()
        return up

    def crash(self):
        self.kill()
        self.run()

    def kill(self):
        for client in self.clients:
            client.close()
        self.process.kill()
        self.process.wait()


def compare(server, seed, steps):
    """True or False; None if this machine was too slow to tell."""
    burst = time.monotonic()
    for index, step in enumerate(steps):
        late = time.monotonic() - burst > SHORTEST_TTL * 0.8
        if "client" not in step:
            if late:
                return None
            time.sleep(step.get("wait_ms", step.get("crash_after_ms")) / 1000)
            if "crash_after_ms" in step:
                server.crash()
            burst = time.monotonic()
            continue
        got = server.clients[step["client"]].ask(*words(step))
        if not agree(step["reply"], got):
            return None if late else real_server.differs(seed, steps, index, got)
    return True


def compare_one(program, writer, mode, seed, commands):
    steps = real_server.transcript(writer, seed, commands, mode)
    for _ in range(5):
        with tempfile.TemporaryDirectory() as folder:
            server = Server(program, folder, mode)
            try:
                same = compare(server, f"{seed} {mode}", steps)
            finally:
                server.kill()
        if same is not None:
            return same
    return None


def main():
    writer = sys.argv[1]
    seeds, commands = (int(word) for word in (sys.argv[2:] + ["3", "200"][len(sys.argv) - 2:]))
    program = real_server.program("redis-server", "redis-server")
    cases = [(program, writer, mode, seed, commands) for mode in MODES for seed in range(seeds)]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        same = list(pool.map(lambda case: compare_one(*case), cases))
    if False in same:
        return 1
    if None in same:
        print("skipped: this machine is too slow to tell when a key expires")
        return real_server.SKIPPED
    print(f"the model of Redis answered {len(cases) * commands:,} commands as the server does")
    return 0


if __name__ == "__main__":
    sys.exit(main())
