"""symbols.awk refuses a use of symbols that the ladder forbids, and nothing else."""

import subprocess
import tempfile
import unittest
from pathlib import Path

AWK = Path(__file__).resolve().parent / "symbols.awk"
LADDER = """\
# room: may include | foreign headers
base:           |
wire:   base    |
pachd:  wire    |
lint:   base    |
"""


class Symbols(unittest.TestCase):
    def lint(self, symbols, least=1):
        with tempfile.TemporaryDirectory() as where:
            ladder = Path(where) / "LAYERS"
            ladder.write_text(LADDER)
            return subprocess.run(
                ["awk", "-v", "dir=build/dev", "-v", f"least={least}", "-f", str(AWK), str(ladder), "-"],
                input=symbols, capture_output=True, text=True, check=False,
            )

    def test_a_room_below_and_one_below_that_are_fine(self):
        got = self.lint(
            "build/dev/base/buf.o:0000000000000010 T buf_add\n"
            "build/dev/wire/encode.o:0000000000000010 T encode\n"
            "build/dev/wire/encode.o:                 U buf_add\n"
            "build/dev/pachd/probe.o:                 U encode\n"
            "build/dev/pachd/probe.o:                 U buf_add\n"
            "build/dev/pachd/probe.o:                 U memcpy\n"
            "build/dev/main.o:                 U encode\n")
        self.assertEqual((got.returncode, got.stdout), (0, ""))

    def test_a_room_above_is_refused(self):
        got = self.lint(
            "build/dev/pachd/probe.o:0000000000000010 D probes\n"
            "build/dev/wire/encode.o:                 U probes\n")
        self.assertEqual(got.returncode, 1)
        self.assertIn("build/dev/wire/encode.o: error: room 'wire' must not use probes of room 'pachd'", got.stdout)

    def test_a_room_beside_is_refused(self):
        got = self.lint(
            "build/dev/wire/encode.o:0000000000000010 T encode\n"
            "build/dev/lint/lint.o:                 U encode\n")
        self.assertIn("room 'lint' must not use encode of room 'wire'", got.stdout)

    def test_objects_that_are_not_ours_prove_nothing(self):
        got = self.lint("build/dev/base/buf.o:0000000000000010 T buf_add\n", least=2)
        self.assertEqual(got.returncode, 1)
        self.assertIn("0 edges", got.stdout)


if __name__ == "__main__":
    unittest.main()
