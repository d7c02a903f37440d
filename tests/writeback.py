#!/usr/bin/env python3
"""Many runs write back to one branch at once: none may be lost, and the request must say what all of them did. And how often
the API is asked for a large write-back. And a signal at each call: the next run must finish what is begun, without waiting.

Usage: writeback.py [--runs N] [--host github|azure|gitlab]   (PACHUP: the binary)
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from harness.forge import ENV  # noqa: E402
from harness.forges import make_forge  # noqa: E402

TOKEN = "a-token-of-the-tests"
MOST_CALLS = {"github": 10, "azure": 20, "gitlab": 20}
MORE = {"gitlab": ["--repo", "gitlab:g/s/r"]}
HOSTS = {
    "github": {"GITHUB_API_URL": "{api}", "GITHUB_TOKEN": TOKEN, "GITHUB_REPOSITORY": "o/r"},
    "azure": {"SYSTEM_COLLECTIONURI": "{api}/", "SYSTEM_TEAMPROJECT": "p", "BUILD_REPOSITORY_PROVIDER": "TfsGit",
              "BUILD_REPOSITORY_NAME": "r", "SYSTEM_ACCESSTOKEN": TOKEN},
    "gitlab": {"CI_API_V4_URL": "{api}", "GITLAB_TOKEN": TOKEN},
}


def source(where, count):
    """One file for each two runs, so that runs meet in files, too."""
    where.mkdir()
    for i in range(0, count, 2):
        (where / f"p{i:02}.yaml").write_text("".join(
            f"---\npipeline: {{name: p{k}}}\ninput: {{pfs: {{repo: a, glob: /}}}}\n"
            f"transform: {{image: 'team/p{k}:1', cmd: [x]}}\n" for k in range(i, min(i + 2, count))))
    for words in ("init -q -b main", "add -A", "commit -q -m one"):
        subprocess.run(["git", *words.split()], cwd=where, env=ENV, check=True)


def wrong(forge, count):
    """What is not as it should be, as lines."""
    bad = list(forge.broken)
    shown = forge.show()
    bad += [line for line in shown if line.startswith("fsck")]
    tree = "".join(forge.git("show", f"pachup/images:p{i:02}.yaml") for i in range(0, count, 2))
    pulls = forge.pulls()
    bad += [] if len(pulls) == 1 and pulls[0]["state"] == "OPEN" else [f"pull requests: {pulls}"]
    for k in range(count):
        if f"'team/p{k}:2'" not in tree:
            bad.append(f"run {k} is lost on the branch")
        if f"`team/p{k}:2`" not in pulls[-1]["body"]:
            bad.append(f"run {k} is lost in the request")
    subjects = forge.git("log", "--format=%s", "main..pachup/images").splitlines()
    return bad + ([] if len(subjects) == count else [f"{len(subjects)} commits for {count} runs"])


def play(host, count, binary, place):
    """Whether nothing is lost at that host."""
    source(place / "work", count)
    forge = make_forge({"host": host, "token": TOKEN}, place / "work", place / "forge.git")
    env = {name: text.replace("{api}", forge.url) for name, text in HOSTS[host].items()} | {"HOME": str(place)}
    begun = time.monotonic()
    runs = [subprocess.Popen([binary, "set-image", f"team/p{k}:2", "--in", ".", "--pull-request", *MORE.get(host, [])], cwd=place / "work",
                             env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for k in range(count)]
    said = [run.communicate(timeout=600)[0] for run in runs]
    bad = [f"run {k} ended with {run.returncode}: {said[k]}" for k, run in enumerate(runs) if run.returncode]
    bad += wrong(forge, count)
    forge.stop()
    print("".join(f"writeback: {host}: {line}\n" for line in bad), end="")
    print(f"writeback: {host}: {count} runs at once, {len(forge.log)} calls, {time.monotonic() - begun:.1f} s: "
          + ("failed" if bad else "nothing is lost"))
    return not bad


def count(host, binary, place):
    """101 images in 35 files: what is asked beside the blobs that the checkout lacks, in a first run and a second one."""
    work = place / "work"
    work.mkdir()
    for i in range(35):
        (work / f"{i}.yaml").write_text("".join(
            f"---\npipeline: {{name: p{i}-{k}}}\ninput: {{pfs: {{repo: a, glob: /}}}}\n"
            f"transform: {{image: 'team/a:1', cmd: [x]}}\n" for k in range(3 if i < 33 else 1)))
    for words in ("init -q -b main", "add -A", "commit -q -m one"):
        subprocess.run(["git", *words.split()], cwd=work, env=ENV, check=True)
    forge = make_forge({"host": host, "token": TOKEN}, work, place / "forge.git")
    env = {name: text.replace("{api}", forge.url) for name, text in HOSTS[host].items()} | {"HOME": str(place)}
    bad, numbers, at = list(forge.broken), [], 0
    for tag, blobs in ("2", 0), ("3", 35):
        done = subprocess.run([binary, "set-image", f"team/a:{tag}", "--in", ".", "--pull-request", *MORE.get(host, [])],
                              cwd=work, env=env, capture_output=True, text=True, check=False)
        asked = [line for line in forge.log[at:] if "/blobs/" not in line]
        numbers.append(f"{len(asked)} calls and {len(forge.log) - at - len(asked)} blobs")
        if done.returncode or "101 images changed in 35" not in done.stdout:
            bad.append(done.stdout + done.stderr)
        if len(asked) > MOST_CALLS[host] or len(forge.log) - at - len(asked) > blobs:
            bad.append(f"tag {tag}: {numbers[-1]}")
        at = len(forge.log)
    forge.stop()
    print("".join(f"writeback: {host}: {line}\n" for line in bad), end="")
    print(f"writeback: {host}: 101 images in 35 files: {', then '.join(numbers)}")
    return not bad


def cut(binary, place):
    """[whether all is well] with more images than a commit's message lists: the next run reads only the message, and must say the
    same; a request with them that a person has closed is not opened again."""
    work = place / "work"
    work.mkdir()
    name = "a-pipeline-whose-name-is-somewhat-long"
    (work / "all.yaml").write_text("".join(
        f"---\npipeline: {{name: {name}-{i}}}\ninput: {{pfs: {{repo: a, glob: /}}}}\ntransform: {{image: 'team/a:1', cmd: [x]}}\n"
        for i in range(1000)))
    for words in ("init -q -b main", "add -A", "commit -q -m one"):
        subprocess.run(["git", *words.split()], cwd=work, env=ENV, check=True)
    forge = make_forge({"token": TOKEN}, work, place / "forge.git")
    env = {name: text.replace("{api}", forge.url) for name, text in HOSTS["github"].items()} | {"HOME": str(place)}

    def run():
        subprocess.run([binary, "set-image", "team/a:2", "--in", ".", "--pull-request"], cwd=work, env=env, check=True, capture_output=True)
        return forge.pulls()

    [first] = run()
    [second] = run()
    (forge.dir / "pulls.json").write_text(json.dumps([second | {"state": "CLOSED"}]))
    forge.git("update-ref", "-d", "refs/heads/pachup/images")
    pulls = run()
    forge.stop()
    good = [first["body"] == second["body"], "and at least " in first["body"], len(pulls) == 1, not forge.broken]
    print(f"writeback: 1000 images in one commit: {good.count(False)} of {len(good)} are wrong")
    return good




class Struck:
    """One run that gets a signal while it waits for the answer to call k (0: none), and the run after it."""

    def __init__(self, host, k, binary, place):
        place.mkdir()
        source(place / "work", 2)
        faults = [{"what": "", "call": k, "signal": "TERM"}] if k else []
        self.forge = make_forge({"host": host, "token": TOKEN, "faults": faults}, place / "work", place / "forge.git")
        self.forge.on_signal = lambda _: self.child.send_signal(signal.SIGTERM)
        self.env = {name: text.replace("{api}", self.forge.url) for name, text in HOSTS[host].items()} | {"HOME": str(place)}
        self.words = [binary, "set-image", "team/p0:2", "--in", ".", "--pull-request", *MORE.get(host, [])]
        self.place = place
        self.first, self.calls = self._run(), len(self.forge.log)
        self.forge.config["faults"] = []
        begun = time.monotonic()
        self.second = self._run()
        self.seconds = time.monotonic() - begun
        self.end = self.forge.show()
        self.forge.stop()

    def _run(self):
        self.child = subprocess.Popen(self.words, cwd=self.place / "work", env=self.env, stdout=subprocess.DEVNULL,
                                      stderr=subprocess.DEVNULL)
        return self.child.wait(timeout=300)


def strike(host, binary, place):
    """[whether all is well after a signal at call k]"""
    calm = Struck(host, 0, binary, place / "0")
    with ThreadPoolExecutor(max_workers=4) as pool:
        all_ = list(pool.map(lambda k: Struck(host, k, binary, place / str(k)), range(1, calm.calls + 1)))
    good = [one.first == 143 and one.second == 0 and one.end == calm.end and not one.forge.broken and one.seconds < 60 for one in all_]
    for k, one in enumerate(all_, 1):
        if not good[k - 1]:
            print(f"writeback: {host}: a signal at call {k}: exit {one.first}, then {one.second} after {one.seconds:.0f} s", *one.end,
                  sep="\n  ")
    print(f"writeback: {host}: {len(good)} runs that got a signal: {good.count(False)} left something behind")
    return good


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--host", choices=HOSTS)
    given = parser.parse_args()
    binary = Path(os.environ.get("PACHUP", "build/pachup")).resolve()
    if not shutil.which("git"):
        print("writeback: 0 passed, 0 failed, 1 skipped: no git here")
        return 0
    hosts = [given.host] if given.host else list(HOSTS)
    done, counted, struck = [], [], []
    for host in hosts:
        with tempfile.TemporaryDirectory() as place:
            done.append(play(host, given.runs, binary, Path(place)))
        with tempfile.TemporaryDirectory() as place:
            counted.append(count(host, binary, Path(place)))
        with tempfile.TemporaryDirectory() as place:
            struck += strike(host, binary, Path(place))
    with tempfile.TemporaryDirectory() as place:
        struck += cut(binary, Path(place))
    good = done + counted + struck
    print(f"writeback: {sum(done) * given.runs + sum(counted) + sum(struck)} passed, {good.count(False)} failed")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
