"""layers.awk refuses what the ladder forbids, and nothing else."""

import subprocess
import tempfile
import unittest
from pathlib import Path

AWK = Path(__file__).resolve().parent / "layers.awk"
LADDER = """\
# room: may include | foreign headers
base:         | stdio.h
wire: base    | curl/curl.h
deploy/plan:  base wire |
deploy/apply: base wire deploy/plan |
deploy:       base deploy/plan deploy/apply |
"""


class Layers(unittest.TestCase):
    def lint(self, files):
        with tempfile.TemporaryDirectory() as where:
            root = Path(where)
            for name, text in {"src/LAYERS": LADDER, **files}.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text)
            return subprocess.run(
                ["awk", "-f", str(AWK), "src/LAYERS", *sorted(files)],
                cwd=root, capture_output=True, text=True, check=False,
            )

    def refused(self, files, why):
        got = self.lint(files)
        self.assertEqual(got.returncode, 1, got.stdout)
        self.assertIn(why, got.stdout)

    def test_the_order_of_a_run_is_fine(self):
        got = self.lint({
            "src/deploy/apply/undo.c": '#include "deploy/plan/stale.h"\n',
            "src/deploy/deploy.c": '#include "deploy/apply/apply.h"\n',
            "src/wire/encode.c": "#include <curl/curl.h>\n",
            "src/main.c": '#include "deploy/deploy.h"\n',
        })
        self.assertEqual((got.returncode, got.stdout), (0, ""))

    def test_a_part_that_includes_a_later_one(self):
        self.refused({"src/deploy/plan/stale.c": '#include "deploy/apply/undo.h"\n'},
                     "room 'deploy/plan' must not see 'deploy/apply'")

    def test_a_part_that_includes_the_walk_above_it(self):
        self.refused({"src/deploy/plan/stale.c": '#include "deploy/deploy.h"\n'},
                     "room 'deploy/plan' must not see 'deploy'")

    def test_an_upward_include(self):
        self.refused({"src/base/str.c": '#include "wire/encode.h"\n'},
                     "room 'base' must not see 'wire'")

    def test_a_room_without_a_line(self):
        self.refused({"src/attic/old.c": "\n"}, "room 'attic' has no line")

    def test_a_part_without_a_line(self):
        self.refused({"src/deploy/wait/wait.c": "\n"}, "room 'deploy/wait' has no line")

    def test_a_foreign_header_in_the_wrong_room(self):
        self.refused({"src/base/str.c": "#include <curl/curl.h>\n"}, "<curl/curl.h> belongs to")

    def test_generated_messages_outside_their_rooms(self):
        self.refused({"src/deploy/plan/a.c": '#include "pps.pb-c.h"\n'}, "generated messages")

    def test_a_ladder_that_names_a_room_above(self):
        got = subprocess.run(["awk", "-f", str(AWK), "/dev/stdin"], input="", text=True,
                             capture_output=True, check=False)
        self.assertEqual(got.returncode, 0)
        with tempfile.TemporaryDirectory() as where:
            ladder = Path(where) / "LAYERS"
            ladder.write_text("base: wire |\nwire: base |\n")
            got = subprocess.run(["awk", "-f", str(AWK), str(ladder)], capture_output=True,
                                 text=True, check=False)
        self.assertEqual(got.returncode, 1)
        self.assertIn("'wire', which is not below it", got.stdout)


if __name__ == "__main__":
    unittest.main()
