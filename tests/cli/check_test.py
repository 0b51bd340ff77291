#!/usr/bin/python3
"""check_test.py PROGRAM: `leasehold check` as a user and a script meet it."""

import base64
import hashlib
import json
import os
import re
import sys
import unittest
from pathlib import Path

import cli_test
from cli_test import CommandLine

HANDOVER = """\
1 :invoke :acquire nil
1 :ok :acquire nil
2 :invoke :acquire nil
1 :invoke :release nil
2 :ok :acquire nil
1 :ok :release nil
"""
TWO_HOLDERS = """\
1 :invoke :acquire nil
1 :ok :acquire nil
2 :invoke :acquire nil
2 :ok :acquire nil
"""


def event(process, kind, f, rest=""):
    return f"{{:process {process}, :type :{kind}, :f :{f}{rest}}}\n"


# Whether the second acquire is legal depends on what the release that failed says.
LEASE_GONE = (event(1, "invoke", "acquire") + event(1, "ok", "acquire") + event(1, "invoke", "release") +
              event(1, "fail", "release", ', :error "lease not found"') +
              event(2, "invoke", "acquire") + event(2, "ok", "acquire"))

# Twelve writes at once and a reader that sees them in an order of its own: a search with more than one state.
WIDE = ("".join(event(writer, "invoke", "write", f", :value {writer}") for writer in range(12)) +
        "".join(event(20, "invoke", "read", ", :value nil") + event(20, "ok", "read", f", :value {writer}")
                for writer in (7, 3, 11, 0)) +
        "".join(event(writer, "ok", "write", f", :value {writer}") for writer in range(12)))

OWNED = ("--specification", "owner-mutex")


class Check(CommandLine):
    def check(self, *arguments, expecting):
        return self.run_it("check", *arguments, "--quiet", expecting=expecting)


class Verdicts(Check):
    def setUp(self):
        super().setUp()
        self.write("handover.log", HANDOVER)
        self.write("two.log", TWO_HOLDERS)
        self.write("wide.edn", WIDE)

    def test_the_exit_code_is_the_verdict(self):
        self.assertRegex(self.check("handover.log", *OWNED, expecting=0).stdout, "^handover.log: holds ")
        self.assertRegex(self.check("two.log", *OWNED, expecting=1).stdout, "^two.log: violated ")
        wide = ("wide.edn", "--specification", "register")
        self.check(*wide, expecting=0)
        self.assertRegex(self.check(*wide, "--memory", "0", expecting=2).stdout, "^wide.edn: unknown ")

    def test_of_several_histories_the_worst_counts(self):
        done = self.check("handover.log", "two.log", "handover.log", *OWNED, expecting=1)
        self.assertRegex(done.stdout, "(?m)^3 histories: 2 holds, 1 violated, 0 unknown$")
        self.check("handover.log", "handover.log", *OWNED, expecting=0)
        done = self.run_it("check", "handover.log", "two.log", *OWNED, "--progress", "lines", expecting=1)
        self.assertIn("checking 1 of 2: handover.log", done.stderr)

    def test_one_that_cannot_be_read_fails_them_all(self):
        self.refuses("check", "handover.log", "missing.log", *OWNED, "--quiet",
                     saying="^missing.log: cannot be read: No such file")

    def test_json_says_what_the_text_says(self):
        told = json.loads(self.check("handover.log", "two.log", *OWNED, "--format", "json", expecting=1).stdout)
        self.assertEqual(told["summary"], {"holds": 1, "violated": 1, "unknown": 0})
        self.assertEqual([each["verdict"] for each in told["histories"]], ["holds", "violated"])
        self.assertEqual([call["line"] for call in told["histories"][1]["core"]], [1, 3])

    def test_a_policy_decides_what_a_failed_release_says(self):
        self.write("gone.edn", LEASE_GONE)
        for policy, code in (("drop", 1), ("ends-hold", 0), ("observation", 1)):
            done = self.check("gone.edn", *OWNED, "--policy", policy, expecting=code)
            self.assertIn("drop: violated, ends-hold: holds, observation: violated; THE VERDICT DEPENDS", done.stdout)
        self.refuses("check", "gone.edn", *OWNED, "--policy", "dorp", saying="--policy: dorp not in .*drop")


    def test_the_exit_code_may_be_of_another_verdict(self):
        # Process 1 is told that the lock is gone only after it was granted to 2: the service erred nowhere.
        expired = self.write("expired.edn", "".join((
            event(1, "invoke", "acquire", ", :time 0"), event(1, "ok", "acquire", ", :time 1, :value {:lease_ns 50}"),
            event(2, "invoke", "acquire", ", :time 60"), event(2, "ok", "acquire", ", :time 61"))))
        leased = (expired, "--specification", "leased-mutex")
        for exit_by, code in (("service", 0), ("belief", 1), ("effect", 2), ("all", 1)):
            self.check(*leased, "--exit-by", exit_by, expecting=code)
        self.check(*leased, expecting=0)
        # What a history says nothing of is no verdict beside others.
        self.check("handover.log", *OWNED, "--exit-by", "all", expecting=0)
        self.refuses("check", *leased, "--exit-by", "servic", saying="--exit-by: servic not in .*service")


class BadInput(Check):
    def test_a_specification_is_told_with_the_nearest(self):
        self.write("two.log", TWO_HOLDERS)
        self.refuses("check", "two.log", "--specification", "owner-mutx", saying='did you mean "owner-mutex"')
        self.refuses("check", "two.log", "--specification", "cas-registr", saying='did you mean "cas-register"')
        self.refuses("check", "two.log", saying="--specification: is missing")
        self.refuses("check", "two.log", "--specfication", "mutex", saying='did you mean "--specification"')

    def test_files_that_are_no_histories_are_told_at_their_place(self):
        texts = {"binary": ("\0\1\2\3", "binary:1:1: no history of a known format"),
                 "prose": ("once upon a time\n", "prose:1:1: no history of a known format"),
                 "cut.edn": ("{:process 1, :type :invoke, :f :acq", r"cut.edn:1:\d+: the file ends within"),
                 "cut.jsonl": ('{"leasehold_history":1}\n{"process":3,"type":"inv', r"cut.jsonl:2:\d+: the file ends within"),
                 "newer.jsonl": ('{"leasehold_history":2}\n', "newer.jsonl:1:22: version 2.*expected version 1"),
                 "answer.edn": (event(1, "ok", "acquire"), "answer.edn:1:")}
        for name, (text, saying) in texts.items():
            self.refuses("check", self.write(name, text), *OWNED, saying=saying)
        os.mkdir(Path(self.folder.name) / "folder")
        self.refuses("check", "folder", *OWNED, saying="folder: cannot be read")

    def test_of_nothing_nothing_is_wrong(self):
        for name, text in (("empty", ""), ("own.jsonl", '{"leasehold_history":1}\n')):
            history = self.write(name, text)
            self.assertIn("0 events, 0 calls", self.check(history, *OWNED, expecting=0).stdout)

    def test_numbers(self):
        self.write("two.log", TWO_HOLDERS)
        for flag in ("--timeout", "--memory"):
            for value in ("-1", "x", "1.5", "99999999999999999999"):
                self.refuses("check", "two.log", *OWNED, f"{flag}={value}", saying=f"{flag}.*whole number")

    def test_what_is_about_one_history(self):
        self.write("two.log", TWO_HOLDERS)
        for flag in (["--certificate", "proof"], ["--verify", "proof"], ["--format", "html"], ["--export", "edn"]):
            self.refuses("check", "two.log", "two.log", *OWNED, *flag, saying=f"{flag[0]}: is about one history")


class Certificates(Check):
    def certificate(self, name, text, code):
        self.write(name, text)
        self.check(name, *OWNED, "--certificate", "proof.json", expecting=code)
        return json.loads((Path(self.folder.name) / "proof.json").read_text())

    def test_a_certificate_is_verified(self):
        for text, code in ((HANDOVER, 0), (TWO_HOLDERS, 1)):
            self.certificate("own.log", text, code)
            self.assertIn("verified", self.check("own.log", "--verify", "proof.json", expecting=code).stdout)

    def test_one_that_was_tampered_with_is_refused(self):
        legal = self.certificate("legal.log", HANDOVER, 0)
        self.assertEqual(legal["order"], [0, 3, 2])
        illegal = self.certificate("illegal.log", TWO_HOLDERS, 1)
        self.assertEqual(illegal["core"], [0, 2])
        for history, proof in (("legal.log", legal | {"order": [2, 0, 3]}), ("legal.log", legal | {"order": [0, 3]}),
                               ("legal.log", legal | {"order": [0, 3, 2, 2]}), ("legal.log", legal | {"order": [0, 3, 9]}),
                               ("illegal.log", illegal | {"core": [0]}), ("illegal.log", illegal | {"core": []}),
                               ("illegal.log", legal), ("legal.log", illegal)):
            self.refuses("check", history, "--verify", self.write("proof.json", proof), saying="does not prove|is no certificate")
        self.refuses("check", "legal.log", "--verify", self.write("proof.json", json.dumps(legal)[:40]),
                     saying="is no certificate")
        self.refuses("check", "legal.log", "--specification", "mutex", "--verify", self.write("proof.json", legal),
                     saying="is about owner-mutex")


class Pages(Check):
    def test_the_policy_of_a_page_allows_its_own_style_alone(self):
        self.write("two.log", TWO_HOLDERS)
        page = self.check("two.log", *OWNED, "--format", "html", expecting=1).stdout
        style = re.search("<style>(.*?)</style>", page, re.S)[1]
        reckoned = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        self.assertEqual(re.findall("style-src '([^']*)'", page), ["sha256-" + reckoned])
        self.assertEqual(page.count("<style"), 1)


if __name__ == "__main__":
    cli_test.PROGRAM = os.path.abspath(sys.argv.pop(1))
    unittest.main()
