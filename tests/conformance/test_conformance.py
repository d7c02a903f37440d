"""The suite itself: it finds a program that breaks its promises, and clears everything away."""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
STUB = """#!/bin/sh
# a program that says that all went well, and has done nothing
echo 'the cluster is unchanged'
"""


class Suite(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.stub = self.folder / "pachup"
        self.stub.write_text(STUB)
        self.stub.chmod(0o755)
        (self.folder / "config.json").write_text(
            '{"version": "2.11.6", "repos": ["images"], "projects": ["taken"]}')
        self.start()

    def start(self):
        self.server = subprocess.Popen(
            [sys.executable, HERE.parent / "fake/pachd.py", "--config", self.folder / "config.json",
             "--stdin-guard", "--state", self.folder / "state.json"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(self.server.stdout.close)
        self.addCleanup(self.end)
        self.port = int(self.server.stdout.readline())

    def end(self):
        """The server writes what it holds when it ends."""
        self.server.stdin.close()
        self.server.wait()

    def run_suite(self, *words, **variables):
        env = {**os.environ, "PACHUP": str(self.stub), "GRPC_VERBOSITY": "NONE", **variables}
        return subprocess.run(
            [sys.executable, HERE / "conformance.py", f"grpc://127.0.0.1:{self.port}", *words],
            capture_output=True, text=True, check=False, env=env)

    def test_a_program_that_does_nothing__breaks_its_promises(self):
        ran = self.run_suite("--prefix", "mine", "--trials", "1")
        held = [line for line in ran.stdout.splitlines() if line.startswith("held")]
        self.assertEqual(held, [], ran.stdout)
        self.assertIn("broken - After a push exactly the pipelines", ran.stdout)
        self.assertEqual(ran.returncode, 1)
        self.end()
        state = (self.folder / "state.json").read_text()
        self.assertNotIn("mine", state)
        self.assertIn("images", state)

    def test_a_project_that_is_there__is_left_alone(self):
        ran = self.run_suite("--prefix", "taken")
        self.end()
        self.assertNotEqual(ran.returncode, 0)
        self.assertNotIn("\nheld", ran.stdout)

    def test_nobody_listens(self):
        self.end()
        ran = self.run_suite()
        self.assertNotEqual(ran.returncode, 0)

    def test_a_server_that_keeps_it_waiting__is_given_up(self):
        self.end()
        (self.folder / "config.json").write_text(json.dumps({"version": "2.11.6", "faults": [
            {"method": "/pfs_v2.API/CreateRepo", "do": "stall", "seconds": 10}]}))
        self.start()
        ran = self.run_suite("--prefix", "mine", "--limit", "1.5", "-k", "plan_writes", "--json")
        self.assertEqual(ran.returncode, 1, ran.stderr)
        self.assertIn("conformance: 0 held, 1 broken", ran.stderr)
        got = json.loads(ran.stdout)
        self.assertEqual((got["release"], got["broken"], got["whole"]), ("2.11.6", 1, True))
        self.assertEqual(got["promises"][0]["verdict"], "broken")
        self.assertIn("not done within 1", got["promises"][0]["why"])

    def test_it_is_ended__and_still_sums_up(self):
        self.end()
        (self.folder / "config.json").write_text(json.dumps({"version": "2.11.6", "faults": [
            {"method": "/pfs_v2.API/CreateRepo", "do": "stall", "seconds": 10}]}))
        self.start()
        child = subprocess.Popen(
            [sys.executable, "-u", HERE / "conformance.py", f"grpc://127.0.0.1:{self.port}", "--prefix", "mine"],
            env={**os.environ, "PACHUP": str(self.stub), "GRPC_VERBOSITY": "NONE"}, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        child.stdout.readline()  # it has begun
        child.terminate()
        said, _ = child.communicate(timeout=60)
        self.assertIn("0 held, 0 broken, 0 not applicable; it was ended before", said)
        self.assertEqual(child.returncode, 2)

    def test_the_list_of_promises(self):
        self.end()
        ran = self.run_suite("--list")
        self.assertIn("The same push twice changes nothing the second time", ran.stdout)
        self.assertEqual(ran.returncode, 0)


if __name__ == "__main__":
    unittest.main()
