#!/usr/bin/env python3
"""compare --values against a model in Python: a made-up organisation keeps 700 pipelines in two long-lived branches,
which differ in dates, schedules, triggers, resources, keys and more. The specs of one branch with the values that
compare writes must mean what those of the other branch mean, for all that values can reach; compare must name the
rest. PACHUP is the program.

usage: branches.py [--seed N] [--count N]      the same seed makes the same organisation
"""

import argparse
import copy
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACHUP = Path(os.environ.get("PACHUP", ROOT / "build/pachup")).resolve()
MAPS = {"env", "labels", "annotations", "node_selector"}  # their keys are the user's own
GIT = {"HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "PATH": os.environ["PATH"],
       "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "a",
       "GIT_COMMITTER_EMAIL": "a@example.org", "GIT_AUTHOR_DATE": "1700000000 +0000",
       "GIT_COMMITTER_DATE": "1700000000 +0000"}


def snake(name):
    return re.sub("[A-Z]", lambda m: "_" + m.group().lower(), name)


def camel(name):
    return re.sub("_([a-z])", lambda m: m.group(1).upper(), name)


def meaning(value, is_map=False):
    """What a server would make of it: fields in one spelling, no nulls, numbers as texts; maps as they are."""
    if isinstance(value, dict):
        return {k if is_map else snake(k): meaning(v, is_map) if is_map else meaning(v, snake(k) in MAPS)
                for k, v in value.items() if v is not None}
    if isinstance(value, list):
        return [meaning(v) for v in value]
    if isinstance(value, bool) or is_map:
        return value
    return str(value)


class Organisation:
    def __init__(self, seed, count, shares):
        """`shares`: all pipelines of prod have one variable more."""
        self.chance, self.count, self.shares = random.Random(seed), count, shares

    def half(self, share=0.5):
        return self.chance.random() < share

    def inputs(self, i):
        """Names, no names twice from one repo, a name in two arms of a union, schedules and triggers."""
        kind = i % 6
        raw = {"pfs": {"repo": f"source{i % 31}", "glob": "/*"}}
        if kind == 0:
            return {"cron": {"name": "tick", "spec": "0 6 * * *"}}
        if kind == 1:
            staging = {"pfs": {"repo": f"source{i % 31}", "glob": "/*", "branch": "staging"}}
            return {"cross": [{"cron": {"name": "tick", "spec": "@daily"}}, {"union": [raw, staging]}]}
        if kind == 2:
            return {"union": [{"pfs": {"name": "all", "repo": repo, "glob": "/*"}} for repo in ("one", "two")]}
        if kind == 3:
            trigger = {"branch": "master", "cron_spec": "0 1 * * *"}
            return {"pfs": {"repo": "landing", "branch": "ready", "glob": "/", "trigger": trigger}}
        if kind == 4:
            return {"join": [{"pfs": {"name": "left", "repo": "l", "glob": "/(*)", "join_on": "$1"}},
                             {"pfs": {"name": "right", "repo": "r", "glob": "/(*)", "join_on": "$1"}}]}
        return raw

    def spec(self, i):
        name = f"pipeline_{i:03}" + ("_with_a_name_of_fifty_one_characters_in_all"[:39] if i % 50 == 7 else "")
        made = {
            "pipeline": {"name": name},
            "description": f"pipeline {i} of the organisation",
            "transform": {"image": f"r.example/team/image{i % 9}:1.{i % 7}", "cmd": ["sh"], "stdin": [f"run {i}"],
                          "env": {"START_DATE": "2025-01-01", "END_DATE": "2025-12-31", "datumTries": "not a field",
                                  "parallelism_spec": "no field either", "MODE": "test"}},
            "input": self.inputs(i),
            "parallelism_spec": {"constant": 1 + i % 3},
            "resource_requests": {"memory": "500M", "cpu": 0.5},
            "metadata": {"labels": {"team": f"t{i % 5}", "podPatch": "x"}, "annotations": {"note": "1"}},
        }
        if i % 4 == 0:
            made["datum_tries"] = 2
        if i % 9 == 0:
            made["scheduling_spec"] = {"node_selector": {"pool": "small"}}
        return made

    def leaf(self, tree, kind):
        for key, value in tree.items():
            if key == kind:
                return value
            for one in value if isinstance(value, list) else []:
                found = self.leaf(one, kind)
                if found:
                    return found
        return None

    def change(self, old):
        """The same pipeline in the other branch."""
        new = copy.deepcopy(old)
        env = new["transform"]["env"]
        if self.shares or self.half(0.3):
            env["PROD"] = "true"
        if self.half(0.3):
            env["START_DATE"] = self.chance.choice(
                ["2026-02-22", "1", "true", "null", "~", "08", "a: b #c", "two\nlines"])
        if self.half(0.2):
            del env["END_DATE"]
        if self.half(0.1):
            env["datumTries"] = "2"
            env["END-DATE"] = "no"
        if self.half(0.1):
            new["metadata"]["labels"]["podPatch"] = "y"
        cron, pfs = self.leaf(new["input"], "cron"), self.leaf(new["input"], "pfs")
        if cron and self.half(0.6):
            cron["spec"] = self.chance.choice(["30 0 * * *", "@never", "@every 5m"])
        if pfs and self.half(0.2):
            pfs["glob"] = "/2026/*" if "join_on" not in pfs else "/2026/(*)"
        if pfs and "trigger" in pfs and self.half():
            pfs["trigger"]["cron_spec"] = "0 6 * * *"
        if self.half(0.3):
            new["resource_limits"] = {"memory": "8G", "cpu": 2}
        if self.half(0.2):
            new["resource_requests"]["memory"] = "4G"
        if self.half(0.1):
            new.pop("datum_tries", None)
            del new["metadata"]["annotations"]
        if self.half(0.1):
            new["transform"]["stdin"] = ["run it", "twice"]
        if self.half(0.05):
            new["input"] = {"cross": [new["input"], {"pfs": {"repo": "calendar", "glob": "/"}}]}
        if "scheduling_spec" in new and self.half():
            new["scheduling_spec"] = None if self.half() else {"node_selector": {"pool": "large"}}
        return new

    def other_form(self, spec):
        """The same meaning in another spelling."""
        if self.half(0.3):
            spec = {camel(k): v for k, v in spec.items()}
        if self.half(0.2) and "parallelism_spec" in spec:
            spec["parallelism_spec"] = {"constant": str(spec["parallelism_spec"]["constant"])}
        items = list(spec.items())
        self.chance.shuffle(items)
        return dict(items)

    def write(self, where):
        """Two branches, master and prod, of one repository; what each means, by name."""
        sides, only, gone = ({}, {}), self.spec(self.count), self.spec(self.count + 1)

        def put(branch, name, made):
            (where / "pipe" / f"{name}.json").write_text(json.dumps(made, indent=2) + "\n")
            sides[branch][name] = meaning(made)

        (where / "pipe").mkdir()
        olds = [self.spec(i) for i in range(self.count)] + [gone]
        for old in olds:
            put(0, old["pipeline"]["name"], old)
        (where / "pipe/list.txt").write_text("test\n")
        self.git(where, "init", "-q", "-b", "master", ".")
        self.git(where, "add", ".")
        self.git(where, "commit", "-q", "-m", "master")
        self.git(where, "checkout", "-q", "-b", "prod")
        for old in olds[:-1]:
            put(1, old["pipeline"]["name"], self.other_form(self.change(old)))
        put(1, only["pipeline"]["name"], only)
        (where / "pipe" / f"{gone['pipeline']['name']}.json").unlink()
        (where / "pipe/list.txt").write_text("production\n")
        self.git(where, "add", "-A")
        self.git(where, "commit", "-q", "-m", "prod")
        return sides, only["pipeline"]["name"], gone["pipeline"]["name"]

    @staticmethod
    def git(where, *words):
        subprocess.run(["git", *words], cwd=where, env=GIT, check=True)


class Trial:
    def __init__(self, where):
        self.where, self.passed, self.failed = where, 0, 0

    def check(self, good, what):
        self.passed, self.failed = self.passed + bool(good), self.failed + (not good)
        if not good:
            print(f"not ok - {what}")

    def run(self, *words):
        return subprocess.run([PACHUP, *words], cwd=self.where, env={}, capture_output=True, text=True, check=False)

    def render(self, branch, *words):
        """The meaning of what would be sent, by name."""
        Organisation.git(self.where, "checkout", "-q", branch)
        done = self.run("render", "pipe", "-o", "json", "--sha", "0" * 40, *words)
        if done.returncode != 0:
            sys.exit(f"branches: render of {branch} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return {one["pipeline"]["name"]: meaning(one) for one in json.loads(done.stdout)}

    def direction(self, one, two, sides, only):
        """Values of branch `one` that make it mean `two`, whose pipeline `only` the other one lacks."""
        file = f"{two}.yaml"
        done = self.run("compare", one, two, "pipe", "--values", file, "--json")
        result = json.loads(done.stdout)
        self.check(done.returncode == 1 and only in done.stderr,
                   f"{one} -> {two}: what cannot be made is named: {done.stderr}")
        self.check([p["pipeline"] for p in result["only_b"]] == [only], f"{one} -> {two}: it is listed")
        self.check(result["files_without_specs"] == [{"file": "pipe/list.txt", "is": "different"}],
                   f"{one} -> {two}: files that values cannot change are named")
        changed = {p for d in result["differences"] for p in d["pipelines"]}
        wanted = {name for name in sides[0] if name in sides[1] and sides[0][name] != sides[1][name]}
        self.check(changed == wanted, f"{one} -> {two}: the pipelines that differ: {sorted(changed ^ wanted)[:5]}")
        made = self.render(one, "--values", file)
        for name, spec in sides[1].items():
            if name != only:
                self.check(made.get(name) == spec, f"{one} -> {two}: {name}:\n  {made.get(name)}\n  {spec}")
        self.check(set(made) == set(sides[1]) - {only}, f"{one} -> {two}: no pipeline more, none less")
        size = (self.where / file).stat().st_size
        print(f"# {one} -> {two}: {len(wanted)} of {len(sides[0])} differ; values of {size} bytes")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=24)
    parser.add_argument("--count", type=int, default=700)
    asked = parser.parse_args()
    passed = failed = 0
    for count, shares in ((asked.count, True), (asked.count // 7, False)):
        with tempfile.TemporaryDirectory(prefix="pachup-branches-") as name:
            trial = Trial(Path(name))
            sides, only, gone = Organisation(asked.seed, count, shares).write(trial.where)
            trial.check(trial.render("prod") == sides[1], "the model and render agree on prod")
            trial.direction("master", "prod", sides, only)
            trial.direction("prod", "master", sides[::-1], gone)
            passed, failed = passed + trial.passed, failed + trial.failed
    print(f"branches: {passed} passed, {failed} failed, 0 skipped (seed {asked.seed})")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
