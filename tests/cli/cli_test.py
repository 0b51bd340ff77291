#!/usr/bin/python3
"""cli_test.py PROGRAM: leasehold's command line as a user and a script meet it: exit codes, what
stands on stderr, and that nothing half-written is left behind."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from jsonschema import Draft7Validator

PROGRAM = ""
FEW = ["--seeds", "3", "--jobs", "1", "--quiet"]
SMALL = {"name": "small", "summary": "One pause.", "horizon": "20s", "heal": "30s", "progress_within": "25s",
         "faults": [{"kind": "pause", "target": "holder", "at": "5s", "duration": "12s"}]}


class CommandLine(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def run_it(self, *arguments, expecting, **options):
        done = subprocess.run([PROGRAM, *arguments], cwd=self.folder.name, text=True, timeout=300,
                              stdin=subprocess.DEVNULL, capture_output="stdout" not in options,
                              stderr=subprocess.PIPE if "stdout" in options else None, **options)
        self.assertEqual(done.returncode, expecting, f"{arguments}\n{done.stdout}{done.stderr}")
        return done

    def refuses(self, *arguments, saying):
        """Exit 64, one clear reason on stderr, nothing on stdout, no file left behind."""
        before = self.files()
        done = self.run_it(*arguments, expecting=64)
        self.assertEqual(done.stdout, "")
        self.assertRegex(done.stderr, saying)
        self.assertLess(len(done.stderr), 3000)
        self.assertEqual(self.files(), before)

    def files(self):
        return sorted(path.name for path in Path(self.folder.name).iterdir())

    def write(self, name, content):
        text = content if isinstance(content, str) else json.dumps(content)
        (Path(self.folder.name) / name).write_text(text, encoding="utf-8")
        return name


class Words(CommandLine):
    def test_a_misspelt_word_is_told_with_the_nearest(self):
        self.refuses("compare", "calm", "--algorithms", "redis-tll", *FEW,
                     saying='unknown algorithm "redis-tll"; did you mean "redis-ttl"')
        self.refuses("compare", "clam", *FEW, saying='no library scenario "clam"; did you mean "calm"')
        self.refuses("compare", "calm", "--set", "redis-ttl.relase=del", *FEW, saying='did you mean "release"')
        self.refuses("compare", "calm", "--set", "redis-ttl.release=dell", *FEW, saying='did you mean "del"')
        self.refuses("compare", "calm", "--set", "scenario.lesae=30s", *FEW, saying='did you mean "lease"')
        self.refuses("compare", "calm", "--sedes", "3", saying='no flag "--sedes"; did you mean "--seeds"')
        self.refuses("comprae", saying='no subcommand "comprae"; did you mean "compare"')
        self.refuses("list", "algorithms", "redsi-ttl", saying='did you mean "redis-ttl"')
        self.refuses("list", "faults", "parition", saying='did you mean "partition"')

    def test_a_setting_for_a_lock_that_is_not_run_is_a_mistake(self):
        self.refuses("compare", "calm", "--algorithms", "setnx", "--set", "redlock.nodes=3", *FEW,
                     saying="redlock, which is not run")

    def test_what_is_not_there_yet_says_so(self):
        for flag in (["--shard", "1/2"], ["--resume"]):
            self.refuses("compare", "calm", *flag, saying=f"{flag[0]} is not there yet")
        self.refuses("sweep", "x", saying="sweep is not there yet")

    def test_a_command_line_without_what_it_needs(self):
        self.refuses(saying="subcommand is required")
        self.refuses("run", "calm", "--algorithm", "redis-ttl", saying="--seed is required")
        self.refuses("run", "calm", "--algorithm", "re*", "--seed", "1", saying="one algorithm")
        self.refuses("replay", saying=r"RECIPE\|FILE is required")


class Numbers(CommandLine):
    def test_a_row_of_a_scenario_is_named_by_its_label(self):
        for setting in ([], ["--set", "scenario.variant=TTL"]):
            self.refuses("run", "period-job", "--algorithm", "redis-ttl", "--seed", "3", *setting,
                         saying='names [05] runs; expected .* one of .*"TTL of T, poll T"')
        done = self.run_it("run", "period-job", "--algorithm", "redis-ttl", "--seed", "3",
                           "--set", "scenario.variant=TTL of T, poll T", expecting=1)
        self.assertRegex(done.stdout, r"frequency +violated +0 early and \d+ late of \d+ gaps, \d+ runs missed")

    def test_seeds(self):
        for seeds in ("0", "-3", "5..3", "x", "1..", "99999999999999999999", "0..18446744073709551615",
                      "18446744073709551615..18446744073709551615"):
            self.refuses("compare", "calm", f"--seeds={seeds}", saying="--seeds.*expected N")
        self.refuses("compare", "calm", "--seeds", "100000000000", saying="more than 10000000 seeds")
        for seed in ("-1", "x", "1.5", "18446744073709551616"):
            self.refuses("run", "calm", "--algorithm", "redis-ttl", f"--seed={seed}", saying="--seed.*whole number")
        self.run_it("compare", "calm", "--algorithms", "redis-ttl", "--seeds", "18446744073709551610..18446744073709551614",
                    "--quiet", expecting=0)

    def test_jobs(self):
        for jobs in ("0", "-1", "100000", "two"):
            self.refuses("compare", "calm", f"--jobs={jobs}", saying="--jobs.*whole number from 1 to")

    def test_durations_and_counts_of_a_scenario(self):
        self.refuses("compare", "calm", "--set", "scenario.lease=-5s", *FEW, saying='"-5s" is negative')
        self.refuses("compare", "calm", "--set", "scenario.lease=30", *FEW, saying="30 has no unit")
        self.refuses("compare", "calm", "--set", "scenario.clients=0", *FEW, saying="whole number from 1")
        self.refuses("compare", "calm", "--set", "redis-ttl.timeout=5", *FEW, saying='"5" does not suit timeout')
        self.refuses("compare", "calm", "--set", "lease=30s", *FEW, saying="is not a setting")

    def test_words_of_flags(self):
        for flag in ("--format", "--fail-on", "--progress", "--defaults"):
            self.refuses("compare", "calm", flag, "nonsense", saying=flag)


class Files(CommandLine):
    def test_json_that_cannot_be_read_is_told_at_its_place(self):
        texts = {"trunc": ('{"name": "x", "summary": "s', r"trunc.json:1:\d+: not valid JSON"),
                 "empty": ("", "empty.json:1:1: not valid JSON"),
                 "deep": ('{"a":' * 100_000 + "1" + "}" * 100_000, "nested deeper than 64 levels"),
                 "huge": ('{"name": "' + "x" * 5_000_000 + '"}', "longer than 4194304 bytes"),
                 "twice": ('{"name": "x", "lease": "1s", "lease": "2s"}', '1:30: key "lease" stands twice'),
                 "binary": ("\0\1\2", "NUL byte")}
        for name, (text, saying) in texts.items():
            self.refuses("compare", self.write(name + ".json", text), *FEW, saying=saying)
        self.refuses("compare", "missing.json", *FEW, saying="missing.json: cannot be read")
        os.mkdir(Path(self.folder.name) / "folder.json")
        self.refuses("compare", "folder.json", *FEW, saying="folder.json: cannot be read")

    def test_faults_that_cannot_be(self):
        for fault, saying in (({"kind": "parition"}, 'unknown word "parition"; did you mean "partition"'),
                              ({"kind": "slow-disk", "target": "client"}, 'cannot hit "client"'),
                              ({"kind": "pause", "target": "client:70"}, "no client:70"),
                              ({"kind": "pause", "target": "server:7"}, "no server:7"),
                              ({"kind": "pause", "target": "clint"}, '"clint" is no target'),
                              ({"kind": "pause", "duration": "-1s"}, '"-1s" is negative'),
                              ({"kind": "pause", "duration": 5}, "no unit")):
            name = self.write("fault.json", {"name": "x", "summary": "s", "faults": [fault]})
            self.refuses("compare", name, *FEW, saying=rf"fault.json:1:\d+: /faults/0/\w+: .*{saying}")

    def test_what_cannot_be_written_is_told_before_the_campaign_runs(self):
        many = ["--seeds", "1000000"]
        self.refuses("compare", "calm", *many, "-o", "missing/result", saying="missing/result: cannot be written")
        self.refuses("compare", "calm", *many, "-o", self.folder.name, saying="cannot be written")
        if os.geteuid() != 0:
            os.chmod(self.folder.name, 0o500)
            self.refuses("compare", "calm", *many, "-o", "result", saying="result: cannot be written")
            os.chmod(self.folder.name, 0o700)

    def test_a_full_disk(self):
        full = Path("/dev/full")
        if not full.is_char_device():
            self.skipTest("no /dev/full")
        self.refuses("list", "faults", "x", saying="no")
        with full.open("w") as stdout:
            done = self.run_it("list", "faults", expecting=64, stdout=stdout)
        self.assertIn("stdout: cannot be written", done.stderr)
        self.refuses("run", "calm", "--algorithm", "redis-ttl", "--seed", "1", "-o", "/dev/full",
                     saying="/dev/full: cannot be written")
        self.assertTrue(full.is_char_device(), "a device is never replaced")

    def test_a_file_is_replaced_whole_and_a_link_is_followed(self):
        self.write("result", "old")
        os.symlink("result", Path(self.folder.name) / "link")
        done = self.run_it("run", "calm", "--algorithm", "redis-ttl", "--seed", "1", "-o", "link", expecting=0)
        self.assertEqual(done.stdout, "")
        self.assertIn("lh1:", (Path(self.folder.name) / "result").read_text())
        self.assertEqual(self.files(), ["link", "result"])

    def test_an_interrupted_campaign_leaves_nothing(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            process = subprocess.Popen([PROGRAM, "compare", "--seeds", "1000000", "--jobs", "1", "-o", "result",
                                        "--progress", "lines"], cwd=self.folder.name, text=True,
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            time.sleep(0.5)
            process.send_signal(number)
            stdout, stderr = process.communicate(timeout=60)
            self.assertEqual(process.returncode, 130)
            self.assertEqual(stdout, "")
            self.assertIn("interrupted; no result is written", stderr)
            self.assertEqual(self.files(), [])


class Campaigns(CommandLine):
    def test_init_writes_a_campaign_that_runs_and_never_overwrites_one(self):
        self.run_it("init", expecting=0)
        self.assertEqual(self.files(), ["campaign.json"])
        self.refuses("init", saying="campaign.json: is there already")
        done = self.run_it("compare", "campaign.json", "--seeds", "5", "--quiet", expecting=0)
        self.assertRegex(done.stdout, r"5 runs each")
        self.assertRegex(done.stdout, r"Thresholds: 0 exceeded, 4 kept")
        self.refuses("init", "missing/campaign.json", saying="cannot be written")

    def test_a_campaign_stands_in_the_place_of_flags(self):
        name = self.write("own.json", {"scenarios": ["calm"], "algorithms": ["redis-*", "redlock"], "seeds": "5..9",
                                       "set": {"lease": "8s"}, "parameters": {"redlock": {"nodes": 3}}})
        told = json.loads(self.run_it("compare", name, "--format", "json", "--quiet", expecting=0).stdout)
        by_flags = json.loads(self.run_it(
            "compare", "calm", "--algorithms", "redis-*,redlock", "--seeds", "5..9", "--set", "scenario.lease=8s",
            "--set", "redlock.nodes=3", "--format", "json", "--quiet", expecting=0).stdout)
        self.assertEqual(told, by_flags)
        self.assertEqual(told["results"][0]["seeds"], {"first": 5, "count": 5})

    def test_flags_beside_a_campaign_win(self):
        name = self.write("own.json", {"scenarios": ["calm"], "algorithms": ["redlock"], "seeds": 1000000,
                                       "parameters": {"redlock": {"nodes": 3}}})
        told = json.loads(self.run_it("compare", name, "--seeds", "2", "--algorithms", "setnx", "--format", "json",
                                      "--quiet", expecting=0).stdout)
        self.assertEqual([(entry["algorithm"], entry["runs"]) for entry in told["results"]], [("setnx", 2)])
        told = json.loads(self.run_it("compare", name, "--seeds", "2", "--set", "redlock.nodes=7", "--format", "json",
                                      "--quiet", expecting=0).stdout)
        self.assertEqual(told["results"][0]["parameters"]["nodes"], "7")
        self.refuses("compare", name, "calm", saying="own.json: is a campaign, which names its scenarios itself")

    def test_an_exceeded_threshold_is_exit_1(self):
        threshold = {"property": "work_exclusion", "algorithm": "redis-ttl", "max_violated_ppm": 0}
        campaign = {"scenarios": ["gc-pauses"], "algorithms": ["redis-ttl", "setnx"], "seeds": 20,
                    "thresholds": [threshold]}
        name = self.write("own.json", campaign)
        done = self.run_it("compare", name, "--quiet", expecting=1)
        self.assertRegex(done.stdout, r"Thresholds: 1 exceeded, 0 kept\n"
                                      r"  exceeded: work_exclusion of redis-ttl on gc-pauses, violated in \d+ of\s+20\s+runs")
        done = self.run_it("compare", name, "--quiet", "--format", "json", expecting=1)
        judged = json.loads(done.stdout)["thresholds"]
        self.assertEqual(len(judged), 1)
        self.assertLessEqual(1, judged[0]["violated_runs"])
        self.assertLessEqual({"algorithm": "redis-ttl", "max_violated_ppm": 0, "judged_runs": 20, "exceeded": True}.items(),
                             judged[0].items())
        self.assertIn("1 exceeded", done.stderr)
        threshold["max_violated_ppm"] = 1_000_000
        done = self.run_it("compare", self.write("own.json", campaign), "--quiet", expecting=0)
        self.assertIn("0 exceeded, 1 kept", done.stdout)

    def test_what_is_wrong_with_a_campaign_is_told_at_its_place(self):
        for content, saying in (({"seeds": 5, "sceanrios": []}, 'unknown key "sceanrios".*did you mean "scenarios"'),
                                ({"seeds": 0}, "own.json:1:11: /seeds"),
                                ({"seeds": 5, "algorithms": ["redis-tll"]}, 'own.json, --algorithms: unknown algorithm'),
                                ({"seeds": 5, "set": {"lease": "-1s"}}, "own.json, --set scenario.lease: .*negative"),
                                ({"seeds": 5, "thresholds": [{"property": "progress", "algorithm": "redis-tll"}]},
                                 'own.json: /thresholds/0/algorithm: "redis-tll" names nothing.*did you mean "redis-ttl"'),
                                ({"seeds": 5, "thresholds": [{"property": "progress", "scenario": "clam"}]},
                                 'own.json: /thresholds/0/scenario: "clam" names nothing.*did you mean "calm"')):
            self.refuses("compare", self.write("own.json", content), saying=saying)

    def test_what_a_workload_or_a_lock_has_not_is_null_and_not_0(self):
        def effects(scenario, algorithm):
            done = self.run_it("compare", scenario, "--algorithms", algorithm, "--seeds", "2", "--format", "json",
                               "--quiet", expecting=0)
            return json.loads(done.stdout)["results"][0]["effects"]
        section = effects("calm", "redis-ttl")
        self.assertEqual({name for name, value in section.items() if value is None},
                         {"lost", "duplicate", "fenced_rejected", "would_be_rejected"})
        self.assertEqual(section["stale"], 0)
        job = effects("index-job", "etcd-lease")
        self.assertEqual({name for name, value in job.items() if value is None}, {"lost"})

    def test_what_was_never_seen_has_a_bound(self):
        done = self.run_it("compare", "calm", "--algorithms", "oracle", "--seeds", "20", "--format", "json", "--quiet",
                           expecting=0)
        entry = json.loads(done.stdout)["results"][0]
        self.assertEqual((entry["work_overlaps_per_acquire"], entry["work_overlaps_per_acquire_low"]), (0, 0))
        self.assertAlmostEqual(entry["work_overlaps_per_acquire_high"] * entry["attempts"]["acquired"], 3.69, delta=0.02)
        done = self.run_it("compare", "calm", "--algorithms", "oracle", "--seeds", "20", "--details", "--quiet", expecting=0)
        self.assertRegex(done.stdout, r"works at once .*\n─+\noracle +≤ [1-9]")

    def test_defaults_of_the_vendor(self):
        self.refuses("compare", "calm", "--algorithms", "redis-ttl", "--defaults", "vendor", *FEW,
                     saying="redis-ttl has none of its own: its callers choose")
        done = self.run_it("compare", "calm", "--algorithms", "etcd-lease,pg-advisory", "--defaults", "vendor",
                           "--format", "json", *FEW, expecting=0)
        entries = json.loads(done.stdout)["results"]
        self.assertEqual([entry["parameters"]["defaults"] for entry in entries], ["vendor", "vendor"])
        usual = self.run_it("compare", "calm", "--algorithms", "etcd-lease", "--format", "json", *FEW, expecting=0)
        self.assertNotEqual(json.loads(usual.stdout)["results"][0]["digest"], entries[0]["digest"])
        done = self.run_it("run", "calm", "--algorithm", "etcd-lease", "--seed", "1", "--defaults", "vendor", expecting=0)
        recipe = re.search(r"lh1:[^']+", done.stdout)[0]
        self.assertEqual(self.run_it("replay", recipe, expecting=0).stdout, done.stdout)


class Recipes(CommandLine):
    def printed(self, *arguments):
        """The recipe that a run prints, and all that it printed."""
        done = subprocess.run([PROGRAM, "run", *arguments], cwd=self.folder.name, text=True, capture_output=True)
        self.assertIn(done.returncode, (0, 1, 2), done.stderr)
        return re.search(r"replay '([^']+)'", done.stdout)[1], done

    def replays(self, *arguments):
        recipe, done = self.printed(*arguments)
        again = self.run_it("replay", recipe, expecting=done.returncode)
        self.assertEqual(again.stdout, done.stdout)

    def test_every_recipe_replays(self):
        names = self.run_it("list", "algorithms", expecting=0).stdout
        self.write("own lock's #1.json", SMALL)
        for algorithm in re.findall(r"^(\S+) ", names, re.M):
            self.replays("gc-pauses", "--algorithm", algorithm, "--seed", "3")
            self.replays("./own lock's #1.json", "--algorithm", algorithm, "--seed", "18446744073709551615",
                         "--set", "scenario.lease=8s")

    def test_every_recipe_with_a_variant_of_a_lock_replays(self):
        names = self.run_it("list", "algorithms", expecting=0).stdout
        for algorithm in re.findall(r"^(\S+) ", names, re.M):
            page = self.run_it("list", "algorithms", algorithm, expecting=0).stdout
            for name, values in re.findall(r"^  ([\w-]+)=(\S+)", page, re.M):
                if values == "DURATION":
                    values = "1500ms"
                elif values == "NUMBER":
                    values = "50"
                for value in values.split("|"):
                    self.replays("crashes", "--algorithm", algorithm, "--seed", "7", "--set",
                                 f"{algorithm}.{name}={value}", "--set", "scenario.horizon=20s")

    def test_the_recipes_of_a_comparison_replay(self):
        self.write("own.json", SMALL)
        table = self.run_it("compare", "gc-pauses", "./own.json", "--algorithms", "redis-*,etcd-lease", "--set",
                            "etcd-lease.fencing=on", "--set", "scenario.lease=9s", "--seeds", "10", "--quiet",
                            expecting=0).stdout
        recipes = re.findall(r"^  (lh1:\S+)", table, re.M)
        self.assertGreaterEqual(len(recipes), 2)
        for recipe in recipes:
            self.run_it("replay", recipe, expecting=1)

    def test_the_history_of_a_run_with_faults_is_judged_as_the_run_was(self):
        for scenario, algorithm, exits, harm in (("crashes", "oracle", 0, "holds"),
                                                 ("partitions", "redis-ttl", 1, "violated")):
            run = self.run_it("run", scenario, "--algorithm", algorithm, "--seed", "1", "--history", "run.jsonl",
                              expecting=exits)
            self.assertRegex(run.stdout, f"effect_safety +{harm}")
            check = self.run_it("check", "run.jsonl", "--specification", "leased-mutex", expecting=0)
            self.assertRegex(check.stdout, f"service +holds.*\n.*belief +holds\n.*effect +{harm}")

    def test_what_breaks_a_lock_is_the_fault_without_which_it_holds(self):
        drift = {"kind": "clock-rate", "target": "all", "at": "0s", "duration": "20s", "rate_ppm": 10}
        both = self.write("both.json", SMALL | {"faults": [drift, *SMALL["faults"]]})
        done = self.run_it("compare", both, "--algorithms", "redis-ttl", *FEW, expecting=0)
        self.assertRegex(done.stdout, r"redis-ttl@both.json.*\n? *pause of")

    def test_a_recipe_of_other_times_says_what_differs(self):
        recipe, _ = self.printed("calm", "--algorithm", "redis-ttl", "--seed", "1")
        digest = re.search("~([0-9a-f]{8})", recipe)[1]
        scenario, parameters, version = digest[:3], digest[3:6], digest[6:]
        for part, other in (("scenario of that name", "000" + parameters + version),
                            ("set of parameters", scenario + "000" + version),
                            ("replay version", scenario + parameters + "00")):
            self.refuses("replay", recipe.replace(digest, other), saying=f"made for another {part}")
        self.run_it("replay", recipe.replace("~" + digest, ""), expecting=0)
        for broken in ("", "lh1:", "lh2:x@y#1", "lh1:redis-ttl#1", "lh1:redis-ttl@calm", "lh1:redis-ttl@calm#-1",
                       "lh1:redis-ttl@calm~12#1", "lh1:redis-ttl:x@calm#1", "lh1:redis-ttl@calm#1#x"):
            self.refuses("replay", broken, saying="recipe|RECIPE")


class Explanations(CommandLine):
    RUN = "lh1:redis-ttl@pause-after-check:variant=deadline kept#0"

    def test_how_a_violation_came_about(self):
        arguments = ("explain", self.RUN, "--symptom", "effect_safety")
        told = self.run_it(*arguments, expecting=0).stdout
        for words in ("Client 1 is paused for 7 s", "Critical moment: 15.108 s", "sends its write", "0.60 leases"):
            self.assertIn(words, told)
        for line in told.splitlines():
            self.assertTrue(len(line) <= 80 or line.startswith("Next: "), line)
        self.assertEqual(self.run_it(*arguments, expecting=0).stdout, told)
        self.run_it("whatif", re.search(r"leasehold whatif '(.*)'", told)[1], expecting=0)
        work = self.run_it("explain", self.RUN, "--symptom", "work_exclusion", "--format", "json", expecting=0)
        self.assertEqual(json.loads(work.stdout)["property"], "work_exclusion")
        self.assertEqual(self.run_it(*arguments, "--html", "page.html", expecting=0).stdout, told)
        self.assertIn("Critical moment: 15.108 s", (Path(self.folder.name) / "page.html").read_text())

    def test_every_property_is_explained_of_every_lock(self):
        seen = set()
        for algorithm in ("setnx", "redis-ttl", "redlock", "etcd-lease", "pg-advisory", "none"):
            for scenario, seeds in (("mixed", 4), ("crashes", 3), ("period-job:variant=released after work", 1)):
                for seed in range(seeds):
                    recipe = f"lh1:{algorithm}@{scenario}#{seed}"
                    replayed = subprocess.run([PROGRAM, "replay", recipe], text=True, capture_output=True)
                    for violated in re.findall(r"^  (\w+) +violated", replayed.stdout, re.M):
                        seen.add(violated)
                        told = self.run_it("explain", recipe, "--symptom", violated, expecting=0).stdout
                        for line in told.splitlines():
                            self.assertTrue(len(line) <= 80 or line.startswith("Next: "), line)
        self.assertGreaterEqual(seen, {"work_exclusion", "effect_safety", "progress", "frequency"})


class Counterfactuals(CommandLine):
    RUN = Explanations.RUN

    def test_what_would_have_prevented_a_violation(self):
        harm = self.run_it("whatif", self.RUN, "--symptom", "effect_safety", expecting=0).stdout
        self.assertRegex(harm, r"token = incr, +prevented")
        table = self.run_it("whatif", self.RUN, expecting=0).stdout
        self.assertRegex(table, r"token = incr, +still violated;")
        for line in table.splitlines():
            self.assertLessEqual(len(line), 80, line)
        self.assertEqual(self.run_it("whatif", self.RUN, expecting=0).stdout, table)
        told = json.loads(self.run_it("whatif", self.RUN, "--seeds", "2", "--format", "json", expecting=0).stdout)
        self.assertEqual(told["as_it_was"]["seeds"], {"violated_runs": 2, "judged_runs": 2})

    def test_a_run_without_the_violation_is_refused(self):
        self.refuses("whatif", "lh1:oracle@calm#1", saying="does not violate any property")
        self.refuses("explain", "lh1:oracle@calm#1", saying="does not violate any property")
        self.refuses("whatif", self.RUN, "--symptom", "progress",
                     saying="does not violate progress; expected --symptom .*work_exclusion")
        self.refuses("whatif", self.RUN, "--symptom", "work-exclusion", saying="work_exclusion")
        self.refuses("whatif", "nowhere.json", saying="nowhere.json")


class Shrinking(CommandLine):
    PAUSE = "lh1:redis-ttl@gc-pauses#0"

    def shrinks(self, *arguments):
        """The incident that is left, and what is told of it."""
        done = self.run_it("shrink", *arguments, "-o", "small.json", expecting=1)
        return json.loads((Path(self.folder.name) / "small.json").read_text()), done

    def test_a_long_pause_is_left_with_its_pause_and_two_clients(self):
        incident, done = self.shrinks(self.PAUSE)
        self.assertEqual([fault["kind"] for fault in incident["plan"]["faults"]], ["pause"])
        self.assertEqual(incident["scenario"]["clients"], 2)
        self.assertRegex(done.stdout, r"faults +\d+ → 1 +pause of holder for \d+ s\n")
        self.assertRegex(done.stdout, r"rounds +\d+ → 2\n")
        self.assertIn("leasehold explain 'small.json'", done.stdout)
        self.assertEqual(done.stderr, "")
        for line in done.stdout.splitlines():
            self.assertLessEqual(len(line), 80, line)
        replayed = self.run_it("replay", "small.json", expecting=1).stdout
        self.assertRegex(replayed, rf"{incident['symptom']} +violated")

    def test_the_incident_goes_to_stdout_and_the_rest_to_stderr(self):
        incident, _ = self.shrinks(self.PAUSE)
        done = self.run_it("shrink", self.PAUSE, expecting=1)
        self.assertEqual(json.loads(done.stdout), incident)
        self.assertIn("stays violated", done.stderr)
        quiet = self.run_it("shrink", self.PAUSE, "--quiet", expecting=1)
        self.assertEqual(quiet.stdout, done.stdout)
        self.assertEqual(quiet.stderr, "")

    def test_what_is_left_can_be_shrunk_again_and_is_no_smaller(self):
        first, _ = self.shrinks(self.PAUSE)
        name = self.write("first.json", first)
        again, done = self.shrinks(name)
        self.assertRegex(done.stdout, r"rounds +2 → 2\n")
        self.assertEqual(again["symptom"], first["symptom"])

    def test_the_violation_to_keep_can_be_chosen(self):
        for symptom in ("work_exclusion", "effect_safety"):
            incident, done = self.shrinks(self.PAUSE, "--symptom", symptom)
            self.assertEqual(incident["symptom"], symptom)
            self.assertIn(f"{symptom} stays violated", done.stdout)
        self.refuses("shrink", self.PAUSE, "--symptom", "progress", "-o", "none.json",
                     saying="does not violate progress; expected --symptom .*work_exclusion")
        self.refuses("shrink", self.PAUSE, "--symptom", "work", saying="--symptom")

    def test_a_run_that_violates_nothing_is_refused(self):
        self.refuses("shrink", "lh1:oracle@gc-pauses#0", "-o", "none.json", saying="does not violate any property")
        self.refuses("shrink", "missing.json", saying="missing.json")
        self.refuses("shrink", self.PAUSE, "-o", "missing/small.json", saying="cannot be written")

    def test_the_budget_is_kept_and_told(self):
        incident, done = self.shrinks(self.PAUSE, "--max-runs", "10")
        self.assertIn("10 runs; no more were allowed", done.stdout)
        self.refuses("shrink", self.PAUSE, "--max-runs", "0", saying="no whole number")

    def test_an_interrupted_shrink_leaves_nothing(self):
        self.write("long.json", {**SMALL, "horizon": "50h", "clients": 10})
        process = subprocess.Popen([PROGRAM, "shrink", "lh1:none@./long.json#1", "-o", "small.json"],
                                   cwd=self.folder.name, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=60)
        self.assertEqual((process.returncode, stdout), (130, ""))
        self.assertIn("interrupted; no result is written", stderr)
        self.assertEqual(self.files(), ["long.json"])


class Help(CommandLine):
    def test_every_page_of_help_fits_the_terminal_and_ends_with_the_exit_codes(self):
        listed = self.run_it("--help", expecting=0).stdout
        subcommands = re.findall(r"^  (\w+) {2,}", listed.split("Subcommands:")[1], re.M)
        self.assertIn("init", subcommands)
        for page in [listed] + [self.run_it(name, "--help", expecting=0).stdout for name in subcommands]:
            self.assertIn("Exit codes:", page)
            self.assertIn("130", page)
            for line in page.splitlines():
                self.assertLessEqual(len(line), 80, line)

    def test_lists_fit_the_terminal(self):
        for what in ("algorithms", "scenarios", "incidents", "faults", "specifications", "properties"):
            listed = self.run_it("list", what, expecting=0).stdout
            pages = [listed]
            for name in re.findall(r"^(\S+) {2,}", listed, re.M):
                pages.append(self.run_it("list", what, name, expecting=0).stdout.split("\n{")[0])
            for line in "\n".join(pages).splitlines():
                self.assertTrue(len(line) <= 80 or line.startswith("  leasehold replay '"), line)

    def test_each_incident_tells_its_story_and_a_run_that_can_be_pasted(self):
        listed = self.run_it("list", "incidents", expecting=0).stdout
        names = re.findall(r"^(\S+) {2,}(?! |not modelled: )", listed, re.M)
        self.assertIn("voucher", names)
        self.assertIn("sentinel-failover", listed)
        for name in names:
            page = self.run_it("list", "incidents", name, expecting=0).stdout
            self.assertRegex(page, r"(?s)\nstory: .*\nhappens: .*\nsource: .*\ndesigns.*→ .*\ntry:\n")
            self.assertIn(f"  leasehold compare {name}\n", page)
            recipe = re.search("  leasehold replay '(.*)' --trace\n", page)[1]
            failed = "violated" in page.split("\ndesigns", 1)[1]
            shown = self.run_it("replay", recipe, expecting=1 if failed else 0).stdout
            self.assertEqual(failed, " violated " in shown)
        self.refuses("list", "incidents", "vouchers", saying='did you mean "voucher"')

    def test_each_property_says_how_it_is_measured(self):
        listed = self.run_it("list", "properties", expecting=0).stdout
        names = re.findall(r"^(\w+) {2,}", listed, re.M)
        self.assertEqual(len(names), 7)
        for name in names:
            self.assertRegex(self.run_it("list", "properties", name, expecting=0).stdout, f"^{name}: .*\n(.|\n)*measured: ")

    def test_a_comparison_fits_the_terminal_but_for_its_recipes(self):
        for scenarios in (("index-job",), ("overload", "partitions"), ("period-job",), ("approaches",)):
            table = self.run_it("compare", *scenarios, "--details", *FEW, expecting=0).stdout
            for line in table.splitlines():
                self.assertTrue(len(line) <= 80 or line.strip().startswith(("lh1:", "'lh1:")), line)
                self.assertNotRegex(line, r"(?<![\d.,])0(\.0*)? ?%")

    def test_a_run_and_its_trace_fit_the_terminal(self):
        for algorithm, scenario in (("etcd-lease", "mixed"), ("redis-ttl", "gc-pauses"), ("pg-advisory", "crashes")):
            done = subprocess.run([PROGRAM, "run", scenario, "--algorithm", algorithm, "--seed", "2", "--trace"],
                                  text=True, capture_output=True)
            lines = done.stdout.splitlines()
            self.assertGreater(len(lines), 100)
            for line in lines:
                self.assertTrue(len(line) <= 80 or line.startswith("replay "), line)

    def test_schemas_of_all_files(self):
        for name in ("scenario", "campaign", "result"):
            schema = json.loads(self.run_it("schema", name, expecting=0).stdout)
            self.assertEqual(schema["$schema"], "http://json-schema.org/draft-07/schema#")
        self.refuses("schema", "reslut", saying="FILE")

    def test_a_result_is_as_its_schema_says(self):
        schema = json.loads(self.run_it("schema", "result", expecting=0).stdout)
        campaign = self.write("own.json", {"scenarios": ["calm", "index-job", "period-job"], "seeds": 2,
                                           "thresholds": [{"property": "progress"}]})
        for scenarios in ((campaign,), ("setnx-stuck", "mixed")):
            result = json.loads(self.run_it("compare", *scenarios, *FEW, "--format", "json", expecting=0).stdout)
            Draft7Validator(schema).validate(result)

    def test_formats_are_what_they_say(self):
        arguments = ("compare", "calm", "gc-pauses", "--algorithms", "redis-ttl,none", *FEW)
        csv = self.run_it(*arguments, "--format", "csv", expecting=0).stdout.splitlines()
        self.assertEqual(len(csv), 5)
        self.assertTrue(csv[0].startswith("scenario,algorithm,"))
        results = json.loads(self.run_it(*arguments, "--format", "json", expecting=0).stdout)["results"]
        self.assertEqual(len(results), 4)
        for entry in results:
            recovered = {kind: times["p50"] > 0 for kind, times in entry["recovery_ns"].items()}
            self.assertEqual(recovered, {kind: True for kind, faults in entry["faults"].items() if faults["in_effect"]})
        self.assertIn("| :-- | --: |", self.run_it(*arguments, "--format", "markdown", expecting=0).stdout)
        self.assertEqual(self.run_it(*arguments, "--fail-on", "violation", expecting=1).stderr, "")


if __name__ == "__main__":
    PROGRAM = os.path.abspath(sys.argv.pop(1))
    unittest.main()
