#!/usr/bin/env python3
"""The workflows in examples/github give the action what it knows, and a case of the same name runs each with exactly these
inputs. They work in other repositories; the page for newcomers shows the first of them.

Run with python3 tests/workflows/test_workflows.py."""

import re
import unittest
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
EXAMPLES = {path.stem: path for path in (ROOT / "examples/github").glob("*.yaml")}
OURS = "OWNER/pachup@v1"
# tests/release.sh runs the setup action, cases of token/ the renewal; the original action's variables are not inputs
WITHOUT_CASE = {"binary", "drift", "original-action", "rotate-token"}
WITH_CASE = {name: path for name, path in EXAMPLES.items() if name not in WITHOUT_CASE}


def steps_of(path):
    jobs = yaml.safe_load(path.read_text())["jobs"].values()
    return [step for job in jobs for step in job["steps"]]


class Workflows(unittest.TestCase):
    def test_there_are_examples(self):
        self.assertEqual(sorted(WITH_CASE), ["deploy", "digest", "expired-previews", "matrix", "plan", "preview", "prune", "tag",
                                             "write-back"])
        self.assertEqual(WITHOUT_CASE - set(EXAMPLES), set())

    def test_the_action_knows_every_input(self):
        for name, path in EXAMPLES.items():
            for step in steps_of(path):
                if step.get("uses") == OURS:
                    self.assertEqual(set(step.get("with", {})) - set(ACTION["inputs"]), set(), name)

    def test_they_work_elsewhere(self):
        for name, path in EXAMPLES.items():
            ours = [step["uses"] for step in steps_of(path) if "pachup" in step.get("uses", "")]
            self.assertEqual(len(ours), 1, name)
            self.assertIn(ours[0], {OURS, "OWNER/pachup/action/setup@v1"}, name)
            self.assertNotIn("uses: ./", path.read_text(), name)

    def test_a_case_gives_the_same_inputs(self):
        for name, path in WITH_CASE.items():
            given = {key for step in steps_of(path) if step.get("uses") == OURS for key in step["with"]}
            lines = (ROOT / "tests/cases/workflows" / name / "env").read_text().splitlines()
            tried = {line.split("=")[0].removeprefix("INPUT_").lower() for line in lines if line.startswith("INPUT_")}
            self.assertEqual(given, tried, name)

    def test_a_case_runs_the_same_lines_of_gitlab(self):
        jobs = yaml.safe_load((ROOT / "examples/gitlab/.gitlab-ci.yml").read_text())
        for name in ("plan", "push"):
            job = jobs[name]
            line = next(line for line in job["script"] if line.startswith("pachup "))
            tried = (ROOT / f"tests/cases/workflows/gitlab-{name}/cmd").read_text().strip()
            self.assertEqual(line.removeprefix("pachup ").removesuffix(" || [ $? -eq 2 ]"), tried)
            for path in job["artifacts"].get("paths", []):
                self.assertIn(path, tried)
            self.assertEqual(set(job) - {"extends", "rules", "script", "artifacts", "resource_group"}, set())

    def test_write_back_cancels_no_waiting_run(self):
        workflow = yaml.safe_load(EXAMPLES["write-back"].read_text())
        for one in [workflow, *workflow["jobs"].values()]:
            self.assertNotIn("concurrency", one)

    def test_a_case_runs_the_same_command(self):
        script = next(step["run"] for step in steps_of(EXAMPLES["drift"]) if step.get("id") == "compare")
        command = re.search(r"^pachup (.*?) \|\|", script, re.M)[1]
        self.assertEqual((ROOT / "tests/cases/workflows/drift/cmd").read_text().splitlines()[-1], command)

    def test_what_a_pull_request_runs_builds_nothing(self):
        for name, path in EXAMPLES.items():
            on = yaml.safe_load(path.read_text())[True]
            if "pull_request" not in on:
                continue
            for step in steps_of(path):
                if "docker" in step.get("run", "") or "docker/" in step.get("uses", ""):
                    self.assertEqual(step.get("if"), "github.event_name == 'push'", name)

    def test_the_page_for_newcomers_shows_the_first(self):
        page = (ROOT / "docs/getting-started-github.md").read_text()
        shown = page[page.index("```yaml\n") + len("```yaml\n"):]
        shown = yaml.safe_load(shown[:shown.index("```")])
        whole = yaml.safe_load(re.sub(r"@[0-9a-f]{40} # (v[0-9]+)\S*", r"@\1", EXAMPLES["deploy"].read_text()))
        self.assertEqual(shown, whole)

    def test_foreign_actions_are_pinned_by_their_commit(self):
        for path in [*(ROOT / ".github/workflows").glob("*.yaml"), *EXAMPLES.values()]:
            for step in steps_of(path):
                uses = step.get("uses", "./")
                self.assertTrue(uses.startswith(("./", "OWNER/pachup")) or re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", uses), f"{path.name}: {uses}")

    def test_no_script_holds_an_expression(self):
        for path in EXAMPLES.values():
            for step in steps_of(path):
                self.assertNotIn("${{", step.get("run", ""), path.name)

    def test_gitlab_calls_what_there_is(self):
        calls = 0
        for path in (ROOT / "examples/gitlab").iterdir():
            for job in yaml.safe_load(path.read_text()).values():
                for line in job.get("script", []) if isinstance(job, dict) else []:
                    words = line.split()
                    calls += words[0] == "pachup"
                    flags = {one[2:] for one in words if one.startswith("--")} if words[0] == "pachup" else set()
                    self.assertEqual(flags - set(ACTION["inputs"]) - {"image"}, set(), f"{path.name}: {line}")
        self.assertGreaterEqual(calls, 5)

    def test_outputs_that_are_read_are_there(self):
        for path in EXAMPLES.values():
            for name in re.findall(r"steps\.plan\.outputs\.([\w-]+)", path.read_text()):
                self.assertIn(name, ACTION["outputs"])


if __name__ == "__main__":
    unittest.main()
