#!/usr/bin/env python3
"""The program itself, with a stand-in pachd, in a workspace where somebody swaps names while it runs.

put    a directory and a file change places with links that lead out of the workspace: nothing from outside is sent.
get    the destination and its parent change places with such links: nothing is written outside.
signal a huge tree is written when the signal comes: the run ends soon, and what stays is named. Files are replaced when it
       comes: all are new afterwards, or none.
PACHUP is the binary; SECONDS (30) how long each of the first two goes on.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from harness.nursery import PACHD  # noqa: E402

BINARY = Path(os.environ.get("PACHUP", HERE.parent.parent / "build/pachup")).resolve()
SECONDS = float(os.environ.get("SECONDS", "30"))
FILES = 600
SECRET = "outside-the-workspace"
DEPTH = 400  # python removes no deeper tree


class StandIn:
    def __init__(self, base, files):
        config = base / "server.json"
        config.write_text(json.dumps({"version": "2.11.6", "repos": ["data"], "files": {"data@master": files}}))
        self.process = subprocess.Popen([sys.executable, PACHD, "--config", config, "--stdin-guard"],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env={**os.environ, "GRPC_VERBOSITY": "NONE"})
        self.address = f"grpc://127.0.0.1:{self.process.stdout.readline().strip()}"

    def stop(self):
        self.process.stdin.close()
        self.process.wait()


class Swapper(threading.Thread):
    """Lets each pair of names change places, again and again; both are always something."""

    def __init__(self, pairs):
        super().__init__(daemon=True)
        self.pairs, self.ended, self.count = pairs, threading.Event(), 0

    def run(self):
        while not self.ended.is_set():
            for one, other in self.pairs:
                aside = one.with_name("aside")
                os.rename(one, aside)
                os.rename(other, one)
                os.rename(aside, other)
                self.count += 1
            time.sleep(0.0005)

    def stop(self):
        self.ended.set()
        self.join()


def run(where, address, *words):
    """As in CI, where paths must stay in the workspace."""
    env = {"HOME": str(where), "CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(where),
           "GITHUB_EVENT_NAME": "workflow_dispatch", "GITHUB_REPOSITORY": "o/r", "INPUT_CLUSTER": address}
    return subprocess.run([BINARY, *words], cwd=where, env=env, capture_output=True, timeout=60, check=False)


def listed(folder):
    return sorted((str(path.relative_to(folder)), path.read_text() if path.is_file() else "")
                  for path in folder.rglob("*"))


def must(good, what):
    if not good:
        sys.exit(f"swaps: {what}")


def swapped_put(base):
    work, outside = base / "work", base / "outside"
    for folder in (work / "in/sub", outside):
        folder.mkdir(parents=True)
    (outside / "f").write_text(SECRET)
    (work / "in/sub/f").write_text("inside")
    (work / "in/file").write_text("inside")
    (work / "in/sub-link").symlink_to(outside)
    (work / "in/file-link").symlink_to(outside / "f")
    server = StandIn(base, {"/a": "a"})
    swapper = Swapper([(work / "in/sub", work / "in/sub-link"), (work / "in/file", work / "in/file-link")])
    swapper.start()
    runs = sent = 0
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        put = run(work, server.address, "put", "in/sub", "in/file", "data@master:/x/")
        must(put.returncode in (0, 1), f"put ended with {put.returncode}: {put.stderr.decode()}")
        runs += 1
        if put.returncode == 0:
            sent += 1
            got = subprocess.run([BINARY, "get", "data@master:/x", "-", "--cluster", server.address], cwd=base,
                                 env={"HOME": str(base)}, capture_output=True, timeout=60, check=False)
            must(got.returncode == 0, f"get: {got.stderr.decode()}")
            must(SECRET.encode() not in got.stdout, "put has sent a file from outside of the workspace")
    swapper.stop()
    server.stop()
    must(listed(outside) == [("f", SECRET)], "put has changed what is outside")
    print(f"put: {runs} runs, {sent} of them sent something, {swapper.count} swaps: held")


def swapped_get(base):
    work, outside = base / "work", base / "outside"
    for folder in (work / "parent/dest", outside / "dest", base / "elsewhere"):
        folder.mkdir(parents=True)
    (outside / "f").write_text(SECRET)
    (work / "parent-link").symlink_to(outside)
    (work / "parent/dest-link").symlink_to(outside / "dest")
    server = StandIn(base, {f"/d/{i}/f": "new" for i in range(20)})
    swapper = Swapper([(work / "parent", work / "parent-link")])
    inner = Swapper([(work / "parent/dest", work / "parent/dest-link")])
    runs = done = 0
    end = time.monotonic() + SECONDS
    for one in (inner, swapper):  # one at a time, so that both names are always there
        one.start()
        until = time.monotonic() + SECONDS / 2
        while time.monotonic() < min(end, until):
            got = run(work, server.address, "get", "data@master:/d", "parent/dest")
            must(got.returncode in (0, 1), f"get ended with {got.returncode}: {got.stderr.decode()}")
            runs += 1
            done += got.returncode == 0
            must(listed(outside) == [("dest", ""), ("f", SECRET)], "get has written outside of the workspace")
        one.stop()
    server.stop()
    left = [path for path in work.rglob(".pachup-*")]
    must(not left, f"stages are left: {left}")
    print(f"get: {runs} runs, {done} of them wrote something, {swapper.count + inner.count} swaps: held")


def signal_in_a_deep_tree(base):
    work = base / "work"
    work.mkdir()
    server = StandIn(base, {f"/t{i}/{'d/' * DEPTH}f": "x" for i in range(50)})
    process = subprocess.Popen([BINARY, "get", "data@master:/", "out", "--cluster", server.address], cwd=work,
                               env={"HOME": str(base)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while process.poll() is None and not list(work.glob(".pachup-*/tree/t45/d")):
        time.sleep(0.001)
    process.send_signal(signal.SIGINT)
    start = time.monotonic()
    _, stderr = process.communicate(timeout=60)
    took = time.monotonic() - start
    server.stop()
    left = [path.name for path in work.iterdir()]
    must(process.returncode == 130, f"ended with {process.returncode}: {stderr.decode()}")
    must("out" not in left, "half of the tree took its place")
    must(all(f"'{name}' could not be removed".encode() in stderr for name in left), f"{left} left without a word: {stderr.decode()}")
    must(took < 5, f"the signal took {took:.1f} s")
    print(f"signal: ended {took:.2f} s after it, {len(left)} left and named: held")


def signal_while_replacing(base):
    names = [f"{i % 40}/{i}" for i in range(FILES)]
    server = StandIn(base, {f"/d/{name}": "new" for name in names})
    dest = base / "d"
    ends = {"old": 0, "new": 0}
    for i in range(15):
        for name in names:
            (dest / name).parent.mkdir(parents=True, exist_ok=True)
            (dest / name).write_text("old")
        process = subprocess.Popen([BINARY, "get", "data@master:/d", "d", "--cluster", server.address], cwd=base,
                                   env={"HOME": str(base)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        while process.poll() is None and (dest / names[i * 97 % FILES]).read_text() == "old":
            pass
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=60)
        found = {(dest / name).read_text() for name in names}
        must(found == {"new"} if process.returncode == 0 else found == {"old"},
             f"{found} after exit {process.returncode}: {stderr.decode()}")
        for left in dest.glob(".pachup-*"):
            must(f"{left.name}' could not be removed".encode() in stderr, f"{left} stays without a word")
            shutil.rmtree(left)
        ends[found.pop()] += 1
    server.stop()
    print(f"signal while {FILES} files are replaced: {ends}: held")


def main():
    for part in (swapped_put, swapped_get, signal_in_a_deep_tree, signal_while_replacing):
        with tempfile.TemporaryDirectory(prefix="pachup-swaps-") as base:
            part(Path(base).resolve())


if __name__ == "__main__":
    main()
