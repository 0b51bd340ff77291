#!/usr/bin/env python3
"""Asks a real etcd member, over its JSON gateway, what the model was asked, and compares every reply.

usage: etcd.py TRANSCRIPT_PROGRAM [SEEDS] [REQUESTS]
"""

import base64
import json
import socket
import sys
import tempfile
import time
import urllib.error
import urllib.request

import real_server

PREFIX, AFTER_PREFIX = "lock/", "lock0"
JOB = "last-run"
# How long something may take that the model gave up on.
PATIENCE = 0.4
NOT_FOUND = "requested lease not found"


def coded(text):
    return base64.b64encode(text.encode()).decode()


def number(holder, name):
    return int(holder.get(name, 0))


class Member:
    def __init__(self, port):
        self.address = f"http://127.0.0.1:{port}/v3/"
        self.leases = {}  # the model's number to the member's
        self.by_id = {}

    def post(self, path, message, timeout=10.0):
        """The answer, or the first one of a stream; None if none came in time; a string if it is an error."""
        request = urllib.request.Request(self.address + path, json.dumps(message).encode())
        try:
            with urllib.request.urlopen(request, timeout=timeout) as response:
                if path == "watch":
                    return self.first_deletion(response)
                answer = json.loads(response.readline())
                return answer.get("result", answer)
        except urllib.error.HTTPError as error:
            return json.loads(error.read())["error"]
        except (TimeoutError, socket.timeout):
            time.sleep(PATIENCE)  # the member has to notice
            return None

    @staticmethod
    def first_deletion(response):
        for line in response:
            if any(event.get("type") == "DELETE" for event in json.loads(line)["result"].get("events", [])):
                return json.loads(line)["result"]
        return None

    def lease(self, model):
        return self.leases.get(model, model)

    def key(self, model):
        return f"{PREFIX}{self.lease(model):x}"

    def model_lease(self, lease):
        return self.by_id.get(lease, lease)

    def range(self, **more):
        return {"key": coded(PREFIX), "range_end": coded(AFTER_PREFIX), "limit": 1, **more}

    def of_key(self, answer, expected, found, reply):
        """What an answer says of one key, in the fields that the model fills in."""
        reply["revision"] = number(answer["header"], "revision")
        if found:
            reply["own_revision"] = number(found, "create_revision")
            reply["lease"] = self.model_lease(number(found, "lease"))
        return reply

    # One function for each verb: the reply, or None. Fields that no client reads are the model's.

    def lease_grant(self, step, reply):
        answer = self.post("lease/grant", {"TTL": step["value"], "ID": 0})
        self.leases[reply["lease"]] = number(answer, "ID")
        self.by_id[number(answer, "ID")] = reply["lease"]
        return reply | {"ttl_s": number(answer, "TTL"), "revision": number(answer["header"], "revision")}

    def lease_keep_alive(self, step, reply):
        answer = self.post("lease/keepalive", {"ID": self.lease(step["lease"])})
        return reply | {"ttl_s": number(answer, "TTL")}

    def lease_revoke(self, step, reply):
        answer = self.post("lease/revoke", {"ID": self.lease(step["lease"])})
        if answer == f"etcdserver: {NOT_FOUND}":
            return reply | {"status": "lease_not_found"}
        return reply | {"status": "ok", "revision": number(answer["header"], "revision")}

    def put_if_absent(self, step, reply):
        key = coded(self.key(step["key"]))
        lease = self.lease(step["lease"]) if step["lease"] else 0
        first = {"request_range": self.range(sort_order="ASCEND", sort_target="CREATE")}
        answer = self.post("kv/txn", {
            "compare": [{"key": key, "target": "CREATE", "result": "EQUAL", "create_revision": 0}],
            "success": [{"request_put": {"key": key, "value": "", "lease": lease}}, first],
            "failure": [{"request_range": {"key": key}}, first]})
        if answer == f"etcdserver: {NOT_FOUND}":
            return reply | {"status": "lease_not_found"}
        own, least = answer["responses"]
        got = reply | {"status": "ok", "revision": number(answer["header"], "revision"),
                       "first_revision": number(least["response_range"]["kvs"][0], "create_revision")}
        if answer.get("succeeded"):
            return got | {"own_revision": got["revision"], "lease": step["lease"]}
        return self.of_key(answer, step, own["response_range"]["kvs"][0], got)

    def delete_key(self, step, reply):
        answer = self.post("kv/deleterange", {"key": coded(self.key(step["key"]))})
        return reply | {"status": "ok" if number(answer, "deleted") else "absent",
                        "revision": number(answer["header"], "revision")}

    def get(self, step, reply):
        answer = self.post("kv/range", {"key": coded(self.key(step["key"])), "serializable": step["serializable"]})
        found = answer.get("kvs", [None])[0]
        return self.of_key(answer, step, found, reply | {"own_revision": 0, "lease": 0})

    def last_created(self, step, reply):
        answer = self.post("kv/range", self.range(sort_order="DESCEND", sort_target="CREATE",
                                                  max_create_revision=step["revision"]))
        found = answer.get("kvs", [None])[0]
        got = self.of_key(answer, step, found, reply | {"own_revision": 0, "lease": 0})
        if found:
            name = base64.b64decode(found["key"]).decode()
            got["key"] = self.model_lease(int(name[len(PREFIX):], 16))
        return got

    def watch_delete(self, step, reply):
        create = {"key": coded(self.key(step["key"])), "start_revision": step["revision"]}
        return self.post("watch", {"create_request": create}, timeout=PATIENCE) and reply

    def lock(self, step, reply):
        answer = self.post("lock/lock", {"name": coded(PREFIX[:-1]), "lease": self.lease(step["lease"])},
                           timeout=PATIENCE)
        if answer is None:
            return None
        if answer == f"etcdserver: {NOT_FOUND}":
            return reply | {"status": "session_expired"}
        key = base64.b64decode(answer["key"]).decode()
        return reply | {"status": "ok", "key": self.model_lease(int(key[len(PREFIX):], 16))}

    def get_last_run(self, _, reply):
        answer = self.post("kv/range", {"key": coded(JOB)})
        found = answer.get("kvs", [{}])[0]
        return reply | {"revision": number(answer["header"], "revision"),
                        "mod_revision": number(found, "mod_revision"),
                        "value": int(base64.b64decode(found.get("value", coded("0"))))}

    def put_last_run(self, step, reply):
        key = coded(JOB)
        answer = self.post("kv/txn", {
            "compare": [{"key": key, "target": "MOD", "result": "EQUAL", "mod_revision": step["revision"]}],
            "success": [{"request_put": {"key": key, "value": coded(str(step["value"]))}}]})
        return reply | {"status": "ok" if answer.get("succeeded") else "unequal",
                        "revision": number(answer["header"], "revision")}


EMPTY = {"status": "ok", "key": 0, "revision": 0, "own_revision": 0, "first_revision": 0, "lease": 0, "ttl_s": 0,
         "mod_revision": 0, "value": 0}


def compare(member, seed, steps):
    for index, step in enumerate(steps):
        expected = step.get("reply")
        got = getattr(member, step["verb"])(step, dict(expected or EMPTY))
        if got != expected:
            return real_server.differs(seed, steps, index, got)
    return True


def compare_one(program, writer, seed, requests):
    ports = [real_server.free_port() for _ in range(2)]
    client, peer = (f"http://127.0.0.1:{port}" for port in ports)
    start = [program, "--name", "m", "--data-dir", "data", "--listen-client-urls", client, "--advertise-client-urls",
             client, "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster",
             f"m={peer}"]
    member = Member(ports[0])

    def is_up():
        try:
            return isinstance(member.post("kv/range", {"key": coded(JOB)}), dict)
        except OSError:
            return False

    with tempfile.TemporaryDirectory() as folder:
        server = real_server.started(start, folder, is_up)
        try:
            return compare(member, seed, real_server.transcript(writer, seed, requests))
        finally:
            server.kill()
            server.wait()


def main():
    writer = sys.argv[1]
    seeds, requests = (int(word) for word in (sys.argv[2:] + ["4", "100"][len(sys.argv) - 2:]))
    program = real_server.program("etcd", "etcd-server")
    if not all([compare_one(program, writer, seed, requests) for seed in range(seeds)]):
        return 1
    print(f"the model of etcd answered {seeds * requests:,} requests as a member does")
    return 0


if __name__ == "__main__":
    sys.exit(main())
