#!/usr/bin/env python3
"""What pachup promises, tried against a pachd that you own. README.md says what it does there.

Usage: conformance.py CLUSTER [--token-file FILE] [--prefix NAME] [--ca-file FILE] [--server-name NAME]
                      [--trials N] [--seed N] [-k WORD] [--list]
PACHUP is the binary, or build/pachup. Exit: 0 nothing is broken, 1 a promise is, 2 it could not be tried.
"""

import argparse
import os
import random
import secrets
import shutil
import signal
import sys
import tempfile
import traceback
from pathlib import Path

import grpc

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import promises  # noqa: E402
from cluster import Cluster  # noqa: E402
from program import Program  # noqa: E402

BINARY = Path(os.environ.get("PACHUP", HERE.parent.parent / "build/pachup")).resolve()


class Stage:
    """What a promise is tried with."""

    def __init__(self, given, folder):
        self.given, self.prefix = given, given.prefix or "conf-" + secrets.token_hex(3)
        token = Path(given.token_file).read_text(encoding="utf-8").strip() \
            if given.token_file else ""
        more = (token, given.ca_file, given.server_name)
        self.cluster = Cluster(given.cluster, *more)
        self.program = Program(str(BINARY), given.cluster, *more)
        self.seed = secrets.randbits(32) if given.seed is None else given.seed
        self.random = random.Random(self.seed)
        self.folder, self.trials = folder, given.trials
        self.own_project = False
        self.transactions = set(self.cluster.transactions())

    def open(self):
        """Nothing of our names may be there: what is there is not ours to change."""
        if self.cluster.since(2, 5):
            self.cluster.make_project(self.prefix)  # refused when there is one
            self.own_project = True
        elif self.cluster.running_names(self.prefix) or self.cluster.repos(self.prefix):
            name, self.prefix = self.prefix, None
            raise SystemExit(f"conformance: names that begin with '{name}' are taken there")

    def fresh(self):
        """Only the two repos that the pipelines read."""
        left = self.cluster.clear(self.prefix)
        if left:
            raise RuntimeError("cannot clear away: " + "; ".join(left))
        for name in ("data", "other"):
            self.cluster.make_repo(f"{self.prefix}-{name}")

    def close(self):
        """Takes away all that is ours; says what it could not."""
        if not self.prefix or (self.cluster.since(2, 5) and not self.own_project):
            return
        left = self.cluster.clear(self.prefix)
        if self.own_project and not left:
            self.cluster.drop_project()
        for one in left:
            print(f"# it stays: {one}", flush=True)


def options():
    parser = argparse.ArgumentParser(description="pachup's promises against a pachd that you own")
    parser.add_argument("cluster", metavar="CLUSTER", nargs="?", default="")
    parser.add_argument("--token-file", metavar="FILE")
    parser.add_argument("--ca-file", metavar="FILE")
    parser.add_argument("--server-name", metavar="NAME")
    parser.add_argument("--prefix", metavar="NAME", help="of all names made there")
    parser.add_argument("--trials", metavar="N", type=int, default=20,
                        help="how often a push is killed, ended and cut off, each (default: 20)")
    parser.add_argument("--seed", metavar="N", type=int, help="of the random points")
    parser.add_argument("-k", metavar="WORD", default="", help="only promises with this word")
    parser.add_argument("--list", action="store_true", help="print the promises and end")
    given = parser.parse_args()
    if not given.cluster and not given.list:
        parser.error("no cluster is given")
    return given


def attempt(stage, promise):
    """("held" | "broken" | "not applicable", why)"""
    try:
        stage.fresh()
        promise(stage)
    except promises.NotHere as reason:
        return "not applicable", str(reason)
    except promises.Broken as wrong:
        return "broken", str(wrong)
    except grpc.RpcError as error:
        return "broken", f"the server refuses the suite itself: {error.code()}: {error.details()}"
    except Exception:  # noqa: BLE001  whatever it is, the other promises are tried and all is cleared away
        return "broken", traceback.format_exc()
    return "held", ""


def judge(stage):
    tally = {"held": 0, "broken": 0, "not applicable": 0}
    for promise in promises.ALL:
        if stage.given.k not in promise.__name__:
            continue
        verdict, why = attempt(stage, promise)
        tally[verdict] += 1
        text = " ".join(promise.__doc__.split())
        note = f" ({why})" if verdict == "not applicable" else ""
        print(f"{verdict} - {text}{note}", flush=True)
        if verdict == "broken":
            print("# " + why.replace("\n", "\n# "), flush=True)
    return tally


def end(*_):
    raise SystemExit(2)


def main():
    given = options()
    if given.list:
        for promise in promises.ALL:
            print(" ".join(promise.__doc__.split()))
        return 0
    if not os.access(BINARY, os.X_OK):
        sys.exit(f"conformance: no program '{BINARY}': build it first, or set PACHUP")
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    folder = Path(tempfile.mkdtemp(prefix="pachup-conformance-"))
    stage = None
    try:
        stage = Stage(given, folder)
        print(f"# pachd {'.'.join(map(str, stage.cluster.release))} at {given.cluster},"
              f" seed {stage.seed}, names begin with '{stage.prefix}'", flush=True)
        stage.open()
        tally = judge(stage)
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        if stage:
            stage.close()
        shutil.rmtree(folder, ignore_errors=True)
    print("conformance: {held} held, {broken} broken, {not applicable} not applicable"
          .format_map(tally))
    return 1 if tally["broken"] else 0 if tally["held"] else 2


if __name__ == "__main__":
    sys.exit(main())
