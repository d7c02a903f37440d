#!/usr/bin/env python3
"""No secret leaves the program but in a mask, and none stays where others can read it.

Unique tokens and keys are planted; every command runs with success and with errors; then standard output, standard
error, outputs, summary, all files and /proc/PID/environ are searched for them, in all forms that an encoder makes. A
crash leaves no core although the limit allows it, and the same crash without the protection leaves one with the token.

usage: PACHUP=build/dev/pachup proof.py
"""

import base64
import json
import os
import resource
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
BINARY = os.path.abspath(os.environ.get("PACHUP", "build/pachup"))
PACHD = HERE.parent / "fake/pachd.py"
MASKS = ("::add-mask::", "##vso[task.setsecret]")
SPEC = {"pipeline": {"name": "a"}, "transform": {"image": "x/y:1", "cmd": ["true"]},
        "input": {"cron": {"name": "t", "spec": "@daily"}}}

try:
    from harness import sealed
except ModuleNotFoundError:
    sealed = None


def forms(secret):
    raw = secret.encode()
    out = {secret, raw.hex(), urllib.parse.quote(secret, safe="")}
    for shift in range(3):  # as a part of a longer text, too
        text = base64.b64encode(b"x" * shift + raw).decode()
        inner = text[4 if shift else 0 : -4]
        out |= {inner, inner.replace("+", "-").replace("/", "_")}
    return out


class Server:
    """The stand-in, with one token; `faults` as in its README."""

    def __init__(self, where, auth, faults=()):
        config = where / "config.json"
        config.write_text(json.dumps({"version": "2.11.6", "repos": ["r"], "auth": auth, "faults": list(faults)}))
        self.child = subprocess.Popen([sys.executable, str(PACHD), "--config", str(config), "--stdin-guard"],
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.address = "127.0.0.1:" + self.child.stdout.readline().strip()

    def stop(self):
        self.child.stdin.close()
        self.child.wait(20)
        self.child.stdout.close()


@unittest.skipUnless(sealed, "no PyNaCl (python3-nacl)")
class Proof(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory()
        self.addCleanup(self.place.cleanup)
        self.top = Path(self.place.name)
        self.dir = self.top / "work"
        self.dir.mkdir()
        self.token, self.new, self.api = (secrets.token_hex(20) for _ in range(3))
        self.key, self.public = sealed.make_key()
        (self.dir / "a.json").write_text(json.dumps(SPEC))

    def server(self, faults=(), **record):
        auth = {"tokens": {self.token: {"user": "robot:ci", "expires_in_s": 1000000, "roles": {"*": [
            "robotUser", "projectOwner", "repoOwner", "clusterAdmin"]}, "admin": True, **record}}, "issue": [self.new]}
        one = Server(self.top, auth, faults)
        self.addCleanup(one.stop)
        return one.address

    def environment(self, address, runner):
        env = {"HOME": str(self.top), "PACHD_ADDRESS": address, "PACHUP_KEY": self.key, "GH_TOKEN": self.api,
               "PACH_TOKEN": sealed.seal(self.token, [self.public], f"grpc://{address}")}
        if runner:
            for name in ("output", "summary"):
                (self.top / name).write_text("")
            env.update({"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(self.dir), "CI": "true",
                        "GITHUB_OUTPUT": str(self.top / "output"),
                        "GITHUB_STEP_SUMMARY": str(self.top / "summary"), "GITHUB_EVENT_NAME": "push"})
        return env

    def search(self, what, text):
        for name in ("token", "new", "key", "api"):
            for form in forms(getattr(self, name)):
                for line in text.splitlines():
                    if form in line and not line.startswith(MASKS):
                        self.fail(f"{what} shows the {name} as {form[:4]}…")

    def search_files(self, what):
        for path in self.dir.rglob("*"):
            if path.is_file():
                self.search(f"{what}: {path.name}", path.read_bytes().decode("latin1"))
        for name in ("output", "summary"):
            if (self.top / name).exists():
                self.search(f"{what}: {name}", (self.top / name).read_text())

    ALL = (
        "push a.json", "push a.json --show-specs", "push --dry-run a.json", "plan a.json", "plan a.json --out p.json",
        "push --plan p.json", "rollback a", "validate a.json", "validate a.json --json", "graph a.json", "status",
        "status --json", "doctor a.json", "doctor --json", "set-image x/y:2 --in a.json --stdout", "version", "help",
        "push nothing.json", "push a.json --wait jobs --timeout 2s", "status --project nowhere", "bogus",
        "push --bogus", "token status", "token status --json", "token status --warn 5x",
        "token seal --recipient {public} --out s.token", "token seal --recipient {public}",
        "token seal", "token rotate --dry-run", "token rotate --keep-old --out r.token", "token rotate --store bogus",
        "token rotate --out no/where/at-all", "token keygen --out fresh.key --salt x",
        "status --cluster grpc://127.0.0.2:1", "status --cluster grpcs://pachd.invalid",
    )
    SOME = ("push a.json", "status", "doctor", "token status --json", "token rotate --keep-old --out r.token")

    def run_all(self, address, commands, expected, **more):
        for runner in (False, True):
            for command in commands:
                env = {**self.environment(address, runner), **more}
                words = command.format(public=self.public).split()
                done = subprocess.run([BINARY, *words], cwd=self.dir, env=env, capture_output=True,
                                      stdin=subprocess.DEVNULL, check=False, timeout=60)
                what = f"'{command}'{' in a runner' if runner else ''}"
                self.search(what, done.stdout.decode("latin1"))
                self.search(what + " (stderr)", done.stderr.decode("latin1"))
                self.assertGreaterEqual(done.returncode, 0, what)
                self.search_files(what)
                if command == "status":
                    self.assertEqual(done.returncode, expected, done.stderr)

    def test_the_search_finds_a_token(self):
        address = self.server()
        with self.assertRaisesRegex(AssertionError, "shows the new"):
            self.run_all(address, ["token rotate --keep-old --reveal"], 0)
        with self.assertRaisesRegex(AssertionError, "shows the key"):
            self.search("base64", base64.b64encode(b"a:" + self.key.encode()).decode())

    def test_every_command_with_success(self):
        self.run_all(self.server(), self.ALL, 0)

    def test_refused(self):
        self.run_all(self.server(faults=[{"method": "WhoAmI", "do": "fail", "code": 16,
                                          "message": "provided auth token is corrupted"}]), self.SOME, 1)

    def test_with_the_wrong_key(self):
        self.run_all(self.server(), self.ALL, 64, PACHUP_KEY=sealed.make_key()[0])

    def test_with_a_damaged_seal(self):
        address = self.server()
        text = sealed.seal(self.token, [self.public], f"grpc://{address}")
        self.run_all(address, self.SOME, 1, PACH_TOKEN=text[:-8] + "AAAAAAAA")

    def test_with_a_plain_token_and_connections_that_are_cut_off(self):
        self.run_all(self.server(faults=[{"method": "WhoAmI", "do": "close"}]), self.SOME[1:2], 1,
                     PACH_TOKEN=self.token)

    # -- the process itself ----------------------------------------------------------------------

    def stalled(self, **options):
        """A run that waits for an answer, and so holds its secrets."""
        address = self.server(faults=[{"method": "WhoAmI", "do": "stall", "seconds": 30}])
        env = {**self.environment(address, False), **options.pop("env", {})}
        child = subprocess.Popen([BINARY, "status"], cwd=self.dir, env=env, stdin=subprocess.DEVNULL,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)
        self.addCleanup(child.wait)
        self.addCleanup(child.kill)
        time.sleep(1.5)
        self.assertIsNone(child.poll(), "it waits")
        return child

    def test_environment_is_erased(self):
        child = self.stalled()
        try:
            text = Path(f"/proc/{child.pid}/environ").read_bytes().decode("latin1")
        except PermissionError:
            self.skipTest("nobody may look into the process, not even this test")
        self.assertIn("PACHUP_KEY=", text)
        self.search("/proc/PID/environ", text.replace("\0", "\n"))
        for name in ("pachup1:", "pachup-key1:"):
            self.assertNotIn(name, text)

    def crash(self, env):
        child = self.stalled(env=env, preexec_fn=lambda: resource.setrlimit(
            resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)))
        child.send_signal(signal.SIGSEGV)
        child.wait(30)
        return [path.read_bytes() for path in self.dir.glob("core*")]

    def can_dump(self):
        pattern = Path("/proc/sys/kernel/core_pattern").read_text().strip()
        if "|" in pattern or "/" in pattern:
            self.skipTest(f"cores go elsewhere: {pattern}")
        if resource.getrlimit(resource.RLIMIT_CORE)[1] not in (resource.RLIM_INFINITY,) and os.getuid():
            self.skipTest("the hard limit of cores is 0")

    def test_no_core(self):
        self.can_dump()
        self.assertEqual(self.crash({}), [], "no core is written")

    def test_without_the_protection_a_core_has_the_token(self):
        self.can_dump()
        if not shutil.which("cc") or b"statically" in subprocess.run(
                ["file", "-L", BINARY], capture_output=True, check=False).stdout:
            self.skipTest("no compiler, or a static program: the protection cannot be taken away")
        code = self.top / "off.c"
        code.write_text("int prctl(int o, ...) { (void)o; return 0; }\n"
                        "int setrlimit(int r, const void *l) { (void)r; (void)l; return 0; }\n"
                        "int madvise(void *p, unsigned long n, int a) { (void)p; (void)n; (void)a; return 0; }\n")
        subprocess.run(["cc", "-shared", "-fPIC", "-w", "-o", self.top / "off.so", code], check=True)
        cores = self.crash({"LD_PRELOAD": str(self.top / "off.so")})
        if not cores:
            self.skipTest("no core is written here at all")
        self.assertTrue(any(self.token.encode() in core for core in cores), "the token is in the core")


if __name__ == "__main__":
    unittest.main()
