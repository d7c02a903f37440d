#!/usr/bin/env python3
"""The example workflows give the action what it knows, and a case of the same name runs each with exactly these inputs.

Run with python3 tests/workflows/test_workflows.py."""

import re
import unittest
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
EXAMPLES = {path.stem.removeprefix("example-"): path for path in (ROOT / ".github/workflows").glob("example-*.yaml")}


def steps_of(path):
    jobs = yaml.safe_load(path.read_text())["jobs"].values()
    return [step for job in jobs for step in job["steps"]]


class Workflows(unittest.TestCase):
    def test_there_are_examples(self):
        self.assertEqual(sorted(EXAMPLES), ["digest", "matrix", "plan", "tag"])

    def test_the_action_knows_every_input(self):
        for name, path in EXAMPLES.items():
            ours = [step for step in steps_of(path) if step.get("uses") == "./"]
            self.assertEqual(len(ours), 1, name)
            self.assertEqual(set(ours[0]["with"]) - set(ACTION["inputs"]), set(), name)

    def test_a_case_gives_the_same_inputs(self):
        for name, path in EXAMPLES.items():
            given = {key for step in steps_of(path) if step.get("uses") == "./" for key in step["with"]}
            lines = (ROOT / "tests/cases/workflows" / name / "env").read_text().splitlines()
            tried = {line.split("=")[0].removeprefix("INPUT_").lower() for line in lines if line.startswith("INPUT_")}
            self.assertEqual(given, tried, name)

    def test_foreign_actions_are_pinned_by_their_commit(self):
        for path in (ROOT / ".github/workflows").glob("*.yaml"):
            for step in steps_of(path):
                uses = step.get("uses", "./")
                self.assertTrue(uses == "./" or re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", uses), f"{path.name}: {uses}")

    def test_no_script_holds_an_expression(self):
        for path in EXAMPLES.values():
            for step in steps_of(path):
                self.assertNotIn("${{", step.get("run", ""), path.name)

    def test_outputs_that_are_read_are_there(self):
        for path in EXAMPLES.values():
            for name in re.findall(r"steps\.plan\.outputs\.([\w-]+)", path.read_text()):
                self.assertIn(name, ACTION["outputs"])


if __name__ == "__main__":
    unittest.main()
