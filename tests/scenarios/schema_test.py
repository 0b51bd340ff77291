#!/usr/bin/env python3
"""Judges the library and the schemas themselves by the schemas (draft-07), with python3-jsonschema.

Usage: schema_test.py SOURCE_DIR. Prints what is wrong and exits 1.
"""

import copy
import json
import pathlib
import sys

from jsonschema import Draft7Validator

# What the schema of scenarios must refuse, whoever reads it: a JSON pointer's keys and a value.
REFUSED = [
    (["leese"], "10s"),
    (["lease"], 10),
    (["lease"], "-10s"),
    (["lease"], "10"),
    (["clients"], 0),
    (["summary"], "two\nlines"),
    (["work"], {"uniform": ["1s"]}),
    (["work"], {"uniform": ["1s", "2s"], "leases": 1}),
    (["work"], {"leases": 0.5, "max": "1s"}),
    (["workload"], {"kind": "counter", "poll": "1s"}),
    (["faults"], [{"kind": "paus"}]),
    (["faults"], [{"target": "holder"}]),
    (["faults"], [{"kind": "pause", "factor": 3}]),
    (["faults"], [{"kind": "pause", "target": "server:5"}]),
    (["faults"], [{"kind": "pause", "on": {"event": "works"}}]),
    (["truth"], {"conditions": "none"}),
    (["variants"], [{"expect": {"work_exclusion": "breaks"}}]),
    (["variants"], [{"expect": {"work_exclusion": {"at_least_per_mille": 1001}}}]),
    (["variants"], [{"expect": {"longest_wait": {"at_least": "-1s"}}}]),
    (["variants"], [{"expect": {}}]),
]


def schema_nodes(node):
    """Every object of a schema that may carry a default or examples."""
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from schema_nodes(value)
    elif isinstance(node, list):
        for value in node:
            yield from schema_nodes(value)


def stated_values(node):
    """The examples and the default of a property, where it has a description."""
    if "description" in node and isinstance(node["description"], str):
        yield from node.get("examples", [])
        if "default" in node:
            yield node["default"]


def problems_of_schema(name, schema):
    Draft7Validator.check_schema(schema)
    for node in schema_nodes(schema):
        for value in stated_values(node):
            inner = dict(node, definitions=schema["definitions"])
            for error in Draft7Validator(inner).iter_errors(value):
                yield f"{name}: {json.dumps(value)}: {error.message}"


def problems_of_file(path, validator):
    for error in validator.iter_errors(json.loads(path.read_text())):
        yield f"{path}: /{'/'.join(map(str, error.absolute_path))}: {error.message}"


def problems_of_refusals(validator):
    for keys, value in REFUSED:
        file = {"name": "x"}
        inner = file
        for key in keys[:-1]:
            inner = inner.setdefault(key, {})
        inner[keys[-1]] = copy.deepcopy(value)
        if validator.is_valid(file):
            yield f"the schema of scenarios takes {json.dumps(file)}"


def main():
    scenarios = pathlib.Path(sys.argv[1]) / "scenarios"
    schemas = {
        path.name.split(".")[0]: json.loads(path.read_text())
        for path in sorted((scenarios / "schema").glob("*.schema.json"))
    }
    problems = []
    for name, schema in schemas.items():
        problems += problems_of_schema(name, schema)
    validator = Draft7Validator(schemas["scenario"])
    library = sorted((scenarios / "library").rglob("*.json"))
    for path in library:
        problems += problems_of_file(path, validator)
    problems += problems_of_refusals(validator)
    for problem in problems:
        print(problem)
    print(f"{len(schemas)} schemas, {len(library)} library files, {len(problems)} problems")
    return 1 if problems or not library else 0


if __name__ == "__main__":
    sys.exit(main())
