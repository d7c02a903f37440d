#!/usr/bin/env python3
"""Disturbs a preview at every call of its life: made, made again, removed. README.md says what must hold afterwards.

Usage: previews.py [--quick] [-k WORD]
PACHUP is the binary, or build/pachup.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "fake")]

os.environ["GRPC_VERBOSITY"] = "NONE"
from chaos import BINARY, LIMIT_S, Stage, Strike, Wrong, check, wait_until  # noqa: E402
from harness.case import GIT  # noqa: E402
from harness.wire import Wire  # noqa: E402
from server import Pachd  # noqa: E402

RELEASES = ("2.5.9", "2.8.10", "2.10.4", "2.11.6")
TOKEN = "f3b1c0de5d2a4e6f"
PROJECT = "pr-7"
FILE = """targets:
  prod: {specs: [p/], project: prod}
  preview: {from: prod, preview: true, downstream: true}
"""


def spec(name, tag, *repos):
    leaves = [{"pfs": {"repo": one, "glob": "/*"}} for one in repos]
    return {"pipeline": {"name": name}, "transform": {"image": f"r.example/{name}:{tag}", "cmd": ["x"]},
            "input": leaves[0] if len(leaves) == 1 else {"cross": leaves}}


SPECS = {"edges": ("images",), "montage": ("images", "edges", "labels"), "report": ("montage",)}


class Production(Stage):
    """A cluster with a project in production."""

    def __init__(self, release):
        live = [{"project": "prod", "name": name, "spec": self.live(name, repos)}
                for name, repos in SPECS.items()]
        Pachd.__init__(self, {
            "version": release, "projects": ["prod"], "repos": ["prod/images", "prod/labels"], "pipelines": live,
            "files": {"prod/images@master": {"/a": "1", "/b": "22"}, "prod/labels@master": {"/l": "3"}},
            "ran": ["prod/edges", "prod/montage", "prod/report"],
            "auth": {"tokens": {TOKEN: {"user": "robot:ci", "roles": {"project:prod": ["projectOwner"]}}}}})
        self.at, self.phase, self.act, self.meet, self.working = 0, "before", lambda context: None, None, 0

    @staticmethod
    def live(name, repos):
        out = spec(name, "1", *repos)
        for leaf in out["input"].get("cross", [out["input"]]):
            leaf["pfs"]["project"] = "prod"
        return out

    def production(self):
        """All that is not the preview's."""
        state = self.dump()
        return {
            "repos": [one for one in state["repos"] if not one.startswith(PROJECT + "/")],
            "pipelines": [(one["name"], one["version"], one["stopped"]) for one in state["pipelines"]
                          if one["project"] != PROJECT],
            "files": {name: one for name, one in state["files"].items() if not name.startswith(PROJECT + "/")},
            "jobs": sum(not one["pipeline"].startswith(PROJECT + "/") for one in state["jobs"]),
        }

    def preview(self):
        """{pipeline: image}, {copy: files}, of the preview; None: it is gone."""
        state = self.dump()
        if PROJECT not in state.get("projects", {}):
            check(not any(one.startswith(PROJECT + "/") for one in state["repos"]), "repos without a project")
            return None
        return ({one["name"]: one["image"] for one in state["pipelines"] if one["project"] == PROJECT},
                {name: one["files"] for name, one in state["files"].items() if name.startswith(PROJECT + "/")
                 and one["finished"]})

    def moves(self):
        """Production goes on."""
        with self.lock:
            self.store.commits.write(("prod", "images"), "master", lambda files: files.update({"/c": b"333"}))


def git(folder, *words):
    done = subprocess.run(["git", *words], cwd=folder, env=GIT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def checkout(folder, tag):
    """A pull request's checkout, in which the first pipeline has another image."""
    (folder / "p").mkdir(parents=True)
    (folder / "pachup.yaml").write_text(FILE)
    for name, repos in SPECS.items():
        (folder / "p" / f"{name}.json").write_text(json.dumps(spec(name, "1", *repos)))
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "one")
    base = git(folder, "rev-parse", "HEAD")
    git(folder, "checkout", "-q", "-b", "topic")
    (folder / "p/edges.json").write_text(json.dumps(spec("edges", tag, "images")))
    git(folder, "commit", "-qam", "topic")
    repo = {"full_name": "o/r", "fork": False}
    event = {"pull_request": {"number": 7, "head": {"sha": git(folder, "rev-parse", "HEAD"), "ref": "topic", "repo": repo},
                              "base": {"sha": base, "ref": "main", "repo": repo}}, "repository": {"full_name": "o/r"}}
    folder.with_suffix(".event").write_text(json.dumps(event))


def environment(folder):
    return {"CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "pull_request", "GITHUB_REPOSITORY": "o/r",
            "GITHUB_REF": "refs/pull/7/merge", "GITHUB_SHA": git(folder, "rev-parse", "HEAD"),
            "GITHUB_WORKSPACE": str(folder), "GITHUB_EVENT_PATH": str(folder.with_suffix(".event")),
            "PACH_TOKEN": TOKEN, "INPUT_CHECK_IMAGES": "off"}


class Run:
    """One run of the program in a pull request's job."""

    def __init__(self, port, folder, *words):
        self.child = subprocess.Popen(
            [str(BINARY), *words, "--target", "preview", "--cluster", f"grpc://127.0.0.1:{port}", "--timeout", "30s"],
            env=environment(folder), cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT)

    def end(self):
        try:
            out, _ = self.child.communicate(timeout=LIMIT_S)
        except subprocess.TimeoutExpired:
            self.child.kill()
            raise Wrong(f"no end after {LIMIT_S} s") from None
        self.said = out.decode()
        check("AddressSanitizer" not in self.said and "runtime error" not in self.said, self.said)
        check(TOKEN not in self.said, "it shows the token")
        return self.child.returncode


UP, DOWN = ("push",), ("down", "--confirm", PROJECT)


class Trials:
    def __init__(self, where, given):
        self.given, self.passed, self.failed = given, 0, 0
        self.one, self.two = where / "one", where / "two"
        checkout(self.one, "2")
        checkout(self.two, "3")

    def run(self, title, trial):
        if self.given.k not in title:
            return
        try:
            trial()
            self.passed += 1
        except Exception as error:  # one broken trial must not hide the others
            self.failed += 1
            print(f"not ok - {title}\n# " + f"{type(error).__name__}: {error}".replace("\n", "\n# "), flush=True)

    def prepared(self, release, what):
        """The stage before the run that is disturbed, and that run's folder and words."""
        stage = Production(release)
        port = stage.start()
        if what != "made":
            run = Run(port, self.one, *UP)
            check(run.end() == 0, run.said)
        if what == "made again":
            stage.moves()
        return stage, self.two if what == "made again" else self.one, DOWN if what == "removed" else UP

    def wanted(self, stage, what):
        if what == "removed":
            return None
        tag = 3 if what == "made again" else 2
        files = stage.dump()["files"]
        return ({"edges": f"r.example/edges:{tag}", "montage": "r.example/montage:1", "report": "r.example/report:1"},
                {f"{PROJECT}/{name}@master": files[f"prod/{name}@master"]["files"] for name in ("images", "labels")})

    def calls_of(self, release, what):
        stage, folder, words = self.prepared(release, what)
        before, production = stage.count, stage.production()
        run = Run(stage.port, folder, *words)
        check(run.end() == 0, run.said)
        check(stage.production() == production, "production is not as it was")
        check(stage.preview() == self.wanted(stage, what), f"{stage.preview()}\n{run.said}")
        count = stage.count - before
        stage.stop()
        return count

    def at_call(self, release, what, at, phase, how):
        stage, folder, words = self.prepared(release, what)
        wire, production = Wire(stage.port), stage.production()
        stage.at, stage.phase = stage.count + at, phase
        strike = Strike(stage, wire, how, 0.2)
        try:
            run = strike.begin(Run(wire.port, folder, *words))
            code = run.end()
            wait_until(lambda: not stage.working, 2)
            said, stage.at = run.said, 0
            check(stage.production() == production, f"production is not as it was\n{said}")
            check(code != 0 or stage.preview() == self.wanted(stage, what), f"it says that all went well\n{said}")
            check(how == "KILL" or code in (0, 1, 143), f"exit {code}\n{said}")
            check(code != 1 or "error" in said, f"it does not say why\n{said}")
            run = Run(stage.port, folder, *words)
            check(run.end() == 0, f"the next run:\n{run.said}\nafter\n{said}")
            check(stage.preview() == self.wanted(stage, what), f"after the next run: {stage.preview()}\n{run.said}")
            check(stage.production() == production, f"production after the next run\n{run.said}")
        finally:
            wire.refuse()
            stage.stop()

    def beside(self, release, what, at):
        """Two runs of one pull request: the second begins and ends while the first is at a call."""
        stage, folder, words = self.prepared(release, what)
        production, second = stage.production(), []
        stage.at, stage.phase = stage.count + at, "before"

        def act(context):
            run = Run(stage.port, folder, *words)
            second.append((run.end(), run.said))

        stage.act = act
        try:
            first = Run(stage.port, folder, *words)
            code, stage.at = first.end(), 0
            wait_until(lambda: not stage.working, LIMIT_S)  # not every answer is waited for
            if not second:  # the first has polled less often than the run that was counted
                act(None)
            said = f"the first:\n{first.said}\nthe second:\n{second[0][1]}"
            check(second[0][0] == 0, f"the second ends with {second[0][0]}\n{said}")
            check(code in (0, 1, 5), f"the first ends with {code}\n{said}")
            check(code == 0 or "error" in first.said, f"the first does not say why\n{said}")
            check(stage.preview() == self.wanted(stage, what), f"{stage.preview()}\n{said}")
            check(stage.production() == production, f"production is not as it was\n{said}")
            run = Run(stage.port, folder, *words)
            check(run.end() == 0, f"the next run:\n{run.said}\nafter\n{said}")
            check(stage.preview() == self.wanted(stage, what), f"after the next run: {stage.preview()}\n{run.said}")
        finally:
            stage.stop()

    def all(self):
        for release in RELEASES if not self.given.quick else (RELEASES[0], RELEASES[-1]):
            for what in ("made", "made again", "removed"):
                count = self.calls_of(release, what)
                points = range(1, count + 1, 10 if self.given.quick else 1)
                for at in points:
                    for phase in ("before", "after"):
                        for how in ("KILL",) if self.given.quick else ("KILL", "TERM", "CUT"):
                            self.run(f"{release}, {what}: {how} {phase} call {at} of {count}",
                                     lambda: self.at_call(release, what, at, phase, how))
                    self.run(f"{release}, {what}: another run before call {at} of {count}",
                             lambda: self.beside(release, what, at))


def main():
    parser = argparse.ArgumentParser(description="disturbs a preview at every call of its life")
    parser.add_argument("--quick", action="store_true", help="some of the calls")
    parser.add_argument("-k", metavar="WORD", default="", help="only trials with this in their name")
    given = parser.parse_args()
    if not os.access(BINARY, os.X_OK):
        sys.exit(f"previews.py: no program '{BINARY}': build it first, or set PACHUP")
    where = Path(tempfile.mkdtemp(prefix="pachup-previews-"))
    try:
        trials = Trials(where, given)
        trials.all()
    finally:
        shutil.rmtree(where, ignore_errors=True)
    print(f"previews: {trials.passed} passed, {trials.failed} failed")
    sys.stdout.flush()
    os._exit(1 if trials.failed or not trials.passed else 0)  # a server may still hold a thread


if __name__ == "__main__":
    main()
