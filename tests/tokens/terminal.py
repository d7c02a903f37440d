#!/usr/bin/env python3
"""pachctl's active context counts by itself on a terminal, and nowhere else.

usage: PACHUP=build/dev/pachup terminal.py
"""

import json
import os
import pty
import secrets
import subprocess
import tempfile
import unittest
from pathlib import Path

from proof import BINARY, Server


class Terminal(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.top, self.token = Path(place.name), secrets.token_hex(20)
        server = Server(self.top, {"tokens": {self.token: {"user": "user:ada", "expires": None}}})
        self.addCleanup(server.stop)
        config = self.top / ".pachyderm/config.json"
        config.parent.mkdir()
        config.write_text(json.dumps({"v2": {"active_context": "prod", "contexts": {
            "prod": {"pachd_address": "grpc://" + server.address, "session_token": self.token}}}}))
        config.chmod(0o600)
        self.server = server

    def run_there(self, *words, **env):
        """(exit code, standard output, what the terminal shows)"""
        ours, theirs = pty.openpty()
        done = subprocess.run([BINARY, *words], env={"HOME": str(self.top), "TERM": "dumb", **env}, stderr=theirs,
                              stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, cwd=self.top, check=False)
        os.close(theirs)
        shown = os.read(ours, 65536).decode() if done.returncode or words else ""
        os.close(ours)
        self.assertNotIn(self.token, shown + done.stdout.decode())
        return done.returncode, done.stdout.decode(), shown

    def test_the_active_context(self):
        code, out, shown = self.run_there("token", "status")
        self.assertEqual(code, 0, shown)
        self.assertIn("user:ada", out)
        self.assertRegex(shown.splitlines()[0], "context 'prod' of pachctl's config .*config.json: grpc://127.0.0.1")

    def test_not_in_ci(self):
        for env in ({"CI": "true"}, {"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(self.top)}):
            code, _, shown = self.run_there("token", "status", **env)
            self.assertEqual(code, 64, shown)
            self.assertIn("no cluster", shown)

    def test_not_where_a_cluster_is_given(self):
        code, _, shown = self.run_there("token", "status", "--cluster", self.server.address)
        self.assertEqual(code, 1, shown)
        self.assertNotIn("context", shown)

    def test_not_when_switched_off(self):
        self.assertEqual(self.run_there("token", "status", "--context", "none")[0], 64)


if __name__ == "__main__":
    unittest.main()
