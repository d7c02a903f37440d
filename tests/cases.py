#!/usr/bin/env python3
"""Runs the case directories tests/cases/<command>/<promise>/ against the binary.

Usage: cases.py [--update] [-k SUBSTRING] [--every N] [-j N] [--valgrind] [--image NAME] [--under EMULATOR] [--binary PATH] [--keep] [DIRECTORY]
The binary is $PACHUP, or build/pachup; with --image the one in that Docker image, started as GitHub's runner
starts it by the client in $DOCKER. The format of a case is in tests/cases/README.md.
"""

import argparse
import os
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from harness.case import Case, Skip  # noqa: E402
from harness.expect import compare, update  # noqa: E402
from harness.place import Tools  # noqa: E402


def options():
    parser = argparse.ArgumentParser(description="end-to-end tests of pachup")
    parser.add_argument("directory", nargs="?", type=Path, default=HERE / "cases")
    parser.add_argument("-k", metavar="SUBSTRING", default="")
    parser.add_argument("--every", metavar="N", type=int, default=1, help="only each Nth case")
    parser.add_argument("-j", metavar="N", type=int, default=2)
    parser.add_argument("--update", action="store_true", help="rewrite the expected files")
    parser.add_argument("--valgrind", action="store_true")
    parser.add_argument("--image", metavar="NAME", help="run the binary inside this Docker image")
    parser.add_argument("--under", metavar="EMULATOR", help="run the binary under this program")
    parser.add_argument("--binary", help="the binary, instead of $PACHUP")
    parser.add_argument("--keep", action="store_true", help="keep the work directories")
    return parser.parse_args()


def run_one(path, name, given, tools, base):
    """(what happened: "ok", "not ok", "skip" or "updated"; the lines to show)"""
    try:
        got = Case(path, tools, base).run()
        if given.update and not got.broken:
            changed = update(path, got)
            return ("updated" if changed else "ok"), [f"{name}: {one}" for one in changed]
        wrong = compare(path, got)
        return ("not ok" if wrong else "ok"), wrong
    except Skip as why:
        return "skip", [str(why)]
    except Exception as error:  # one broken case must not hide the others
        return "not ok", [f"the case could not be run: {type(error).__name__}: {error}"]


def main():
    given = options()
    binary = Path(given.binary or os.environ.get("PACHUP", HERE.parent / "build/pachup")).resolve()
    if not given.image and not os.access(binary, os.X_OK):
        sys.exit(f"cases.py: no program '{binary}': build it first, or set PACHUP")
    paths = sorted(path.parent for path in given.directory.rglob("cmd"))
    names = {path: str(path.relative_to(given.directory)) for path in paths}
    paths = [path for path in paths if given.k in names[path]][::given.every]
    counts = {"ok": 0, "updated": 0, "not ok": 0, "skip": 0}
    base = Path(tempfile.mkdtemp(prefix="pachup-cases-")).resolve()
    tools = Tools(binary, base, given.valgrind, given.image, given.under)
    try:
        with ThreadPoolExecutor(max_workers=max(1, given.j)) as pool:
            jobs = [
                (path, pool.submit(run_one, path, names[path], given, tools, base / str(i)))
                for i, path in enumerate(paths)
            ]
            for path, job in jobs:
                what, lines = job.result()
                counts[what] += 1
                print(f"{what} - {names[path]}" + (f" # {lines[0]}" if what == "skip" else ""))
                for line in lines if what != "skip" else []:
                    print("# " + line)
                sys.stdout.flush()
    finally:
        tools.close()
        if given.keep:
            print(f"# kept: {base}")
        else:
            tools_rmtree(base)
    passed = counts["ok"] + counts["updated"]
    print(f"cases: {passed} passed, {counts['not ok']} failed, {counts['skip']} skipped")
    return 1 if counts["not ok"] or not passed else 0


def tools_rmtree(base):
    """Removes the work directories, also those that a case made unreadable."""
    for directory, _, _ in os.walk(base):
        os.chmod(directory, 0o700)
    for directory, folders, files in os.walk(base, topdown=False):
        for name in files:
            os.unlink(os.path.join(directory, name))
        for name in folders:
            path = os.path.join(directory, name)
            os.unlink(path) if os.path.islink(path) else os.rmdir(path)
    os.rmdir(base)


if __name__ == "__main__":
    sys.exit(main())
