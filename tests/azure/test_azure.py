#!/usr/bin/env python3
"""The Azure task's launcher, step template and example, with the real Node and the real bash.

Run with python3 tests/azure/test_azure.py. What the program does behind them is proved by tests/task.py."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
AZURE = ROOT / "action/azure"
TASK = json.loads((AZURE / "task/task.json").read_text())
INPUTS = {one["name"]: one for one in TASK["inputs"]}
ARCHITECTURE = {"x86_64": "amd64", "aarch64": "arm64"}.get(os.uname().machine)
NODE = shutil.which("node")


@unittest.skipUnless(NODE, "no node here")
class Launcher(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.base = Path(temporary.name)
        shutil.copytree(AZURE / "task", self.base / "task")
        (self.base / "task/bin").mkdir()
        (self.base / "temp").mkdir()
        self.env = {"PATH": os.environ["PATH"], "AGENT_TEMPDIRECTORY": str(self.base / "temp")}

    def program(self, text, interpreter="/bin/sh"):
        path = self.base / f"task/bin/pachup-linux-{ARCHITECTURE}"
        path.write_text(f"#!{interpreter}\n{text}")
        path.chmod(0o644)  # as the package leaves it

    def start(self, **env):
        return subprocess.Popen([NODE, self.base / "task/index.js"], env={**self.env, **env}, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def result(self, **env):
        child = self.start(**env)
        out, err = child.communicate(timeout=30)
        self.assertEqual((child.returncode, err), (0, ""))
        self.assertEqual(list((self.base / "temp").iterdir()), [], "something was left behind")
        return out

    def test_an_exit_code_becomes_a_result(self):
        self.program("exit 0\n")
        self.assertEqual(self.result(), "##vso[task.complete result=Succeeded;]pachup is done\n")
        self.program("echo one; echo two; exit 4\n")
        self.assertEqual(self.result(),
                         "one\ntwo\n##vso[task.complete result=Failed;]pachup ended with exit code 4\n")

    def test_a_signal_becomes_a_failure(self):
        self.program("kill -9 $$\n")
        self.assertEqual(self.result(), "##vso[task.complete result=Failed;]pachup was ended by SIGKILL\n")

    def test_what_the_agent_keeps_to_itself_stays_there(self):
        self.program("env | sort\n")
        mine = {"INPUT_SPECS": "a", "INPUT_DRYRUN": "true", "BUILD_SOURCEVERSION": "1", "TF_BUILD": "True",
                "PACHYDERM_TOKEN": "t", "https_proxy": "p", "DOCKER_IMAGE_NAME": "i"}
        theirs = {"SYSTEM_ACCESSTOKEN": "s", "SECRET_X": "s", "ENDPOINT_AUTH_7": "s", "SECUREFILE_TICKET_1": "s",
                  "ENDPOINT_AUTH_PARAMETER_7_PASSWORD": "s", "AWS_SECRET_ACCESS_KEY": "s", "ENDPOINT_URL_7": "u"}
        got = dict(line.split("=", 1) for line in self.result(**mine, **theirs).splitlines() if "##" not in line)
        self.assertEqual({**mine, **got}, got)
        self.assertEqual(set(theirs) & set(got), set())

    def test_the_tokens_of_targets_are_handed_over(self):
        self.program("env | sort\n")
        (self.base / "tree/below").mkdir(parents=True)
        (self.base / "tree/pachup.yaml").write_text("targets:\n  dev: {token-env: DEV_LOGIN}\n  prod:\n    token-env: 'PROD_LOGIN'\n"
                                                    "  other: {\"token-env\": SYSTEM_ACCESSTOKEN}\n  bad: {token-env: SECRET_X}\n")
        (self.base / "other.yaml").write_text("targets: {dev: {token-env: OTHER_LOGIN}}\n")
        env = {name: "t" for name in ("DEV_LOGIN", "PROD_LOGIN", "OTHER_LOGIN", "SYSTEM_ACCESSTOKEN", "SECRET_X")}
        for given, names in (({"INPUT_WORKINGDIRECTORY": str(self.base / "tree/below")}, {"DEV_LOGIN", "PROD_LOGIN"}),
                             ({"INPUT_CONFIG": str(self.base / "other.yaml")}, {"OTHER_LOGIN"}),
                             ({"INPUT_CONFIG": str(self.base / "tree")}, set())):
            got = {line.split("=", 1)[0] for line in self.result(**env, **given).splitlines() if "##" not in line}
            self.assertEqual(got & set(env), names)

    def test_only_the_connection_that_is_asked_for_is_handed_over(self):
        # a shell would drop names with a dash
        self.program("for (const [name, value] of Object.entries(process.env).sort()) console.log(name + '=' + value)",
                     NODE)
        out = self.result(INPUT_CONNECTION="a-1", **{"ENDPOINT_URL_a-1": "u", "ENDPOINT_AUTH_a-1": "s",
                          "ENDPOINT_AUTH_PARAMETER_a-1_PASSWORD": "p", "ENDPOINT_URL_a-12": "x"})
        self.assertEqual([line for line in out.splitlines() if line.startswith("ENDPOINT")],
                         ["ENDPOINT_AUTH_PARAMETER_a-1_PASSWORD=p", "ENDPOINT_URL_a-1=u"])

    def test_a_package_without_a_binary_says_so(self):
        self.assertIn("##vso[task.complete result=Failed;]this package of the task has no binary", self.result())

    def test_a_program_that_cannot_start_is_a_failure(self):
        self.program("", "/no/such/interpreter")
        self.assertIn("##vso[task.complete result=Failed;]pachup cannot be started", self.result())

    def test_a_cancelled_run_reaches_the_program(self):
        for name in ("INT", "TERM"):
            with self.subTest(name):
                mark = self.base / f"ready-{name}"
                self.program(f"trap 'echo got {name}; exit 130' {name}\n: >{mark}\nwhile :; do sleep 0.05; done\n")
                child = self.start()
                while not mark.exists():
                    time.sleep(0.02)
                child.send_signal(getattr(signal, "SIG" + name))
                out, _ = child.communicate(timeout=30)
                self.assertEqual(out, f"got {name}\n##vso[task.complete result=Failed;]pachup ended with exit code"
                                      " 130\n")


class Manifest(unittest.TestCase):
    def manifest(self, **env):
        done = subprocess.run([sys.executable, AZURE / "manifest.py"], input=(AZURE / "vss-extension.json").read_text(),
                              capture_output=True, text=True, env=env, check=False)
        return json.loads(done.stdout) if done.returncode == 0 else done.stderr

    def test_it_is_public_by_itself(self):
        got = self.manifest()
        self.assertEqual((got["publisher"], got["public"]), ("pachup", True))

    def test_a_publisher_of_ones_own_is_private(self):
        got = self.manifest(PUBLISHER="team-vision")
        self.assertEqual((got["publisher"], got["public"]), ("team-vision", False))
        self.assertIn("PUBLISHER", self.manifest(PUBLISHER="a b"))

    def test_its_links_lead_to_the_repository(self):
        got = self.manifest(SOURCE="https://github.com/team/pachup")
        for uri in [got["repository"]["uri"], *(one["uri"] for one in got["links"].values())]:
            self.assertTrue(uri.startswith("https://github.com/team/pachup"), uri)
        for one in self.manifest()["links"].values():
            page = one["uri"].partition("/blob/main/")[2]
            self.assertTrue(not page or (ROOT / page).is_file(), page)


class Examples(unittest.TestCase):
    def test_the_example_gives_the_task_what_it_knows(self):
        names = {"azure-pipelines.yml": ["deploy", "reprocess"], "preview.yml": ["preview", "expired"]}
        ours = []
        for path in sorted((ROOT / "examples/azure").iterdir()):
            steps = yaml.safe_load(path.read_text())["steps"]
            found = [one for one in steps if one.get("task", "").startswith("pachup@")]
            if path.name in names:
                self.assertEqual([one["name"] for one in found], names[path.name])
            ours += found
        for step in ours:
            self.assertEqual(step["task"], f"pachup@{TASK['version']['Major']}")
            given = {}
            for name, value in step["inputs"].items():
                given.update(value if name.startswith("${{ if ") else {name: value})
            for name, value in given.items():
                self.assertIn(name, INPUTS)
                self.assertIn(value, INPUTS[name].get("options", {value: value}))

    def test_the_template_hands_over_what_the_program_reads(self):
        step = yaml.safe_load((AZURE / "templates/steps.yml").read_text())["steps"][0]
        names = {"INPUT_" + name.upper() for name in INPUTS}
        self.assertEqual({name for name in step["env"] if name.startswith("INPUT_")} - names, set())
        self.assertEqual(step["target"]["settableVariables"], [one["name"] for one in TASK["outputVariables"]])

    def test_the_templates_parameters_are_all_used_and_known(self):
        text = (AZURE / "templates/steps.yml").read_text()
        template = yaml.safe_load(text)
        for one in template["parameters"]:
            self.assertIn("${{ parameters." + one["name"] + " }}", text)
            options = INPUTS.get(one["name"], {}).get("options")
            for value in one.get("values", []) if options else []:
                self.assertIn(value, options)

    def test_the_templates_script_passes_names_and_no_values(self):
        script = yaml.safe_load((AZURE / "templates/steps.yml").read_text())["steps"][0]["bash"]
        with tempfile.TemporaryDirectory() as base:
            docker = Path(base) / "docker"
            docker.write_text('#!/bin/sh\nfor word; do echo "$word"; done\n')
            docker.chmod(0o755)
            done = subprocess.run(["bash", "-euo", "pipefail", "-c", script], capture_output=True, text=True, env={
                "PATH": f"{base}:{os.environ['PATH']}", "INPUT_TOKEN": "no secret in argv", "TF_BUILD": "True",
                "INPUT_SPECS": "a\nb=c", "SYSTEM_ACCESSTOKEN": "x", "BUILD_SOURCESDIRECTORY": "/src", "OTHER": "x",
                "AGENT_TEMPDIRECTORY": "/tmp", "PACHUP_IMAGE": "image@sha256:1"}, check=True)
        words = done.stdout.splitlines()
        names = [words[i + 1] for i, word in enumerate(words) if word == "--env"]
        self.assertEqual(sorted(names), ["AGENT_TEMPDIRECTORY", "BUILD_SOURCESDIRECTORY", "HOME=/nonexistent",
                                         "INPUT_SPECS", "INPUT_TOKEN", "TF_BUILD"])
        self.assertEqual(words[-1], "image@sha256:1")
        self.assertNotIn("no secret in argv", done.stdout)


if __name__ == "__main__":
    unittest.main()
