#!/usr/bin/env python3
"""What pachup promises, tried against a pachd that you own. README.md says what it does there.

Usage: conformance.py CLUSTER [--token-file FILE] [--prefix NAME] [--ca-file FILE] [--server-name NAME]
                      [--trials N] [--limit S] [--seed N] [-k WORD] [--json] [--list]
PACHUP is the binary, or build/pachup. Exit: 0 nothing is broken, 1 a promise is, 2 it could not be tried.
"""

import argparse
import contextlib
import json
import os
import random
import secrets
import shutil
import signal
import sys
import tempfile
import threading
import time
import traceback
from pathlib import Path

import grpc

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import promises  # noqa: E402
from cluster import Cluster, interrupt  # noqa: E402
from program import Program  # noqa: E402

CLOSE_S = 180  # for clearing away at the end
BINARY = Path(os.environ.get("PACHUP", HERE.parent.parent / "build/pachup")).resolve()


class TooLong(Exception):
    """The time of a promise is over."""


@contextlib.contextmanager
def limit(seconds):
    """Ends what is done within it by TooLong, also while a server keeps it waiting."""

    def ring(*_):
        signal.setitimer(signal.ITIMER_REAL, 1)  # again, where something has caught it
        interrupt(TooLong(f"not done within {seconds} s"))

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class Stage:
    """What a promise is tried with. All names begin with `base`; each scene has a prefix of its own, for a name that
    was deleted a moment ago is not free yet on every server."""

    def __init__(self, given, folder):
        self.given, self.base = given, given.prefix or "conf-" + secrets.token_hex(3)
        self.prefix, self.scenes, self.is_open = self.base, 0, False
        token = Path(given.token_file).read_text(encoding="utf-8").strip() \
            if given.token_file else ""
        more = (token, given.ca_file, given.server_name)
        self.cluster = Cluster(given.cluster, *more)
        self.program = Program(str(BINARY), given.cluster, *more)
        self.seed = secrets.randbits(32) if given.seed is None else given.seed
        self.random = random.Random(self.seed)
        self.root = self.folder = folder  # each scene has a folder of its own below
        self.trials = given.trials
        self.own_project = False
        self.transactions = set(self.cluster.transactions())

    @property
    def project(self):
        """The flags that name the suite's project."""
        return ("--project", self.base) if self.cluster.since(2, 5) else ()

    def open(self):
        """Nothing of our names may be there: what is there is not ours to change."""
        if self.cluster.since(2, 5):
            self.cluster.make_project(self.base)  # refused when there is one
            self.own_project = True
        elif self.cluster.running_names(self.base) or self.cluster.repos(self.base):
            raise SystemExit(f"conformance: names that begin with '{self.base}' are taken there")
        self.is_open = True

    def fresh(self):
        """New names, and the two repos that the pipelines read."""
        self.cluster.clear(self.prefix)  # what stays is tried again at the end
        self.scenes += 1
        self.prefix = f"{self.base}-{self.scenes}"
        self.folder = self.root / str(self.scenes)
        self.folder.mkdir()
        for name in ("data", "other"):
            self.cluster.make_repo(f"{self.prefix}-{name}")

    def close(self):
        """Takes away all that is ours; says what it could not."""
        if not self.is_open:
            return
        try:
            with limit(CLOSE_S):
                left = self.cluster.clear(self.base)
                if self.own_project and not left:
                    self.cluster.drop_project()
        except (TooLong, grpc.RpcError) as reason:
            left = [f"names that begin with '{self.base}': {reason}"]
        for one in left:
            print(f"# it stays: {one}", file=self.given.log, flush=True)


def options():
    parser = argparse.ArgumentParser(description="pachup's promises against a pachd that you own")
    parser.add_argument("cluster", metavar="CLUSTER", nargs="?", default="")
    parser.add_argument("--token-file", metavar="FILE")
    parser.add_argument("--ca-file", metavar="FILE")
    parser.add_argument("--server-name", metavar="NAME")
    parser.add_argument("--prefix", metavar="NAME", help="of all names made there")
    parser.add_argument("--trials", metavar="N", type=int, default=20,
                        help="how often a push is killed, ended and cut off, each (default: 20)")
    parser.add_argument("--limit", metavar="S", type=float, default=900,
                        help="seconds for one promise (default: 900)")
    parser.add_argument("--json", action="store_true",
                        help="print one JSON document at the end; progress goes to stderr")
    parser.add_argument("--seed", metavar="N", type=int, help="of the random points")
    parser.add_argument("-k", metavar="WORD", default="", help="only promises with this word")
    parser.add_argument("--list", action="store_true", help="print the promises and end")
    given = parser.parse_args()
    given.log = sys.stderr if given.json else sys.stdout
    if not given.cluster and not given.list:
        parser.error("no cluster is given")
    return given


def attempt(stage, promise):
    """("held" | "broken" | "not applicable", why)"""
    try:
        with limit(stage.given.limit):
            stage.fresh()
            promise(stage)
    except promises.NotHere as reason:
        return "not applicable", str(reason)
    except promises.Broken as wrong:
        return "broken", str(wrong)
    except TooLong as reason:
        return "broken", str(reason)
    except grpc.RpcError as error:
        return "broken", f"the server refuses the suite itself: {error.code()}: {error.details()}"
    except Exception:  # noqa: BLE001  whatever it is, the other promises are tried and all is cleared away
        return "broken", traceback.format_exc()
    finally:
        stage.program.end_all()
    return "held", ""


def judge(stage, results):
    """Tries all that are asked for; `results` grows by a row for each."""
    for promise in promises.ALL:
        if stage.given.k not in promise.__name__:
            continue
        started = time.monotonic()
        verdict, why = attempt(stage, promise)
        text = " ".join(promise.__doc__.split())
        results.append({"name": promise.__name__, "promise": text, "verdict": verdict, "why": why,
                        "seconds": round(time.monotonic() - started, 1)})
        note = f" ({why})" if verdict == "not applicable" else ""
        print(f"{verdict} - {text}{note}", file=stage.given.log, flush=True)
        if verdict == "broken":
            print("# " + why.replace("\n", "\n# "), file=stage.given.log, flush=True)


def report(stage, results, is_whole):
    """The summary, whatever has happened."""
    tally = {name: sum(one["verdict"] == name for one in results)
             for name in ("held", "broken", "not applicable")}
    print("conformance: {held} held, {broken} broken, {not applicable} not applicable"
          .format_map(tally) + ("" if is_whole else "; it was ended before all were tried"),
          file=stage.given.log, flush=True)
    if stage.given.json:
        release = ".".join(map(str, stage.cluster.release))
        print(json.dumps({"release": release, "seed": stage.seed, "names": stage.base, "whole": is_whole,
                          **{name.replace(" ", "_"): count for name, count in tally.items()},
                          "promises": results}, indent=1))
    return 1 if tally["broken"] else 0 if tally["held"] and is_whole else 2


def end(*_):
    """Ends the suite; again each second until it is heard, for Python drops what is raised where it clears up."""
    again = threading.Timer(1, os.kill, (os.getpid(), signal.SIGTERM))
    again.daemon = True
    again.start()
    interrupt(SystemExit(2))


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
    stage, results, is_whole, code = None, [], False, 2
    try:
        stage = Stage(given, folder)
        print(f"# pachd {'.'.join(map(str, stage.cluster.release))} at {given.cluster},"
              f" seed {stage.seed}, names begin with '{stage.base}'", file=given.log, flush=True)
        stage.open()
        judge(stage, results)
        is_whole = True
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        if stage:
            stage.close()
            code = report(stage, results, is_whole)
        shutil.rmtree(folder, ignore_errors=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
