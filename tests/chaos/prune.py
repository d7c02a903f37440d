"""Disturbs a push with input `prune` at every call; README.md says what must hold afterwards."""

import itertools
import json
import os
import subprocess

from harness.wire import Wire
from server import Pachd
from versions import Version

RELEASES = ("1.10.0", "1.13.4", "2.0.8", "2.5.9", "2.11.6")
REPOSITORY = "https://git.example/team/specs.git"
STAYS, COUNT = 2, 5  # p0 and p1 stay; p2, p3 and p4 left git; each reads the one before it
LEFT = [f"p{i}" for i in range(STAYS, COUNT)]
GIT = {"GIT_AUTHOR_NAME": "t", "GIT_AUTHOR_EMAIL": "t@example.com", "GIT_COMMITTER_NAME": "t",
       "GIT_COMMITTER_EMAIL": "t@example.com", "GIT_CONFIG_GLOBAL": os.devnull, "PATH": os.environ.get("PATH", "")}


def spec(i):
    source = {"repo": f"p{i - 1}" if i else "images", "glob": "/*"}
    return {"pipeline": {"name": f"p{i}"}, "transform": {"image": f"reg.example/p{i}:1", "cmd": ["run"]},
            "input": {"pfs": source}}


def make_tree(folder):
    """A work tree that three pipelines have left; the commit that had them."""

    def git(*words):
        done = subprocess.run(["git", *words], cwd=folder, env=GIT, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    (folder / "specs").mkdir(parents=True)
    (folder / "pachup.yaml").write_text("targets: {prod: {specs: [specs/]}}\n")
    for i in range(COUNT):
        (folder / f"specs/p{i}.json").write_text(json.dumps(spec(i)))
    git("init", "-q", "-b", "main")
    git("remote", "add", "origin", REPOSITORY)
    git("add", ".")
    git("commit", "-qm", "all")
    sha = git("rev-parse", "HEAD")
    git("rm", "-q", *[f"specs/{name}.json" for name in LEFT])
    git("commit", "-qm", "some go")
    return sha


def stage_of(base, release, sha, at=0, phase="before"):
    """A stand-in that runs all of them, with their marks, and that acts at one call as `base` does."""
    mark = json.dumps({"repository": REPOSITORY, "target": "prod", "commit": sha, "hash": "0" * 64,
                       "version": 1, "since": 1})
    config = {"version": release, "repos": ["images"], "pipelines": []}
    on_repos = Version(release).since("2.10.0")
    for i in range(COUNT):
        one = spec(i)
        if not on_repos:
            one["metadata"] = {"annotations": {"pachup/mark": mark}}
        config["pipelines"].append({"name": f"p{i}", "spec": one})
    if on_repos:
        config["metadata"] = {"repos": {f"p{i}": {"pachup/mark": mark} for i in range(COUNT)}}

    class Stage(base):
        def __init__(self):
            Pachd.__init__(self, config)
            self.at, self.phase, self.act, self.meet, self.working = at, phase, lambda context: None, None, 0

        def there(self):
            """{name: (version, stopped)}"""
            return {one["name"]: (one["version"], bool(one.get("stopped"))) for one in self.dump()["pipelines"]}

    return Stage()


def push_of(base, port, folder, how):
    class Push(base):
        def __init__(self):
            self.child = subprocess.Popen(
                [str(base.binary), "push", "--target", "prod", "--prune", how,
                 "--prune-limit", "9", "--cluster", f"grpc://127.0.0.1:{port}", "--timeout", "30s"],
                env={}, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            self.said = ""

    return Push()


def check_stage(check, stage, how, is_done, said):
    there, repos = stage.there(), {one.rpartition("/")[2] for one in stage.dump()["repos"]}
    for i in range(STAYS):
        check(there.get(f"p{i}") == (1, False), f"p{i} stays, but: {there}\n{said}")
    left = [name for name in LEFT if name in there]
    check(left == LEFT[:len(left)], f"one is gone below a reader: {there}\n{said}")
    if how == "stop":
        check(left == LEFT, f"stopping deletes: {there}\n{said}")
        stopped = [name for name in LEFT if there[name][1]]
        check(stopped == LEFT[COUNT - STAYS - len(stopped):], f"one is stopped below a reader: {there}\n{said}")
        check(not is_done or stopped == LEFT, f"not all are stopped: {there}\n{said}")
    else:
        check(not is_done or not left, f"not all are deleted: {there}\n{said}")
    kept = [name for name in LEFT if name in repos]
    check(how == "with-data" or kept == LEFT, f"repos are gone: {sorted(repos)}\n{said}")
    check(how != "with-data" or not is_done or not kept, f"repos stay: {sorted(repos)}\n{said}")


class Prunes:
    """The trials; `chaos` is the module that has Stage, Push, check, Wrong and wait_until."""

    def __init__(self, trials, chaos, where):
        self.trials, self.chaos, self.folder = trials, chaos, where / "tree"
        chaos.Push.binary = chaos.BINARY
        self.sha = make_tree(self.folder)

    def run_once(self, stage, how, port):
        push = push_of(self.chaos.Push, port, self.folder, how)
        code = push.end()
        return code, push.said

    def count_calls(self, release, how):
        stage = stage_of(self.chaos.Stage, release, self.sha)
        code, said = self.run_once(stage, how, stage.start())
        self.chaos.check(code == 0, said)
        check_stage(self.chaos.check, stage, how, True, said)
        stage.stop()
        return stage.count

    def check_repair(self, stage, how):
        stage.at = 0
        code, said = self.run_once(stage, how, stage.port)
        self.chaos.check(code == 0, f"the next push ends with {code}:\n{said}")
        check_stage(self.chaos.check, stage, how, True, said)
        before = len(stage.calls)
        code, said = self.run_once(stage, how, stage.port)
        writes = [one["method"] for one in stage.calls[before:]
                  if any(word in one["method"] for word in ("/Create", "/Stop", "/Delete", "/Start", "/Edit"))
                  and not (one.get("request") or {}).get("dry_run")]
        self.chaos.check(code == 0 and not writes, f"the third push writes {writes}:\n{said}")

    def at_call(self, release, how, at, phase, what):
        chaos = self.chaos
        stage = stage_of(chaos.Stage, release, self.sha, at, phase)
        wire = Wire(stage.start())
        strike = chaos.Strike(stage, wire, what, 0.3 if at % 2 or what == "TERM" else 0)
        push = strike.begin(push_of(chaos.Push, wire.port, self.folder, how))
        try:
            code = push.end()
            chaos.wait_until(lambda: not stage.working, 2)
            if what != "KILL":
                chaos.check(code in (0, 1, 143), f"exit {code}\n{push.said}")
                chaos.check(code == 0 or "error: " in push.said, f"it does not say why\n{push.said}")
            check_stage(chaos.check, stage, how, code == 0, push.said)
            self.check_repair(stage, how)
        finally:
            wire.refuse()
            stage.stop()

    def all(self, quick):
        for release in RELEASES:
            is_short = release != RELEASES[-1] and (quick or release != "1.13.4")
            ways = ("delete",) if is_short else ("stop", "delete", "with-data")
            for how in ways:
                count = self.count_calls(release, how)
                points = range(count - 7, count + 1) if quick else range(1, count + 1)
                kinds = ("KILL",) if quick else ("KILL", "TERM", "CUT")
                for at, phase, what in itertools.product(points, ("before", "after"), kinds):
                    self.trials.run(f"{release}: prune {how}: {what} {phase} call {at} of {count}",
                                    lambda: self.at_call(release, how, at, phase, what))
