#!/usr/bin/env python3
"""The suite against the stand-in of each generation: part of `make ci`.

Usage: stand_in.py [-k RELEASE] [--trials N] [-j N]
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
PACHD = HERE.parent / "fake/pachd.py"
TOKEN = "a-token-of-the-owner-0123456789"
OWNER = {"tokens": {TOKEN: {"user": "user:owner@x.test", "admin": True}}}
# one of each generation, and where it matters another; with a login or without
RELEASES = {"1.7.4": None, "1.8.8": None, "1.10.5": None, "1.11.9": None, "1.13.4": OWNER, "2.0.8": None, "2.4.6": None,
            "2.6.11": OWNER, "2.8.10": None, "2.11.6": OWNER}
UNLICENSED = {"1.13.4", "2.4.6"}
# below 1.12 a write takes some time, so that it can be disturbed in its midst
STEP_MS = 5


def try_release(release, trials):
    """What the suite prints, and its exit code."""
    with tempfile.TemporaryDirectory(prefix="pachup-stand-in-") as name:
        folder = Path(name)
        config = {"version": release, "auth": RELEASES[release], "step_ms": STEP_MS,
                  "license": "NONE" if release in UNLICENSED else "ACTIVE"}
        (folder / "config.json").write_text(json.dumps(config))
        (folder / "token").write_text(TOKEN)
        server = subprocess.Popen([sys.executable, PACHD, "--config", folder / "config.json",
                                   "--stdin-guard"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            port = int(server.stdout.readline())
            words = [sys.executable, HERE / "conformance.py", f"grpc://127.0.0.1:{port}",
                     "--prefix", "conf", "--trials", str(trials), "--seed", "1"]
            if RELEASES[release]:
                words += ["--token-file", folder / "token"]
            ran = subprocess.run(words, capture_output=True, text=True, check=False)
            return ran.stdout + ran.stderr, ran.returncode
        finally:
            server.stdin.close()
            server.wait()


def main():
    parser = argparse.ArgumentParser(description="the conformance suite against the stand-in")
    parser.add_argument("-k", metavar="RELEASE", default="")
    parser.add_argument("--trials", metavar="N", type=int, default=3)
    parser.add_argument("-j", metavar="N", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    chosen = [release for release in RELEASES if given.k in release]
    tally = {"held": 0, "broken": 0, "not applicable": 0}
    with ThreadPoolExecutor(given.j) as pool:
        for said, code in pool.map(lambda one: try_release(one, given.trials), chosen):
            lines = said.splitlines()
            print("\n".join(one for one in lines if not one.startswith("conformance: ")))
            found = [line.split(" - ")[0] for line in lines]
            for verdict in tally:
                tally[verdict] += found.count(verdict)
            tally["broken"] += code not in (0, 1)
    print("conformance: {held} passed, {broken} failed, {not applicable} skipped"
          .format_map(tally))
    sys.exit(1 if tally["broken"] or not tally["held"] else 0)


if __name__ == "__main__":
    main()
