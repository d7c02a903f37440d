#!/usr/bin/env python3
"""Events that strangers can cause × what a pull request writes into pachup.yaml: the file of the base commit counts, all of it.
Each pair is a real repository in which pachup plans and pushes; a listener plays the stranger's cluster, and must never
be called, while a push of the same content, once it is merged, calls it. PACHUP is the program."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACHUP = Path(os.environ.get("PACHUP", ROOT / "build/pachup")).resolve()
GIT = {"HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "PATH": os.environ["PATH"],
       "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "a",
       "GIT_COMMITTER_EMAIL": "a@example.org", "GIT_AUTHOR_DATE": "1700000000 +0000",
       "GIT_COMMITTER_DATE": "1700000000 +0000"}
SPEC = 'pipeline: {name: p}\ntransform: {image: "r.example/p:1", cmd: [x]}\ninput: {cron: {name: tick, spec: "@daily"}}\n'
BASE = """targets:
  prod:
    specs: [p.yaml]
    cluster: grpc://127.0.0.1:{own}
    token-env: PROD_TOKEN
    values: [env/prod.yaml]
    schedules: rest
  other: {specs: [p.yaml], cluster: "grpc://127.0.0.1:{own}"}
"""
EVIL = "grpc://127.0.0.1:{evil}"

# what the pull request writes, by file; None: it removes the file
CONTENTS = {
    "another cluster": {"pachup.yaml": BASE.replace("{own}", "{evil}")},
    "a cluster for all": {"pachup.yaml": 'cluster: "' + EVIL + '"\ntargets: {prod: {specs: [p.yaml], token-env: PROD_TOKEN}}\n'},
    "from another target": {"pachup.yaml": 'targets:\n  prod: {from: x, token-env: PROD_TOKEN}\n  x: {specs: [p.yaml], cluster: "' + EVIL + '"}\n'},
    "a file below": {"sub/pachup.yaml": BASE.replace("{own}", "{evil}"), "sub/p.yaml": SPEC, "sub/env/prod.yaml": "pipelines: {}\n"},
    "no file": {"pachup.yaml": None},
    "a link to another file": {"pachup.yaml": ("link", "evil.yaml"), "evil.yaml": BASE.replace("{own}", "{evil}")},
    "a link to another file of the base": {"pachup.yaml": ("link", "examples/pachup.yaml")},
    "a link to another directory": {"sub/note": None, "sub": ("link", "examples")},
    "a file that is no YAML": {"pachup.yaml": "{[\n"},
    "specs of its own": {"pachup.yaml": BASE.replace("p.yaml", "mine.yaml"), "mine.yaml": SPEC.replace("name: p}", "name: mine}")},
}


def github(event, payload):
    return lambda shas, folder: {
        "CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "o/r", "GITHUB_EVENT_NAME": event, "GITHUB_SHA": shas["here"],
        "GITHUB_WORKSPACE": str(folder), "GITHUB_REF": "refs/pull/7/merge" if event == "pull_request" else "refs/heads/main",
        "GITHUB_EVENT_PATH": event_file(folder, payload(shas) if payload else {})}


def event_file(folder, payload):
    path = Path(folder).parent / "event.json"
    path.write_text(json.dumps(payload | {"repository": {"full_name": "o/r"}}))
    return str(path)


def request(source):
    return lambda shas: {"pull_request": {"number": 7, "head": {"sha": shas["head"], "ref": "topic", "repo": {"full_name": source}},
                                          "base": {"sha": shas["base"], "ref": "main"}}}


def azure(fork):
    return lambda shas, folder: {
        "TF_BUILD": "True", "BUILD_REASON": "PullRequest", "BUILD_SOURCEVERSION": shas["here"], "SYSTEM_PULLREQUEST_ISFORK": fork,
        "BUILD_SOURCEBRANCH": "refs/pull/7/merge", "BUILD_REPOSITORY_PROVIDER": "GitHub", "SYSTEM_DEFAULTWORKINGDIRECTORY": str(folder),
        "SYSTEM_PULLREQUEST_PULLREQUESTID": "7", "SYSTEM_PULLREQUEST_SOURCECOMMITID": shas["head"],
        "SYSTEM_PULLREQUEST_SOURCEBRANCH": "refs/heads/topic", "SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main"}


def gitlab(source):
    return lambda shas, folder: {
        "CI": "true", "GITLAB_CI": "true", "CI_PIPELINE_SOURCE": "merge_request_event", "CI_COMMIT_SHA": shas["here"],
        "CI_PROJECT_DIR": str(folder), "CI_PROJECT_ID": "1", "CI_MERGE_REQUEST_IID": "7", "CI_MERGE_REQUEST_PROJECT_ID": "1",
        "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": source, "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "topic",
        "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": shas["head"], "CI_MERGE_REQUEST_DIFF_BASE_SHA": shas["base"]}


# each event, and which commit is checked out: "merge" into the base, or the "head" of the stranger
EVENTS = {
    "GitHub: a pull request of the repository": (github("pull_request", request("o/r")), "merge"),
    "GitHub: a fork's pull request": (github("pull_request", request("x/r")), "merge"),
    "GitHub: pull_request_target that checks out the head": (github("pull_request_target", request("x/r")), "head"),
    "GitHub: a comment": (github("issue_comment", None), "head"),
    "GitHub: a run after a fork's pull request": (github("workflow_run", lambda _: {"workflow_run": {
        "event": "pull_request", "head_repository": {"full_name": "x/r"}}}), "head"),
    "Azure: a pull request": (azure("False"), "merge"),
    "Azure: a fork's pull request": (azure("True"), "merge"),
    "GitLab: a merge request": (gitlab("1"), "head"),
    "GitLab: a fork's merge request": (gitlab("2"), "head"),
}
PUSH = github("push", lambda shas: {"before": shas["base"], "after": shas["here"], "ref": "refs/heads/main"})


class Listener:
    """A port that counts who calls, and hangs up."""

    def __init__(self):
        self.calls, self.socket = 0, socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            caller, _ = self.socket.accept()
            self.calls += 1
            caller.close()


class Repository:
    """main has the base; topic what the stranger writes, with a merge that the stranger made; merged is their merge into main."""

    def __init__(self, folder, content, ports):
        self.folder, self.ports = Path(folder), ports
        self.folder.mkdir()
        self.git("init", "-q", "-b", "main")
        self.write({"pachup.yaml": BASE, "p.yaml": SPEC, "env/prod.yaml": "pipelines: {p: {datum_tries: 2}}\n", "sub/note": "x",
                    "examples/pachup.yaml": BASE.replace("{own}", "{evil}"), "examples/p.yaml": SPEC, "examples/env/prod.yaml": ""})
        base = self.commit("base")
        self.git("checkout", "-q", "-b", "topic")
        self.write(content | {"env/prod.yaml": "pipelines: {p: {datum_tries: 9}}\n"})
        self.commit("topic")
        self.git("checkout", "-q", "-b", "side", base)
        self.write(content)
        self.commit("side")
        self.git("merge", "-q", "-X", "theirs", "-m", "a merge of the stranger", "topic")
        self.shas = {"base": base, "head": self.git("rev-parse", "HEAD")}
        self.git("checkout", "-q", "-B", "merged", base)
        self.git("merge", "-q", "--no-ff", "-m", "merge", "side")
        self.shas["merge"] = self.git("rev-parse", "HEAD")

    def git(self, *words):
        return subprocess.run(["git", *words], cwd=self.folder, env=GIT, check=True, capture_output=True, text=True).stdout.strip()

    def commit(self, message):
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)
        return self.git("rev-parse", "HEAD")

    def write(self, files):
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.is_dir() and not path.is_symlink():
                path.rmdir()
            path.unlink(missing_ok=True)
            if isinstance(text, tuple):
                path.symlink_to(text[1])
            elif text is not None:
                path.write_text(text.replace("{own}", str(self.ports[0]))
                                .replace("{evil}", str(self.ports[1])))

    def run(self, event, at, *words):
        self.git("checkout", "-q", "--detach", self.shas[at])
        env = event(self.shas | {"here": self.shas[at]}, self.folder) | {"PROD_TOKEN": "a-token", "INPUT_CHECK_IMAGES": "off"}
        return subprocess.run([PACHUP, *words, "--target", "prod"], cwd=self.folder, env=env, capture_output=True, text=True,
                              timeout=60, check=False)


class Table:
    def __init__(self):
        self.counts, self.own, self.evil = {True: 0, False: 0}, Listener(), Listener()

    def check(self, good, what, done=None):
        self.counts[good] += 1
        if not good:
            print(f"not ok - {what}")
            print("".join(f"# {line}\n" for line in (done.stdout + done.stderr).splitlines()) if done else "")

    def held(self, repository, name):
        """What holds for the target when a stranger's content is checked out."""
        for event, (variables, at) in EVENTS.items():
            what, before = f"{event}; {name}", self.evil.calls
            for place in [[], ["-C", "sub"]]:
                done = repository.run(variables, at, "inputs", "--json", *place)
                rows = {one["input"]: one for one in json.loads(done.stdout)} if done.returncode == 0 else {}
                # where the base is not known, or the place has no specs, it is an error: never the stranger's word
                cluster = rows.get("cluster", {}).get("value")
                self.check(cluster in (None, f"grpc://127.0.0.1:{self.own.port}"), f"{what}: cluster {cluster}", done)
                if at == "merge" and not (place and name == "a link to another directory"):  # that is refused
                    self.check(rows.get("schedules", {}).get("value") == "rest", f"{what}: the base's schedules hold", done)
                for command in ("plan", "push"):
                    done = repository.run(variables, at, command, *place, "--timeout", "2s")
                    said = done.stdout + done.stderr
                    self.check("a-token" not in said and " mine " not in said, f"{what}: {command}", done)
            if at == "merge":
                done = repository.run(variables, at, "render", "--json")
                self.check('"datum_tries":9' in done.stdout.replace(" ", "") and '"mine"' not in done.stdout,
                           f"{what}: values are those of the pull request, the list of specs is not", done)
            self.check(self.evil.calls == before, f"{what}: the stranger's cluster was called")

    def merged(self, repository, name):
        """The same content after it is merged: the file of the commit counts."""
        before = self.evil.calls
        repository.run(PUSH, "merge", "push", "--timeout", "2s", *(["-C", "sub"] if name == "a file below" else []))
        self.check(self.evil.calls > before, f"a push; {name}: the cluster of the file is called")


def main():
    table = Table()
    with tempfile.TemporaryDirectory() as folder:
        for i, (name, content) in enumerate(CONTENTS.items()):
            (Path(folder) / str(i)).mkdir()
            repository = Repository(Path(folder) / str(i) / "r", content, (table.own.port, table.evil.port))
            table.held(repository, name)
            if name in ("another cluster", "a cluster for all", "from another target", "a file below"):
                table.merged(repository, name)
    print(f"untrusted: {table.counts[True]} passed, {table.counts[False]} failed")
    return table.counts[False] > 0


sys.exit(main())
