#!/usr/bin/python3
"""timeline_test.py PROGRAM: the pages and pictures of a run, as `leasehold run` and `replay` write them."""

import base64
import hashlib
import json
import os
import re
import sys
import unittest
from pathlib import Path
from xml.etree import ElementTree

import cli_test
from cli_test import CommandLine

RUN = ("run", "gc-pauses", "--algorithm", "none", "--seed", "5")


def hash_of(text):
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


class Timelines(CommandLine):
    def read(self, name):
        return (Path(self.folder.name) / name).read_text(encoding="utf-8")

    def test_the_policy_of_a_page_allows_its_own_style_and_script_alone(self):
        self.run_it(*RUN, "--html", "run.html", expecting=1)
        page = self.read("run.html")
        style = re.search("<style>(.*?)</style>", page, re.S)[1]
        script = re.search("<script>(.*?)</script>", page, re.S)[1]
        self.assertEqual(re.findall("style-src '([^']*)'", page), [hash_of(style)])
        self.assertEqual(re.findall("script-src '([^']*)'", page), [hash_of(script)])
        self.assertEqual((page.count("<style"), page.count("<script")), (1, 2))

    def test_pictures_are_xml(self):
        self.run_it(*RUN, "--svg", "run.svg", "--html", "run.html", expecting=1)
        root = ElementTree.fromstring(self.read("run.svg"))
        self.assertEqual(root.tag, "{http://www.w3.org/2000/svg}svg")
        self.assertGreater(len(root.findall(".//{*}rect[@class='work']")), 1)
        self.assertGreater(len(root.findall(".//{*}rect[@class='overlap']")), 1)
        pictures = re.findall("<svg.*?</svg>", self.read("run.html"), re.S)
        self.assertGreater(len(pictures), 1)
        for picture in pictures:
            ElementTree.fromstring(picture)

    def test_a_recipe_gives_the_same_page_as_its_run_every_time(self):
        done = self.run_it(*RUN, "--html", "run.html", "--trace-events", "run.json", expecting=1)
        recipe = re.search(r"leasehold replay '(lh1:\S*)'", done.stdout)[1]
        self.run_it("replay", recipe, "--html", "again.html", "--trace-events", "again.json", expecting=1)
        self.assertEqual(self.read("again.html"), self.read("run.html"))
        self.assertEqual(self.read("again.json"), self.read("run.json"))
        self.assertIn("leasehold replay 'lh1:none@gc-pauses", self.read("run.html"))
        names = {event["name"] for event in json.loads(self.read("run.json"))["traceEvents"]}
        self.assertIn("process_name", names)

    def test_a_run_that_nobody_could_look_through_is_refused(self):
        setting = "scenario.horizon=15min"
        done = self.run_it("run", "mixed", "--algorithm", "redlock", "--seed", "1", "--set", setting, "--html", "run.html",
                           expecting=64)
        self.assertIn("has too many events for a timeline", done.stderr)
        self.assertFalse((Path(self.folder.name) / "run.html").exists())

    def test_a_page_that_cannot_be_written_is_an_error(self):
        self.run_it(*RUN, "--html", "nowhere/run.html", expecting=64)


if __name__ == "__main__":
    cli_test.PROGRAM = os.path.abspath(sys.argv.pop(1))
    unittest.main()
