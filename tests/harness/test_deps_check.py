#!/usr/bin/env python3
"""What `make test` says at its end about newer libraries: tests/all.sh, with a stand-in for .ci/static/check."""

import pathlib
import subprocess
import tempfile
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]


class Warnings(unittest.TestCase):
    def end(self, check):
        """The lines behind the steps; the steps themselves are taken out."""
        with tempfile.TemporaryDirectory() as scratch:
            top = pathlib.Path(scratch)
            (top / "tests").mkdir()
            script = (TOP / "tests/all.sh").read_text()
            first = script.index("series_test() {")
            last = script.index("series_rest() {")
            (top / "tests/all.sh").write_text(
                script[:first] + "series_test() {\n\tstep one echo 'one: 1 passed, 0 failed'\n}\n\n" + script[last:])
            (top / "check").write_text("#!/bin/sh\n" + check)
            (top / "check").chmod(0o755)
            done = subprocess.run(["sh", "tests/all.sh", "test"], cwd=top, env={"PATH": "/usr/bin:/bin", "DEPS_CHECK": "./check"},
                                  capture_output=True, text=True, timeout=120, check=False)
            lines = done.stdout.splitlines()
            return done.returncode, lines[lines.index("one: 1 passed, 0 failed") + 2:], done.stderr

    def test_newest(self):
        self.assertEqual(self.end("echo 'deps-check: 12 pinned, 0 with a newer version'\n"), (0, ["1 passed, 0 failed"], ""))

    def test_newer(self):
        code, lines, _ = self.end("echo 'openssl 1: Debian has 2'\necho 'deps-check: 12 pinned, 1 with a newer version'\nexit 1\n")
        self.assertEqual((code, lines), (0, ["warning: deps-check: openssl 1: Debian has 2", "1 passed, 0 failed"]))

    def test_nobody_answers(self):
        code, lines, _ = self.end("echo 'cannot resolve' >&2\nexit 1\n")
        self.assertEqual(code, 0)
        self.assertIn("Debian cannot be asked", lines[0])


if __name__ == "__main__":
    unittest.main()
