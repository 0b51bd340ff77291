#!/usr/bin/python3
"""incident_test.py PROGRAM: incident files as a user and a script meet them."""

import json
import os
import re
import sys
import unittest
from pathlib import Path

import cli_test
from cli_test import CommandLine

BY_HAND = {
    "incident_version": 1, "title": "The pod paused at its third job", "algorithm": "redis-ttl", "scenario": "calm",
    "plan": {"faults": [{"kind": "pause", "target": "holder", "start_ns": 0, "window_ns": 60_000_000_000,
                         "on": {"event": "work", "occurrence": 3}, "duration_ns": 12_000_000_000}]}}


class Incidents(CommandLine):
    def kept(self):
        """An incident that leasehold kept, as an object."""
        self.run_it("run", "gc-pauses", "--algorithm", "redis-ttl", "--seed", "1", "--keep", "kept", expecting=1)
        return json.loads((Path(self.folder.name) / "kept" / "gc-pauses-redis-ttl-1.json").read_text(encoding="utf-8"))

    def test_the_worst_runs_are_kept_and_replay(self):
        arguments = ["compare", "gc-pauses", "calm", "--algorithms", "redis-ttl,setnx,none", "--seeds", "30", "--jobs",
                     "1", "--keep", "worst", "--keep-per-cell", "2", "--progress", "none"]
        self.assertIn("kept: 6 incidents and 6 runs that passed in worst", self.run_it(*arguments, expecting=0).stderr)
        files = sorted((Path(self.folder.name) / "worst").iterdir())
        self.assertEqual(sorted({re.sub(r"-\d+", "", file.name) for file in files}),
                         ["calm-none.json", "calm-redis-ttl-passed.json", "calm-setnx-passed.json",
                          "gc-pauses-none.json", "gc-pauses-redis-ttl.json", "gc-pauses-setnx-passed.json"])
        before = [file.read_bytes() for file in files]
        for file in files:
            code = 0 if "passed" in file.name else 1
            self.assertIn("reproduced: the ", self.run_it("replay", str(file), expecting=code).stdout)
        self.run_it(*arguments, expecting=0)
        self.assertEqual([file.read_bytes() for file in files], before)

    def test_a_replay_says_how_it_went(self):
        incident = self.kept()
        file = self.write("x.json", incident)
        self.assertIn("reproduced", self.run_it("replay", file, expecting=1).stdout)
        recorded = incident["recorded"]
        incident["recorded"] = recorded | {"replay_version": 1, "digest": "0" * 16}
        self.assertIn("recorded by replay version 1", self.run_it("replay", self.write("x.json", incident),
                                                                  expecting=1).stdout)
        first = recorded["trail"]["digests"][0]
        wrong = f"{int(first[28:32], 16) ^ 1:04x}"
        trail = {"stride": 1, "digests": [first[:28] + wrong + first[32:], *recorded["trail"]["digests"][1:]]}
        incident["recorded"] = recorded | {"digest": "0" * 16, "trail": trail}
        told = self.run_it("replay", self.write("x.json", incident), expecting=70).stdout
        self.assertRegex(told, rf"diverged at event 8 .*:\s+expected\s+{wrong},\s+got\s+{first[28:32]}")
        incident["plan"]["faults"] = []
        self.assertIn("edited since", self.run_it("replay", self.write("x.json", incident), expecting=0).stdout)

    def test_a_story_is_searched_for_the_seed_that_fits(self):
        file = self.write("story.json", BY_HAND)
        found = self.run_it("search", file, "--symptom", "work_exclusion,overlap>=1s", "--seeds", "50", "--jobs", "1",
                            "--quiet", "-o", "found.json", expecting=0).stdout
        command = re.search(r"leasehold (replay 'story.json' --seed \d+)", found)[1].replace("'", "").split()
        self.run_it(*command, expecting=1)
        self.assertIn("reproduced", self.run_it("replay", "found.json", expecting=1).stdout)
        nothing = self.run_it("search", "calm", "--algorithms", "redis-ttl", "--symptom", "stuck", "--seeds", "20",
                              "--quiet", "-o", "none.json", expecting=2)
        self.assertIn("0 of 20 seeds", nothing.stdout)
        self.assertNotIn("none.json", self.files())

    def test_a_story_without_a_seed_is_shrunk_with_one(self):
        file = self.write("story.json", BY_HAND)
        for command in ("shrink", "explain", "whatif"):
            self.refuses(command, file, "--symptom", "progress", saying="does not violate progress with seed 0")
            self.refuses(command, file, "--symptom", "progress",
                         saying="leasehold search 'story.json' --symptom progress finds those that do")
            self.refuses(command, file, "--symptom", "progress", "--seed", "3", saying="expected --symptom work_exclusion")
        self.run_it("shrink", file, "--seed", "3", "-o", "small.json", expecting=1)
        small = json.loads((Path(self.folder.name) / "small.json").read_text(encoding="utf-8"))
        self.assertEqual(small["seed"], 3)
        self.assertIn("reproduced", self.run_it("replay", "small.json", expecting=1).stdout)
        self.refuses("shrink", "small.json", "--seed", "4", saying="--seed: is said by small.json itself: 3")

    def test_what_is_searched_is_told_in_words_that_exist(self):
        self.refuses("search", "calm", saying="--symptom, such as")
        self.refuses("search", "calm", "--symptom", "work_exclusio", saying='did you mean "work_exclusion"')
        self.refuses("search", "calm", "--symptom", "wait>=30", saying='"wait>=30" is no symptom')
        self.refuses("search", "clam", "--symptom", "stuck", saying='did you mean "calm"')
        self.refuses("search", self.write("x.json", BY_HAND | {"seed": 3}), "--symptom", "stuck", saying="says its seed")

    def test_bad_files_are_refused_with_their_place(self):
        for wrong, saying in (({"incident_version": 2}, "written by a later leasehold"),
                              ({"incident_version": "1"}, "/incident_version"), ({"algorithm": "redis-tll"}, "redis-ttl"),
                              ({"scenario": "clam"}, 'did you mean "calm"'), ({"scenario": "/etc/passwd"}, "no path"),
                              ({"sead": 3}, 'did you mean "seed"'), ({"parameters": {"relase": "del"}}, "release"),
                              ({"rounds": [[[1]]]}, "/rounds/0/0"), ({"seed": 1.5}, "/seed")):
            self.refuses("replay", self.write("x.json", BY_HAND | wrong), saying=saying)
        text = json.dumps(BY_HAND)
        self.refuses("replay", self.write("x.json", text[:200]), saying=r"x.json:1:\d+: ")
        self.refuses("replay", self.write("x.json", "[" * 100_000), saying="x.json:1:")
        self.refuses("replay", self.write("x.json", '{"incident_version": 1, "rounds": [' + "[]," * 70 + "[]]}"),
                     saying="more than 64 clients")
        self.refuses("replay", self.write("x.json", SMALL_SCENARIO), saying="is no incident")
        self.refuses("replay", "nowhere.json", saying="cannot be read")
        self.refuses("replay", "/dev/zero", saying="longer than")

    def test_a_run_without_end_is_refused(self):
        endless = BY_HAND | {"algorithm": "none", "parameters": {}, "set": {"horizon": "1000h"}}
        self.refuses("replay", self.write("endless.json", endless),
                     saying=r"calm none, seed 0: has more than 50,000,000 events: it was at")
        told = self.write("long.json", endless | {"algorithm": "redlock", "set": {"horizon": "3h"}})
        for look in (["--trace"], ["--html", "x.html"]):
            self.refuses("replay", told, *look, saying="has more than 1,000,000 events")
        self.assertNotIn("x.html", self.files())

    def test_a_seed_beside_one_that_is_said(self):
        self.refuses("replay", self.write("x.json", BY_HAND | {"seed": 3}), "--seed", "4", saying="--seed")
        self.refuses("run", "calm", "--algorithm", "setnx", "--seed", "1", "--keep", "/dev/null/x", saying="--keep")


SMALL_SCENARIO = {"name": "small"}

if __name__ == "__main__":
    cli_test.PROGRAM = os.path.abspath(sys.argv.pop(1))
    unittest.main()
