#!/usr/bin/env python3
"""Replays the YAML of the documents, and the commands of docs/gitops.md and docs/migrating.md: each ```yaml block of README.md, docs/*.md and the pages beside the examples is read as the CI
system that it is for would read it (harness/steps.py), its keys are checked, its scripts pass `sh -n`, and its steps are really run
against the stand-ins of the cases, with the variables that the system sets. Blocks of pachup.yaml are put into a repository, and each
of their targets is validated there.

usage: snippets.py [--update] [-k SUBSTRING] [-j N]

What must come out is in tests/snippets/PAGE/HEADING/EVENT/, file by file as in cases (tests/cases/README.md); `steps` lists what
was run, with what. A step is run as its system runs it: an action and a task with inputs (the task by its launcher, where node is), a
script by sh. Other programs are stand-ins that note how they were called. A block that is not replayed must be named in NOT_REPLAYED.
"""

import argparse
import json
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
ROOT = HERE.parent
sys.path.insert(0, str(HERE))

from cases import tools_rmtree  # noqa: E402
from harness import runner  # noqa: E402
from harness.case import Case, Skip  # noqa: E402
from harness.expect import compare, difference, expected, update  # noqa: E402
from harness.place import Tools  # noqa: E402
from harness.steps import ADDRESS, Azure, GitHub, Run, Terminal, system_of  # noqa: E402
from task import COMPLETE, make_stage  # noqa: E402

try:
    import yaml
except ImportError:
    yaml = None

EXPECTED = HERE / "snippets"
FENCE = re.compile(r"^ *```(yaml|sh)\n(.*?)^ *```$", re.M | re.S)
SHELL_PAGES = {"gitops", "migrating"}  # whose ```sh blocks are run, too: in a clone of acme/deploy, with a token for it
HEADING = re.compile(r"^#+ (.*)$", re.M)

# PAGE/HEADING: why a block is read and checked, but not run
NOT_REPLAYED = {
    "getting-started-azure/the-task": "one key of a step, whose meaning is the agent's",
}
# the events that a block is run on, where it is not "push" alone
EVENTS = {
    "getting-started-azure/getting-started-on-azure-devops": ("push", "pull-request"),
    "getting-started-azure/pull-requests": ("pull-request",),
    "getting-started-github/getting-started-on-github": ("push", "pull-request"),
    "getting-started-github/the-plan-as-a-comment": ("pull-request",),
    "migrating/from-one-workflow-per-dag-to-one-workflow": ("push", "pull-request"),
    "drift/one-issue-kept-up-to-date": ("schedule",),
    "drift/one-issue-kept-up-to-date-2": ("schedule",),
    "examples-azure/azure-pipelines": ("push", "pull-request"),
}
SPEC = '{{"pipeline": {{"name": "{}"}}, "transform": {{"image": "registry.example/team/{}:1.2", "cmd": ["sh"]}}, "input": {}}}\n'
PFS = '{"pfs": {"repo": "images", "glob": "/*"}}'
PROD = "targets:\n  prod: {specs: [pipelines/], %sbranches: [main]}\n"
# what the text around a block says that the repository has, beside tests/snippets/world
FILES = {
    "drift/": {"pachup.yaml": PROD % ""},
    "migrating/from-one-workflow-per-dag-to-one-workflow": {"pachup.yaml": PROD % "token-env: PROD_TOKEN, "},
    "migrating/from-branches-to-targets": {"env/prod.yaml": "pipelines: {edges: {datum_tries: 1}}\n"},
    "README/development-and-production": {"env/dev.yaml": "pipelines: {edges: {datum_tries: 1}}\n",
                                          "pipelines/regression.json": SPEC.format("regression", "edges", PFS)},
    "targets/": {
        "env/dev.yaml": "pipelines: {edges: {datum_tries: 1}}\n", "env/prod.sealed": "pachup1:none\n",
        "pipelines/old.json": SPEC.format("old_pipeline", "old", PFS), "pipelines/publish.json": SPEC.format("a_publish", "edges", PFS),
        "pipelines/daily.json": SPEC.format("daily_control", "edges", '{"cron": {"name": "tick", "spec": "@daily"}}'),
        "pipe/lists/prod.txt": "../../pipelines/edges.json\n",
    },
    "gitops/what-merging-it-does-target-by-target": {
        "pachup.yaml": "targets:\n  dev: {specs: [pipelines/], token-env: DEV_TOKEN}\n  prod: {specs: [pipelines/], token-env: PROD_TOKEN}\n"},
    "previews/": {},
}
# what the text around it has in variables of the CI system: no file can name the stand-in
VARIABLES = {
    "drift/one-issue-kept-up-to-date": {"PACHYDERM_CLUSTER_URL": "grpc://{addr}"},
    "migrating/from-one-workflow-per-dag-to-one-workflow": {"PACHYDERM_CLUSTER_URL": "grpc://{addr}"},
}
SERVER = {
    "version": "2.11.6", "repos": ["images", "more", "third", "training", "qcontrol"],
    "files": {"qcontrol@master": {"/model.json": '{"rmse": 41.5}'}},
    "auth": {"tokens": {"{token:ci}": {"user": "robot:ci", "expires": "2099-01-01T00:00:00Z", "roles": {
        "project:default": ["projectWriter"], "images": ["repoReader"], "more": ["repoReader"], "third": ["repoReader"],
        "training": ["repoWriter"], "qcontrol": ["repoReader"]}}}},
}
PULL = {"number": 7, "state": "OPEN", "head": "topic-of-the-host", "base": "main", "mine": False, "oid": "", "title": "A change", "body": ""}
REQUEST = r"""checkout -q -b topic
! sed -i 's/"fast"/"faster"/' pipelines/edges.json && git commit -qam topic
checkout -q main
commit -q --allow-empty -m main
checkout -q --detach
merge -q --no-ff -m merge topic
"""
SETUP = "remote add origin https://github.com/acme/deploy.git\n"
STAND_INS = ("docker", "curl", "jq", "az", "apt-get", "buildkite-agent")
STAND_IN = '#!/bin/sh\necho "${0##*/} $*" >>"$0.calls"\n[ "$1" != login ] || cat >/dev/null\n'


def slug(title):
    return re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-")


class Block:
    def __init__(self, name, where, body, is_shell=False):
        self.name, self.where, self.body = name, where, body
        self.faults, self.nodes = [], []
        self.system = Terminal(body) if is_shell else None
        if is_shell:
            self.nodes = [None]
            return
        try:
            self.nodes = [one for one in yaml.safe_load_all(body) if one is not None]
        except yaml.YAMLError as error:
            self.faults.append(f"not YAML: {error}")
        self.system = system_of(self.nodes[0]) if self.nodes else None

    @property
    def is_project(self):
        return isinstance(self.nodes[:1] and self.nodes[0], dict) and bool({"targets", "pipelines"} & set(self.nodes[0]))

    def file(self):
        """Where a block of a project file or of values belongs."""
        match = re.match(r"\s*# (\S+\.yaml)$", self.body.split("\n", 1)[0])
        return match.group(1) if match else "pachup.yaml"

    def check(self):
        if not self.faults and not self.system and not self.is_project and self.name not in NOT_REPLAYED:
            self.faults.append("this test does not know what it is: add its system, or name it in NOT_REPLAYED")
        for node in self.nodes if self.system else []:
            self.faults += self.system.faults(node)
        for step in self.steps():
            done = subprocess.run([self.system.shell[0], "-n"], input=step.script, capture_output=True, text=True, check=False)
            self.faults += [f"a script: {line}" for line in done.stderr.splitlines()]

    def steps(self):
        return [step for node in self.nodes for step in self.system.steps(node)] if self.system else []


def blocks():
    """All blocks of all pages, named by page and heading; a second one below the same heading has "-2"."""
    found = []
    pages = [ROOT / "README.md", ROOT / "examples/README.md", ROOT / "action/azure/overview.md", *sorted((ROOT / "docs").glob("*.md"))]
    for page in pages:
        text, names = page.read_text(encoding="utf-8"), {}
        for match in FENCE.finditer(text):
            is_shell = match.group(1) == "sh"
            if is_shell and page.stem not in SHELL_PAGES:
                continue
            head = [one.group(1) for one in HEADING.finditer(FENCE.sub(lambda m: " " * len(m.group(0)), text)) if one.start() < match.start()]
            name = f"{page.stem}/{slug(head[-1])}"
            names[name] = names.get(name, 0) + 1
            indent = re.match(r" *", match.group(2)).group(0)
            body = "".join(line.removeprefix(indent) for line in match.group(2).splitlines(True))
            place = f"{page.relative_to(ROOT)}:{text[:match.start()].count(chr(10)) + 1}"
            found.append(Block(name + (f"-{names[name]}" if names[name] > 1 else ""), place, body, is_shell))
    for page in sorted((ROOT / "examples/azure").glob("azure-*.yml")):
        found.append(Block(f"examples-azure/{page.stem}", str(page.relative_to(ROOT)), page.read_text(encoding="utf-8")))
    return found


class Play(Case):
    """A block on an event, as a case: its `cmd` has a line for each step."""

    def __init__(self, block, event, others, tools, where, stage):
        self.block, self.event, self.others, self.stage = block, event, others, stage
        self.system, self.play = block.system, Run(event)
        self.list = block.steps()
        self.notes = []
        made = where / "case"
        made.mkdir(parents=True)
        self._write(made)
        super().__init__(made, tools, where / "run")

    # -- the case --------------------------------------------------------------------------------

    def _write(self, made):
        shutil.copytree(EXPECTED / "world", made / "in")
        for name, text in self._files().items():
            (made / "in" / name).parent.mkdir(parents=True, exist_ok=True)
            (made / "in" / name).write_text(text)
        (made / "cmd").write_text("".join(f"{i} {shlex.quote(step.name)}\n" for i, step in enumerate(self.list)))
        (made / "server").write_text(json.dumps(SERVER))
        is_request = self.event == "pull-request"
        (made / "git").write_text(REQUEST if is_request else SETUP if isinstance(self.system, Terminal) else "")
        (made / "event.json").write_text(json.dumps({
            "pull_request": {"number": 7, "head": {"sha": "HEAD_SHA", "ref": "topic", "repo": {"full_name": "o/r", "fork": False}},
                             "base": {"sha": "BASE_SHA", "ref": "main", "repo": {"full_name": "o/r"}}},
            "repository": {"full_name": "o/r", "default_branch": "main"}} if is_request else
            {"ref": "refs/heads/main", "repository": {"full_name": "o/r", "default_branch": "main"}}))
        if is_request:
            with open(made / "git", "a", encoding="utf-8") as git:
                git.write(f'! sed -i "s/HEAD_SHA/$(git rev-parse HEAD^2)/;s/BASE_SHA/$(git rev-parse HEAD^1)/" {made}/event.json\n')
        if self.system and self.system.runner_name:
            (made / "runner").write_text(self.system.runner_name)
        if self.system and is_request and isinstance(self.system, GitHub):
            (made / "github").write_text('{"token": "{token:github}"}')
        elif self.system:
            host = self.system.name if self.system.name in ("azure", "gitlab") else "github"
            repo = {"repo": "acme/deploy", "setup": ["git checkout -q -b staging && git push -q origin staging && git checkout -q main && "
                                                     "echo >x"]} if isinstance(self.system, Terminal) else {}
            (made / "forge").write_text(json.dumps({**repo, "host": host, "token": f"{{token:{host}}}", "pulls": [PULL] if is_request else []}))
        env = self.system.variables(self.event) if self.system else {"PROD_TOKEN": "{token:ci}", "DEV_TOKEN": "{token:ci}"}
        env |= VARIABLES.get(self.block.name, {})
        (made / "env").write_text("".join(f"{name}={value}\n" for name, value in env.items()))

    def _files(self):
        files = {}
        for name, some in FILES.items():
            files |= some if self.block.name.startswith(name) else {}
        if self.block.is_project:
            page = self.block.name.split("/")[0]
            files |= {one.file(): one.body for one in self.others if one.is_project and one.name.split("/")[0] == page}
            files[self.block.file()] = self.block.body
        return files

    def _fill_dir(self):
        super()._fill_dir()
        if "./pachup" in self.block.body:
            (self.dir / "pachup").symlink_to(self.tools.binary)
        bin_ = self.where / "bin"
        bin_.mkdir()
        for name in STAND_INS:
            (bin_ / name).write_text(STAND_IN)
            (bin_ / name).chmod(0o755)
        (bin_ / "pachup").symlink_to(self.tools.binary)

    @staticmethod
    def _titled(line, text, count):
        return f"step {line}\n{text}" if text and count > 1 else text

    # -- a step ----------------------------------------------------------------------------------

    def _execute(self, words):
        step = self.list[int(words[0])]
        title = f"{self.block.system.name} on {self.event}: {step.name}" if self.system else step.name
        if step.kind == "nothing" or not self.system.is_wanted(step, self.play):
            self.notes.append(f"{title}: not run: {step.why or 'its condition is false'}")
            return "", "", 0
        fill = lambda text: ADDRESS.sub("grpc://{addr}", self.system.fill(text, step, self.play))  # noqa: E731
        env = {name: fill(value) for name, value in step.env.items()}
        given = self.system.given(step, self.play) if isinstance(self.system, Azure) else step.given
        env |= {self.system.variable(name): fill(value) for name, value in given.items()}
        self.notes += [title] + [f"  {name}={value}".replace("\n", "\\n") for name, value in env.items()]
        command = [str(self.tools.binary)]
        if step.kind == "shell":
            script = fill(step.script)
            self.notes += ["  | " + line for line in script.splitlines()]
            command = [*self.system.shell, self.holders.fill(script)]
        elif step.kind == "program":
            filled = [fill(word) for word in step.words]
            self.notes.append("  " + shlex.join(filled))
            command += [self.holders.fill(word) for word in filled]
        elif step.kind == "task" and self.stage:
            command = [shutil.which("node"), str(self.stage / "index.js")]
        return self._run(command, env, words, step)

    def _run(self, command, env, words, step):
        env = self._environment() | {name: self.holders.fill(value) for name, value in env.items()}
        if step.kind == "shell":
            env["PATH"] = f"{self.where / 'bin'}:/usr/bin:/bin"
        if "CLUSTER" in env:
            env["CLUSTER"] = self.holders.fill(ADDRESS.sub("grpc://{addr}", env["CLUSTER"]))
        before = (self.runner_dir / "output").read_text()
        done = subprocess.run(command, cwd=self.dir, env=env, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=120)
        out, err = done.stdout.decode(errors="backslashreplace"), done.stderr.decode(errors="backslashreplace")
        code = done.returncode
        if step.kind == "task" and self.stage:
            [(result, number)] = COMPLETE.findall(out)
            out, code = COMPLETE.sub("", out).rstrip("\n") + "\n", 0 if result == "Succeeded" else int(number or 1)
        self._judge(words, [out, err], code)
        for calls in sorted((self.where / "bin").glob("*.calls")):
            self.notes += ["  called: " + line for line in calls.read_text().splitlines()]
            calls.unlink()
        self._note_outputs(step, (self.runner_dir / "output").read_text().removeprefix(before), out)
        return out, err, code

    def _note_outputs(self, step, text, out):
        values = runner.file_commands(text) if isinstance(self.system, GitHub) else runner.azure_commands(out)[0]
        self.play.outputs |= {f"{step.id}.{name}": value for name, value in values.items()}


class ProjectPlay(Play):
    """Project files: each of their targets must be sound, and say what holds."""

    def __init__(self, block, event, others, tools, where, stage):
        super().__init__(block, event, others, tools, where, stage)
        files = self._files()
        targets = yaml.safe_load(files["pachup.yaml"])["targets"]
        lines = [f"{word} --target {name}" for name, one in targets.items()
                 for word in ("inputs", "validate") if word == "inputs" or "preview" not in one]  # which wants an event
        (self.path / "cmd").write_text("".join(line + "\n" for line in lines))
        self.notes = [f"{name}: {len(text.splitlines())} lines" for name, text in sorted(files.items())]

    _execute = Case._execute

    @staticmethod
    def _titled(line, text, count):
        return Case._titled(line, text, count)


def shortened(got):
    """Without what other cases prove: commands to the runner, whose outputs stand in a file of their own, and each call's fields."""
    lines = [line for line in got.stdout.splitlines() if not re.match(r"##vso\[|::add-mask|pachup is done$", line)]
    got.stdout = "".join(line + "\n" for line in lines if not re.search(r" (default|INPUT_CHECK_IMAGES)$", line))
    calls = [re.sub(r"^(WRITE \S+) .*( -> \d+)$", r"\1\2", line) for line in got.calls.splitlines() if not line.startswith("read ")]
    got.calls = "".join(line + "\n" for line in calls)
    got.summary = None
    if got.outputs:
        got.outputs = re.sub(r"^((?:pipelines|plan-json|planJson)=).+$", r"\1{*}", got.outputs, flags=re.M)
    return got


def play_one(block, event, others, given, tools, where, stage):
    """(what happened, lines)"""
    path = EXPECTED / block.name / event
    kind = ProjectPlay if block.is_project else Play
    try:
        play = kind(block, event, others, tools, where, stage)
        got = shortened(play.run())
        play.notes += [f"wrote {name}" for name in sorted(got.files)]
        got.files = {}
        notes = play.holders.hide("".join(line + "\n" for line in play.notes))
        if given.update and not got.broken:
            path.mkdir(parents=True, exist_ok=True)
            for name in ("outputs", "forged", "comments"):
                if getattr(got, name) and not (path / name).exists():
                    (path / name).write_text("")
            changed = update(path, got)
            if notes != expected(path, "steps"):
                (path / "steps").write_text(notes)
                changed.append("wrote steps")
            return ("updated" if changed else "ok"), changed
        wrong = compare(path, got) + difference("steps", expected(path, "steps") or "", notes)
        return ("not ok" if wrong else "ok"), wrong
    except Skip as why:
        return "skip", [str(why)]
    except Exception as error:  # one broken block must not hide the others
        return "not ok", [f"{block.where}: it could not be run: {type(error).__name__}: {error}"]


def jobs_of(given):
    """([(block, event)], [faults])"""
    found, faults, out = blocks(), [], []
    names = {one.name for one in found}
    faults += [f"tests/snippets.py names '{one}', which no page has" for one in [*NOT_REPLAYED, *EVENTS] if one not in names]
    for block in found:
        block.check()
        faults += [f"{block.where}: {one}" for one in block.faults]
        if block.faults or block.name in NOT_REPLAYED or (block.is_project and block.file() != "pachup.yaml"):
            continue  # values are read by the targets of their page
        out += [(block, event) for event in EVENTS.get(block.name, ("push",)) if given.k in f"{block.name}/{event}"]
    wanted = {f"{block.name}/{event}" for block, event in out}
    for path in sorted(EXPECTED.glob("*/*/*")) if not given.k else []:
        name = str(path.relative_to(EXPECTED))
        if path.is_dir() and not name.startswith("world/") and name not in wanted:
            faults.append(f"tests/snippets/{name}: no page has this block")
    return found, out, faults


def main():
    parser = argparse.ArgumentParser(description="replays the YAML of the documents")
    parser.add_argument("--update", action="store_true")
    parser.add_argument("-k", metavar="SUBSTRING", default="")
    parser.add_argument("-j", metavar="N", type=int, default=2)
    given = parser.parse_args()
    if not yaml:
        print("snippets: 0 passed, 0 failed, 1 skipped: no python3-yaml here")
        return 0
    base = Path(tempfile.mkdtemp(prefix="pachup-snippets-")).resolve()
    binary = Path(os.environ.get("PACHUP", ROOT / "build/pachup")).resolve()
    tools = Tools(binary, base, False)
    counts = {"ok": 0, "updated": 0, "not ok": 0, "skip": 0}
    try:
        others, todo, faults = jobs_of(given)
        stage = make_stage(base, binary) if shutil.which("node") else None
        with ThreadPoolExecutor(max_workers=max(1, given.j)) as pool:
            jobs = [(f"{block.name}/{event}", pool.submit(play_one, block, event, others, given, tools, base / str(i), stage))
                    for i, (block, event) in enumerate(todo)]
            for name, job in jobs:
                what, lines = job.result()
                counts[what] += 1
                print(f"{what} - {name}", *(f"# {line}" for line in lines), sep="\n", flush=True)
    finally:
        tools.close()
        tools_rmtree(base)
    print(*faults, sep="\n", end="\n" if faults else "")
    passed, failed = counts["ok"] + counts["updated"], counts["not ok"] + len(faults)
    print(f"snippets: {passed} passed, {failed} failed, {counts['skip']} skipped")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
