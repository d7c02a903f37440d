#!/usr/bin/env python3
"""A limit on the size of files is an error that is reported, and leaves nothing behind."""

import os
import pathlib
import re
import resource
import subprocess
import tempfile
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]
PACHUP = TOP / os.environ.get("PACHUP", "build/dev/pachup")


def no_room():
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))


class Limits(unittest.TestCase):
    def test_sealed_file(self):
        with tempfile.TemporaryDirectory() as scratch:
            made = subprocess.run([PACHUP, "token", "keygen", "--out", "k"], cwd=scratch, env={}, capture_output=True,
                                  text=True, check=True)
            key = re.search(r"pachup-pub1:\S+", made.stdout + made.stderr).group()
            done = subprocess.run([PACHUP, "token", "seal", "--token-stdin", "--offline", "--cluster", "grpcs://h:1",
                                   "--recipient", key, "--out", "s.token"], cwd=scratch, env={}, input="t0ken\n",
                                  capture_output=True, text=True, check=False, preexec_fn=no_room)
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertIn("error: cannot write the new 's.token'", done.stderr)
            self.assertEqual(sorted(os.listdir(scratch)), ["k", "k.pub"])


if __name__ == "__main__":
    unittest.main()
