#!/usr/bin/env python3
"""`pachup down` on a terminal asks before it removes anything. PACHUP is the program."""

import os
import pty
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "fake")]
os.environ["GRPC_VERBOSITY"] = "NONE"
from server import Pachd  # noqa: E402

PACHUP = Path(os.environ.get("PACHUP", HERE.parent / "build/pachup")).resolve()
LIMIT_S = 30
GIT = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
PROJECT = {"name": "pr-7", "description": "pachup preview of team/specs#7 (target preview)"}
# what is typed, further words, whether the project goes, and whether it is asked
TRIALS = [("yes\n", [], True, True), ("no\n", [], False, True), ("\n", [], False, True), ("y\n", [], False, True),
          ("\x04", [], False, True), ("", ["--yes"], True, False)]


def tree(folder):
    (folder / "pachup.yaml").write_text("targets: {prod: {specs: [p/]}, preview: {from: prod, preview: true}}")
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    for words in (["init", "-q"], ["add", "-A"], [*who, "commit", "-qm", "one"], ["remote", "add", "origin", "https://git.example/team/specs.git"]):
        subprocess.run(["git", *words], cwd=folder, env=GIT, check=True)


def on_terminal(folder, port, typed, words):
    """(exit code, what the terminal shows)"""
    leader, follower = pty.openpty()
    child = subprocess.Popen(
        [PACHUP, "down", "pr-7", "--target", "preview", "--cluster", f"grpc://127.0.0.1:{port}", *words],
        cwd=folder, env={"TERM": "dumb"}, stdin=follower, stdout=follower, stderr=follower, start_new_session=True)
    os.close(follower)
    shown, until = b"", time.monotonic() + LIMIT_S
    while time.monotonic() < until:
        try:
            part = os.read(leader, 4096)
        except OSError:  # the other end is closed
            break
        shown += part
        if typed and b"to go on" in shown:
            os.write(leader, typed.encode())
            typed = ""
    os.close(leader)
    return child.wait(LIMIT_S), shown.decode()


def main():
    passed = failed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tree(folder)
        for typed, words, goes, asks in TRIALS:
            server = Pachd({"version": "2.11.6", "projects": [PROJECT]})
            code, shown = on_terminal(folder, server.start(), typed, words)
            good = (code == 0) == goes and ("pr-7" not in server.store.projects) == goes and ("to go on" in shown) == asks
            passed, failed = passed + good, failed + (not good)
            if not good:
                print(f"not ok - {typed!r} {words}: exit {code}\n{shown}")
            server.stop()
    print(f"ask: {passed} passed, {failed} failed")
    sys.stdout.flush()
    os._exit(1 if failed else 0)  # a server may still hold a thread


if __name__ == "__main__":
    main()
