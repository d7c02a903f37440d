#!/usr/bin/env python3
"""The cases once more, as users of the two marketplaces run them: as a GitHub action, and as an Azure task through
its launcher under Node. Both must come to the same: exit code, calls, state, outputs, files.

usage: task.py [-k SUBSTRING] [-j N]
A case takes part when all its words can be given as inputs; a case whose runner is azure must also give what it expects.
"""

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from cases import tools_rmtree  # noqa: E402
from harness import runner  # noqa: E402
from harness.case import Case, Skip, read_lines  # noqa: E402
from harness.expect import difference, expected, with_wild_lines  # noqa: E402
from harness.place import Tools  # noqa: E402

COMPLETE = re.compile(r"^##vso\[task\.complete result=(\w+);\](?:.*exit code (\d+))?", re.M)
NO_COMMIT = "1" * 40
NOT_AS_INPUTS = ("stdin", "needs", "runner")  # files of cases that say something else


def camel(name):
    first, *rest = name.split("-")
    return first + "".join(word.capitalize() for word in rest)


class NoInput(Exception):
    """A word of the command line that no input says: which."""


class Table:
    """`pachup help inputs`: how words of a command line are given as inputs."""

    def __init__(self, binary):
        text = subprocess.run([binary, "help", "inputs"], check=True, capture_output=True, text=True).stdout
        rows = [line.split("\t") for line in text.splitlines()]
        self.flags = {row[1]: (row[0], row[2], row[5]) for row in rows if row[1]}
        self.commands = next(row[7] for row in rows if row[0] == "command").split("|")

    def inputs(self, words):
        """{name: value}"""
        if not words or words[0] not in self.commands or words[0] in ("help", "version"):
            raise NoInput(words[0] if words else "")
        out, rest = {"command": words[0]}, list(words[1:])
        while rest:
            word = rest.pop(0)
            if not word.startswith("-"):
                self._add(out, "specs", "list", word)
                continue
            flag, equals, value = word.partition("=")
            if flag == "-C":
                flag = "--working-directory"
            if flag not in self.flags or self.flags[flag][2] != "all":
                raise NoInput(flag)
            name, kind, _ = self.flags[flag]
            if not equals:
                value = "true" if kind == "bool" else rest.pop(0)
            self._add(out, name, kind, value)
        return out

    @staticmethod
    def _add(out, name, kind, value):
        if kind == "list" and name in out:
            out[name] += "\n" + value
        elif name in out:
            raise NoInput(name)
        else:
            out[name] = value


class ActionCase(Case):
    """A case whose words are inputs of the GitHub action."""

    kind = "github"

    def __init__(self, path, tools, where, table):
        super().__init__(path, tools, where)
        self.table, self.inputs, self.program = table, {}, [str(tools.binary)]
        self.holders.values["sha"] = NO_COMMIT  # what a checkout of no repository at all would have
        self.is_own = self.runner == self.kind
        self.runner = self.kind

    @staticmethod
    def variable(name):
        return "INPUT_" + name.upper()

    def _environment(self):
        env = super()._environment()
        env.update({self.variable(name): self.holders.fill(value) for name, value in self.inputs.items()})
        return env

    def _execute(self, words):
        self.inputs = {} if words == [""] else self.table.inputs(words)
        out, err, code = self._run()
        self._judge(words, [out, err], code)
        return out, err, code

    def _run(self):
        self.child = subprocess.Popen(self.program, cwd=self.dir, env=self._environment(), stdin=subprocess.DEVNULL,
                                      stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            out, err = self.child.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            self.child.kill()
            out, err = self.child.communicate()
            self.got.broken.append("the run did not end in 60 seconds")
        return out.decode(errors="backslashreplace"), err.decode(errors="backslashreplace"), self.child.returncode


class TaskCase(ActionCase):
    """A case whose words are inputs of the Azure task."""

    kind = "azure"

    def __init__(self, path, tools, where, table, stage):
        super().__init__(path, tools, where, table)
        self.program = [shutil.which("node"), str(stage / "index.js")]

    @staticmethod
    def variable(name):
        return "INPUT_" + camel(name).upper()

    def _environment(self):
        # what an agent has beside: none of it may reach the program
        return {**super()._environment(), "SYSTEM_ACCESSTOKEN": "no-business-of-pachup",
                "SECRET_OTHER": "no-business-of-pachup", "ENDPOINT_AUTH_1": "no-business-of-pachup"}

    def _run(self):
        out, err, code = super()._run()
        done = COMPLETE.findall(out)
        if code != 0 or len(done) != 1:
            self.got.broken.append(f"the launcher ended with {code} and {len(done)} results:\n{out}{err}")
            return out, err, code
        result, code = done[0]
        if list((self.runner_dir / "temp").glob("pachup-*/pachup")):
            self.got.broken.append("the launcher has left its copy of the program behind")
        return out, err, 0 if result == "Succeeded" else int(code or 1)


def outputs_as_azure(text):
    pairs = [line.partition("=") for line in (text or "").splitlines()]
    return "".join(sorted(f"{camel(name)}={value}\n" for name, _, value in pairs))


def comparable(text):
    """Calls without what may differ: marks of owners name the run, and each system has its own; a call that was
    given up may have been seen as cancelled or as gone."""
    text = re.sub(r"-> (1|gone)$", "-> given up", text, flags=re.M)
    text = re.sub(r'("hash\\?":\\?")[0-9a-f]{64}', r"\1HASH", text)  # of a spec with a registry's port
    text = re.sub(r',\\?"run\\?":\\?"(https:[^"\\]*)?\\?"', "", text)
    return re.sub(r'("key":"pachup/mark","value":)"(?:[^"\\]|\\.)*"', r'\1"a mark"', text)


def address_free(text):
    """Each of the two has a cluster of its own, at a port of its own."""
    text = text if isinstance(text, bytes) else str(text).encode()
    text = re.sub(rb"127\.0\.0\.1:[0-9]+", b"ADDRESS", text)
    # nor has Azure's stand-in links to GitHub
    text = re.sub(' · made by <a [^>]*>this run</a>'.encode(), b"", text)
    text = re.sub(rb'<a [^>]*href="https://github\.com/o/r/[^"]*"[^>]*>([^<]*)</a>', rb"\1", text)
    return re.sub(rb'"https://github\.com/o/r/[^"]*"', b'""', text)


def compare_calls(path, name, action, task):
    """One with the other; where a case leaves a gap for what differs from run to run, each with the case, which was not run by a
    CI system: so it has no notes."""
    want = expected(path, name) or ""
    one, two = (with_wild_lines(comparable(want), comparable(getattr(got, name) or "")) for got in (action, task))
    wrong = difference(f"{name} (action, task)", one, two)
    if not wrong or "{**}" not in want.splitlines():
        return wrong
    mark = r'^WRITE /metadata\.API/EditMetadata .*\n|"metadata":\{"annotations":\{"pachup/mark":"(?:[^"\\]|\\.)*"\}\},'
    bare = [re.sub(mark, "", got, flags=re.M) for got in (one, two)]
    return [line for got in bare for line in difference(name, comparable(want), got)]


def compare(path, action, task):
    wrong = [f"as an action: {line}" for one in action.broken for line in one.splitlines()]
    wrong += [f"as a task: {line}" for one in task.broken for line in one.splitlines()]
    wrong += difference("exit (action, task)", action.exit, task.exit)
    for name in ("calls", "state"):
        wrong += compare_calls(path, name, action, task)
    wrong += difference("outputs (action, task)", comparable(outputs_as_azure(action.outputs)),
                        comparable(task.outputs or ""))
    if {name: address_free(text) for name, text in action.files.items()} != {
            name: address_free(text) for name, text in task.files.items()}:
        wrong.append(f"files differ: {sorted(action.files)} and {sorted(task.files)}")
    return wrong


def compare_own(path, task):
    """A case that is about Azure: its own expectations."""
    wrong = [line for one in task.broken for line in one.splitlines()]
    for name in ("exit", "calls", "outputs", "summary", "state"):
        want = expected(path, name)
        if want is not None:
            wrong += difference(name, want, getattr(task, name) or "")
    return wrong


def takes_part(path, table):
    kind = path / "runner"
    lines = [line for line in read_lines(path / "cmd") if not line.startswith("! ")]
    if (path / "forge").exists():  # a variable that no agent sets says where its stand-in is
        return False
    if kind.exists():
        return kind.read_text().strip() == "azure" and lines == ["''"]
    if any((path / name).exists() for name in NOT_AS_INPUTS):
        return False
    try:
        return all(table.inputs(shlex.split(line)) for line in lines)
    except (NoInput, IndexError):
        return False


def run_one(path, tools, table, stage, base):
    try:
        task = TaskCase(path, tools, base / "task", table, stage)
        if task.is_own:
            return compare_own(path, task.run())
        return compare(path, ActionCase(path, tools, base / "action", table).run(), task.run())
    except Skip as why:
        return why
    except Exception as error:  # one broken case must not hide the others
        return [f"the case could not be run: {type(error).__name__}: {error}"]


def make_stage(base, binary):
    """The task as the agent unpacks it."""
    stage = base / "stage"
    shutil.copytree(HERE.parent / "action/azure/task", stage)
    (stage / "bin").mkdir()
    name = {"x86_64": "amd64", "aarch64": "arm64"}[os.uname().machine]
    copy = shutil.copy(binary, stage / f"bin/pachup-linux-{name}")
    os.chmod(copy, 0o644)  # as tfx leaves it
    return stage


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-k", metavar="SUBSTRING", default="")
    parser.add_argument("-j", metavar="N", type=int, default=2)
    parser.add_argument("--every", metavar="N", type=int, default=1, help="only each Nth case, and those about Azure")
    given = parser.parse_args()
    if not shutil.which("node"):
        print("task: 0 passed, 0 failed, 1 skipped: no node here")
        return 0
    binary = Path(os.environ.get("PACHUP", HERE.parent / "build/pachup")).resolve()
    table = Table(binary)
    base = Path(tempfile.mkdtemp(prefix="pachup-task-")).resolve()
    counts = {"ok": 0, "not ok": 0, "skip": 0}
    try:
        tools, stage = Tools(binary, base, False), make_stage(base, binary)
        paths = sorted(path.parent for path in (HERE / "cases").rglob("cmd"))
        paths = [path for path in paths if given.k in str(path) and takes_part(path, table)]
        paths = [path for i, path in enumerate(paths) if i % given.every == 0 or (path / "runner").exists()]
        with ThreadPoolExecutor(max_workers=max(1, given.j)) as pool:
            jobs = [(path, pool.submit(run_one, path, tools, table, stage, base / str(i)))
                    for i, path in enumerate(paths)]
            for path, job in jobs:
                wrong = job.result()
                what = "skip" if isinstance(wrong, Skip) else "not ok" if wrong else "ok"
                counts[what] += 1
                print(f"{what} - {path.relative_to(HERE / 'cases')}", flush=True)
                for line in wrong if what == "not ok" else []:
                    print("# " + line)
    finally:
        tools_rmtree(base)
    print(f"task: {counts['ok']} passed, {counts['not ok']} failed, {counts['skip']} skipped")
    return 1 if counts["not ok"] or not counts["ok"] else 0


if __name__ == "__main__":
    sys.exit(main())
