#!/usr/bin/python3
"""The runner tells a kill from everything that only looks like one."""

import json
import unittest
from unittest import mock

import run

FILE = "models/redis/keyspace.hpp"
LINE = "  void erase(std::uint64_t key) {\n"


def diff(*lines):
    return f"--- a/{FILE}\n+++ b/{FILE}\n@@ -9999,1 +9999,1 @@\n" + "".join(lines)


def mutant(diff_text="", command=("true",), promise="work_exclusion"):
    return run.Mutant("m", "breaks", run.read_hunks(diff_text), "", "", command, promise, False)


def prints(text, code=0):
    return "sh", "-c", f'printf "%s" "$0"; exit {code}', text


def result(verdict, seeds):
    return {"seeds": {"first": 5000},
            "properties": {"work_exclusion": {"verdict": verdict, "violated_seeds": seeds}}}


class Patches(unittest.TestCase):
    def test_a_hunk_replaces_its_text_wherever_that_stands(self):
        text = run.mutated(mutant(diff("-" + LINE, "+  void keep() {\n")))[FILE]
        self.assertNotIn(LINE, text)
        self.assertIn("\n  void keep() {\n", text)

    def test_a_hunk_whose_text_is_gone_or_stands_twice_does_not_fit(self):
        for old in ("  void eraze() {\n", "  }\n"):
            with self.assertRaisesRegex(run.Problem, "does not fit"):
                run.mutated(mutant(diff("-" + old)))

    def test_context_tells_equal_lines_apart(self):
        context = "    if (Entry* entry = find(key)) return *entry;\n"
        text = run.mutated(mutant(diff(" " + context, "+    // more\n")))[FILE]
        self.assertIn(context + "    // more\n", text)

    def test_hunks_of_one_file_add_up(self):
        added = diff("-" + LINE, "+// one\n") + "@@ -1 +1 @@\n-#pragma once\n+// two\n"
        text = run.mutated(mutant(added))[FILE]
        self.assertTrue(text.startswith("// two\n") and "\n// one\n" in text)


class Cases(unittest.TestCase):
    def test_a_test_case_is_found_however_its_name_is_wrapped_and_missed_if_it_is_gone(self):
        found = mutant()._replace(killer="checkers: touching")
        self.assertRaises(run.Problem, run.find_case, found)
        run.find_case(mutant()._replace(killer="checkers: the fast procedures judge the known lock "
                                               "histories rightly or leave them to the search"))


class Judgements(unittest.TestCase):
    def judged(self, *results, code=0):
        return run.judge(mutant(command=prints(json.dumps({"results": results}), code)))

    def test_the_seeds_needed_are_those_of_the_quickest_cell(self):
        outcome = self.judged(result("violated", [[5007, 5009]]), result("violated", [[5003, 5003]]))
        self.assertEqual(outcome, run.Outcome(True, 4))

    def test_a_property_that_holds_is_not_violated(self):
        self.assertEqual(self.judged(result("holds", []), result("n/a", [])), run.Outcome(False))

    def test_a_property_that_nothing_judged_proves_nothing(self):
        with self.assertRaisesRegex(run.Problem, "was not judged"):
            self.judged(result("unknown", []))

    def test_a_failed_assertion_is_no_kill(self):
        with self.assertRaisesRegex(run.Problem, "exit 70"):
            self.judged(result("violated", [[5000, 5000]]), code=70)

    def test_a_test_case_is_violated_when_it_fails_and_in_no_other_way(self):
        def judged(text, code):
            return run.judge(mutant(command=prints(text, code), promise=""))
        self.assertFalse(judged("All tests passed (3 assertions in 1 test case)", 0).violated)
        for text in ("test cases: 1 | 1 failed\n", "test cases:  1 |  1 failed\nassertions: 15\n"):
            self.assertTrue(judged(text, 1).violated)
        for text, code in (("No tests ran", 0), ("", 1), ("All tests passed (0 assertions)", 0)):
            with self.assertRaises(run.Problem):
                judged(text, code)

    def test_a_test_that_dies_of_a_signal_is_no_kill(self):
        with self.assertRaises(run.Problem):
            run.judge(mutant(command=("sh", "-c", 'echo "test cases: 1 | 1 failed"; kill -ABRT $$'),
                             promise=""))


if __name__ == "__main__":
    unittest.main()
