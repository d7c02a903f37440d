#!/usr/bin/env python3
"""Sealing against independent implementations, in both directions: PyNaCl (python3-nacl) and, where node finds them
(NODE_PATH), tweetnacl and blakejs. GitHub's sealed boxes are opened in the cases (tests/harness/hosts.py).

usage: PACHUP=build/dev/pachup interop.py
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
BINARY = os.path.abspath(os.environ.get("PACHUP", "build/pachup"))
TOKEN, CLUSTER = "0123456789abcdef-token", "grpcs://pachd.example:443"

try:
    from harness import sealed as python
except ModuleNotFoundError:
    python = None


def node(word, value):
    done = subprocess.run(["node", HERE / "sealed.js", word], input=json.dumps(value), capture_output=True, text=True,
                          check=True)
    return json.loads(done.stdout)


def has_node():
    return shutil.which("node") and not subprocess.run(
        ["node", "-e", "require('tweetnacl'); require('blakejs')"], capture_output=True, check=False).returncode


class Interop(unittest.TestCase):
    def setUp(self):
        self.dir = tempfile.TemporaryDirectory()
        self.addCleanup(self.dir.cleanup)

    def run_pachup(self, *words, stdin="", **env):
        return subprocess.run([BINARY, *words], input=stdin, capture_output=True, text=True, check=False,
                              cwd=self.dir.name, env=env)

    def keygen(self, *words, stdin=""):
        lines = self.run_pachup("token", "keygen", *words, stdin=stdin).stdout.splitlines()
        return lines[1], lines[0].removeprefix("# public key: ")

    def seal(self, *publics):
        done = self.run_pachup("token", "seal", "--offline", "--cluster", CLUSTER, "--label", "a label",
                               "--principal", "robot:ci", "--expires", "2100-01-01", "--recipient", ",".join(publics),
                               PACH_TOKEN=TOKEN)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.strip()

    def opens(self, text, secret):
        """What the program finds in it: sealed again for a key of ours, which shows the token."""
        done = self.run_pachup("token", "seal", "--offline", "--cluster", CLUSTER, "--recipient", self.mine[1],
                               PACH_TOKEN=text, PACHUP_KEY=secret)
        self.assertEqual(done.returncode, 0, done.stderr)
        return python.unseal(done.stdout.strip(), self.mine[0])


FACTS = {"cluster": CLUSTER, "label": "a label", "principal": "robot:ci", "expires": "4102444800", "token": TOKEN}


@unittest.skipUnless(python, "no PyNaCl (python3-nacl)")
class PyNaCl(Interop):
    def setUp(self):
        super().setUp()
        self.mine = python.make_key()

    def test_ours_opened_there(self):
        secret, public = self.keygen()
        other = python.make_key()
        text = self.seal(other[1], public)
        self.assertEqual(python.unseal(text, secret), FACTS)
        self.assertEqual(python.unseal(text, other[0]), FACTS)

    def test_theirs_opened_here(self):
        secret, public = self.keygen()
        text = python.seal(TOKEN, [python.make_key()[1], public], CLUSTER, "a label", "robot:ci", 4102444800)
        self.assertEqual(self.opens(text, secret), FACTS)

    def test_keys_from_passphrases(self):
        phrase = "correct horse battery staple"
        self.assertEqual(self.keygen("--passphrase-file", "-", "--salt", "team", stdin=phrase),
                         python.key_from_phrase(phrase, "team"))

    @unittest.skipUnless(has_node(), "no node with tweetnacl and blakejs (NODE_PATH)")
    def test_tweetnacl_and_blakejs(self):
        secret, public = self.keygen()
        other = python.make_key()
        text = self.seal(other[1], public)
        for key in (secret, other[0]):
            self.assertEqual(node("open", {"text": text, "secret": key}), FACTS)
        text = node("seal", {"facts": FACTS, "publics": [other[1], public]})
        self.assertEqual(self.opens(text, secret), FACTS)


if __name__ == "__main__":
    unittest.main()
