#!/usr/bin/env python3
"""Proves the documents: runs what README.md and docs/*.md show.

Usage: tests/docs.py [--update] [-k SUBSTRING]

A ```console block is a session: each line that begins with "$ " is run in a copy of tests/docs/world (a git
repository with one commit), against a stand-in pachd; the lines behind it are what it prints on a terminal, in that
order. "…" in a line means anything. All blocks of one page run in one world, from the top.
A ```yaml block must be YAML, and its pachup steps must use inputs that exist. Each line of a ```sh block that
begins with "pachup " must name a command and flags that exist, and so must each call in a yaml block. Links must lead to
files and to headings in them. README.md links to each page of docs/.
--update rewrites the output lines of the sessions, where they do not fit any more.
"""

import argparse
import difflib
import fcntl
import json
import os
import pty
import re
import shlex
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
import threading
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(HERE))

from harness.place import ELAPSED, Tools  # noqa: E402
from harness.server import Server  # noqa: E402

try:
    import yaml
except ImportError:
    yaml = None

BINARY = Path(os.environ.get("PACHUP", ROOT / "build/pachup")).resolve()
ADDRESS = re.compile(r"grpcs?://pachd\.example:443|grpc://localhost:30650")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)


def table(*words):
    text = subprocess.run([BINARY, "help", *words], capture_output=True, text=True, check=True)
    return [line.split("\t") for line in text.stdout.splitlines()]


class Facts:
    """What the program says of itself."""

    def __init__(self):
        rows = table("inputs")
        self.inputs = {row[0] for row in rows}
        self.flags = {row[1] for row in rows if row[1]} | {f"--{name}" for name in self.inputs}
        self.flags |= {"-C", "-o", "-q", "-v", "-h", "--json", "--sarif", "--mermaid", "--dot", "--help"}
        self.commands = set(next(row for row in rows if row[0] == "command")[5].split("|")) \
            if len(rows[0]) > 7 else set()


class World:
    """A repository and a cluster, fresh for each page."""

    def __init__(self, tools, base):
        self.where = Path(tempfile.mkdtemp(dir=base))
        self.repo = self.where / "repo"
        shutil.copytree(HERE / "docs/world", self.repo)
        config = (self.repo / "server.json").read_text()
        (self.repo / "server.json").unlink()
        self.server = Server(json.loads(config), self.where, tools)
        self.address = f"grpc://127.0.0.1:{self.server.port}"
        (self.where / "bin").mkdir()
        (self.where / "bin/pachup").symlink_to(BINARY)
        self.environment = {
            "PATH": f"{self.where / 'bin'}:/usr/bin:/bin", "HOME": str(self.where), "LC_ALL": "C.UTF-8",
            "TERM": "dumb", "NO_COLOR": "1", "PAGER": "cat",
            "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1",
            **{f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in
               (("NAME", "A"), ("EMAIL", "a@example.com"), ("DATE", "2024-01-31T12:00:00Z"))},
        }
        self.run("git init -q -b main && git add -A && git commit -qm 'Faster edges'")

    def run(self, line):
        """What it prints on a terminal, in the order of a terminal."""
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 1000, 0, 0))
        child = subprocess.Popen(["sh", "-c", ADDRESS.sub(self.address, line)], cwd=self.repo, env=self.environment,
                                 stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs)
        os.close(theirs)
        timer = threading.Timer(60, child.kill)
        timer.start()
        said = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # everybody on the other side is gone
                break
            if not piece:
                break
            said += piece
        child.wait()
        timer.cancel()
        os.close(ours)
        shown = ADDRESS.search(line)
        text = said.decode().replace("\r\n", "\n")
        text = text.replace(self.address, shown.group(0) if shown else "grpcs://pachd.example:443")
        return text.splitlines()

    def close(self):
        self.server.stop()


def fits(pattern, line):
    pattern, line = ELAPSED.sub("{time}", pattern), ELAPSED.sub("{time}", line)
    return re.fullmatch(".*".join(map(re.escape, pattern.split("…"))), line) is not None


def compare(expected, got):
    """The lines that are missing, and those that are too many, or in another order."""
    lines = difflib.SequenceMatcher(None, expected, [next((e for e in expected if fits(e, line)), line) for line in got],
                                    autojunk=False)
    missing, more = [], []
    for what, a, b, c, d in lines.get_opcodes():
        if what != "equal":
            missing += expected[a:b]
            more += got[c:d]
    return missing, more


def sessions(body):
    """(command, its output lines) of a console block."""
    found = []
    for line in body.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif found:
            found[-1][1].append(line)
    return found


def headings(path):
    """The names under which GitHub links to the headings of a page."""
    text = FENCE.sub("", path.read_text(encoding="utf-8"))
    found = re.findall(r"^#+ (.*)$", text, re.M)
    return set(re.findall(r'<a id="([\w-]+)"></a>', text)) | {re.sub(r"[^\w\- ]", "", one.lower()).strip().replace(" ", "-") for one in found}


def unlinked():
    """Pages of docs/ that the README does not lead to."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return [page.name for page in sorted((ROOT / "docs").glob("*.md")) if f"(docs/{page.name})" not in text]


class Page:
    def __init__(self, path, facts, tools, base):
        self.path, self.facts, self.tools, self.base = path, facts, tools, base
        self.text = path.read_text(encoding="utf-8")
        self.passed, self.faults = 0, []
        self.world = None

    def fault(self, where, why):
        line = self.text[:where].count("\n") + 1
        self.faults.append(f"{self.path.relative_to(ROOT)}:{line}: {why}")

    def check(self, update):
        changed = self.text
        for match in FENCE.finditer(self.text):
            before = len(self.faults)
            kind, body = match.group(1), match.group(2)
            if kind == "console":
                changed = self.session(match, body, changed, update)
            elif kind in ("yaml", "yml"):
                self.yaml(match.start(), body)
            elif kind == "sh":
                self.shell(match.start(), body)
            else:
                continue
            self.passed += len(self.faults) == before
        self.links()
        if self.world:
            self.world.close()
        if update and changed != self.text:
            self.path.write_text(changed, encoding="utf-8")
            print(f"# rewrote {self.path.relative_to(ROOT)}")

    def session(self, match, body, changed, update):
        self.world = self.world or World(self.tools, self.base)
        lines = []
        wrong = False
        for command, expected in sessions(body):
            got = self.world.run(command)
            missing, more = compare(expected, got)
            wrong = wrong or missing or more
            shown = [re.sub(r"\b([0-9a-f]{7})[0-9a-f]{25,}\b", r"\1…", line) for line in got]
            lines += [f"$ {command}"] + (shown if missing or more else expected)
            if not update:
                for one in missing:
                    self.fault(match.start(), f"'{command}' does not print: {one}")
                for one in more:
                    self.fault(match.start(), f"'{command}' prints as well: {one}")
        if wrong and update:
            return changed.replace(match.group(0), "```console\n" + "\n".join(lines) + "\n```")
        return changed

    def yaml(self, where, body):
        self.shell(where, "\n".join(match.group(1) for match in re.finditer(r"(?:^|[\s/])(pachup [a-z].*)", body)))
        if not yaml:
            return
        try:
            documents = list(yaml.safe_load_all(body))
        except yaml.YAMLError as error:
            self.fault(where, f"no YAML: {error}")
            return
        for document in documents:
            self.steps(where, document)

    def steps(self, where, node):
        """Looks for steps of ours anywhere below."""
        if isinstance(node, list):
            for one in node:
                self.steps(where, one)
        if not isinstance(node, dict):
            return
        if re.match(r"OWNER/pachup@", str(node.get("uses", ""))):
            for name in node.get("with") or {}:
                if name not in self.facts.inputs and not name.isupper():
                    self.fault(where, f"'{name}' is not an input of the action")
        if str(node.get("task", "")).lower().startswith("pachup@"):
            given = node.get("inputs") or {}
            for name in [name for name in given if not name.startswith("${{ if ")] + [
                    name for word, more in given.items() if word.startswith("${{ if ") for name in more]:
                dashed = re.sub(r"([A-Z])", lambda m: "-" + m.group(1).lower(), name)
                if dashed not in self.facts.inputs:
                    self.fault(where, f"'{name}' is not an input of the task")
        for one in node.values():
            self.steps(where, one)

    def shell(self, where, body):
        for line in body.replace("\\\n", " ").splitlines():
            if not line.startswith("pachup "):
                continue
            for word in shlex.split(line, comments=True)[1:]:
                flag = word.split("=", 1)[0]
                if flag.startswith("-") and flag != "-" and flag not in self.facts.flags:
                    self.fault(where, f"'{flag}' is not a flag: {line}")

    def links(self):
        for match in re.finditer(r"\]\(([^)#\s]*)(?:#([^)]*))?\)", self.text):
            target, heading = match.groups()
            if "://" in target:
                continue
            path = self.path.parent / target if target else self.path
            if not path.exists():
                self.fault(match.start(), f"the link leads nowhere: {target}")
            elif heading and heading not in headings(path):
                self.fault(match.start(), f"{target or 'this page'} has no heading '{heading}'")
            else:
                self.passed += 1


def main():
    parser = argparse.ArgumentParser(description="proves the documents")
    parser.add_argument("--update", action="store_true")
    parser.add_argument("-k", metavar="SUBSTRING", default="")
    given = parser.parse_args()
    base = Path(tempfile.mkdtemp(prefix="pachup-docs-")).resolve()
    tools = Tools(BINARY, base, False)
    passed, faults = 0, []
    try:
        facts = Facts()
        more = [ROOT / "README.md", ROOT / "examples/README.md", ROOT / "action/azure/overview.md"]
        for path in [*more, *sorted((ROOT / "docs").glob("*.md"))]:
            if given.k not in path.name:
                continue
            page = Page(path, facts, tools, base)
            page.check(given.update)
            passed += page.passed
            faults += page.faults
        faults += [f"README.md: no link leads to docs/{name}" for name in unlinked()]
    finally:
        tools.close()
        shutil.rmtree(base, ignore_errors=True)
    for fault in faults:
        print(fault)
    print(f"docs: {passed} passed, {len(faults)} failed, {0 if yaml else 1} skipped")
    return 1 if faults or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
