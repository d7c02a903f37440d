"""A code host's API as far as write-back goes, on loopback, with a real git repository behind it. This is what all hosts
share; forge_github.py, forge_azure.py and forge_gitlab.py answer as each of them does.

The repository is a bare clone of the case's work directory, made after its file `git`. Configuration (the case's file `forge`, JSON):
  host      "github" (default), "azure" or "gitlab"
  token     what must stand in the Authorization header ({token:github})
  login     of the token's user ("github-actions[bot]": a job's own token)
  setup     [shell lines in a clone, which are committed and pushed to main as one commit each]
  signed    commits made by REST are signed (an app's token); createCommitOnBranch always signs
  rules     [types of rules of the base, as /rules/branches lists them]
  protected [branches that take no commit]
  most      how many entries a recursive list of files has before it is cut
  faults    [{"what": a part of "METHOD /path" or "POST graphql NAME", "call": k, "status", "message", "headers", "after": do it first,
            "shell": a line to run first, in the bare repository, "unlock": another run ends, "signal": "TERM": to the program before}];
            status null closes the connection
  pulls     requests that are there from the start, each with its comments
  foreign   how many requests there are from forks whose branch has the same name, all newer than those here
  prefixes  [paths that the API is below, as of a host in a directory; {api} has the first one]
  impostor  somebody else's comment with our mark comes before the first that is written
Requests are kept in pulls.json in the repository, so that a line of the case can close or merge one.
"""

import json
import os
import re
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

NONE = "0" * 40
DATE = "2024-01-01T00:00:00Z"
ENV = {
    "PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": "/nonexistent", "LC_ALL": "C",
    "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_COUNT": "1",
    "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*",
    **{f"GIT_{who}_NAME": "Bot" for who in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{who}_EMAIL": "bot@example.org" for who in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{who}_DATE": DATE for who in ("AUTHOR", "COMMITTER")},
}


class Refusal(Exception):
    def __init__(self, message, kind="UNPROCESSABLE"):
        super().__init__(message)
        self.kind = kind


class Forge:
    closes_with_branch = True  # a request whose branch is deleted
    closes_with_base = True  # a request whose branch is where its base is

    def __init__(self, config, source, where):
        self.config, self.dir, self.lock = config, Path(where), threading.Lock()
        self.log, self.queries, self.seen, self.broken = [], {}, {}, []
        self.on_signal = None
        subprocess.run(["git", "clone", "-q", "--bare", str(source), str(self.dir)], env=ENV, check=True,
                       capture_output=True)
        for line in config.get("setup", []):
            self.push(line)
        self.first = self.git("rev-parse", "main").strip()
        for one in config.get("pulls", []):
            self.git("branch", one["head"], "main")
            self.push("echo new >new.txt", one["head"])
        (self.dir / "pulls.json").write_text(json.dumps(config.get("pulls", [])))
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.server.handle_error = lambda *_: None
        self.url = f"http://127.0.0.1:{self.server.server_port}{config.get('prefixes', [''])[0]}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def push(self, line, branch="main"):
        """Somebody else's commit."""
        script = (f"rm -rf work && git clone -q -b {branch} . work && cd work && {line}\n"
                  "git add -A && git commit -q -m 'somebody else' && git push -q origin HEAD && cd .. && rm -rf work")
        subprocess.run(["sh", "-ec", script], cwd=self.dir, env=ENV, check=True, capture_output=True)

    def git(self, *words, data=None, text=True, good=True):
        done = subprocess.run(["git", *words], cwd=self.dir, env=ENV, input=data, capture_output=True, check=False)
        if good and done.returncode:
            raise Refusal(f"git {words[0]}: {done.stderr.decode(errors='replace').strip()}")
        return done.stdout.decode(errors="surrogateescape") if text else done.stdout

    def ref(self, branch):
        return self.git("rev-parse", "-q", "--verify", f"refs/heads/{branch}", good=False).strip()

    def stop(self):
        """What was asked, and what is there at the end, as lines."""
        self.server.shutdown()
        self.server.server_close()
        return "".join(line + "\n" for line in self.log + self.show())

    def show(self):
        bad = subprocess.run(["git", "fsck", "--strict", "--full"], cwd=self.dir, env=ENV, capture_output=True, check=False)
        lines = [f"fsck: {line}" for line in bad.stderr.decode().splitlines()
                 if "dangling" not in line and "notice" not in line] if bad.returncode else []
        if self.ref("main") != self.first:
            lines += ["main:"] + self._between(self.first, "main")
        for branch in self.git("for-each-ref", "--format=%(refname:short)", "refs/heads").split():
            if branch != "main":
                lines += [f"branch {branch}:"] + self._between("main", branch)
        for one in self.pulls():
            extra = "".join(f" {key} {one[key]}" for key in ("draft", "labels", "reviewers", "auto") if one.get(key))
            lines.append(f"pull request {one['number']} {one['state']} {one['head']} -> {one['base']}: {one['title']}{extra}")
            lines += ["| " + line for line in one["body"].splitlines()]
            for comment in one.get("comments", []):
                lines += [f"comment {comment['id']}:"] + ["| " + line for line in comment["body"].splitlines()]
        return lines

    def _between(self, old, new):
        log = self.git("log", "--reverse", "--format=commit %B", f"{old}..{new}").splitlines()
        raw = self.git("diff", "--unified=0", "--full-index", f"{old}...{new}").splitlines()
        modes = [line for line in self.git("diff", "--raw", "--abbrev=1", f"{old}...{new}").splitlines()]
        return (["  " + line for line in log if line] + ["  " + line[:15].strip() + " " + line.split("\t")[-1] for line in modes]
                + ["  " + line for line in raw if line[:1] in "+-@" and not line.startswith(("+++", "---"))])

    def foreign(self, head, base):
        """Requests of strangers."""
        return [{"number": 1000 + i, "state": "OPEN", "head": head, "base": base, "mine": False, "oid": "1" * 40, "title": "x",
                 "body": "<!-- pachup:write-back x -->", "foreign": True} for i in range(self.config.get("foreign", 0))]

    def pulls(self):
        return json.loads((self.dir / "pulls.json").read_text())

    def _keep(self, pulls):
        for one in pulls:
            now = self.ref(one["head"])
            if one["state"] == "OPEN" and (
                    self.closes_with_base and now == self.ref(one["base"]) if now else self.closes_with_branch):
                one["state"] = "CLOSED"
            if one["state"] == "OPEN" and now:
                one["oid"] = now
        (self.dir / "pulls.json").write_text(json.dumps(pulls, indent=1))

    # -- answers: (status, value) ----------------------------------------------------------------

    def name_of(self, method, url, _body):
        """What a request is called in faults and in the log."""
        return f"{method} {unquote(url.path)}"

    def answer(self, method, path, headers, body):
        url = urlsplit(path)
        what = self.name_of(method, url, body)
        shown = re.sub(r"[0-9a-f]{40}", "{oid}", what.replace(self.root(), ""))
        with self.lock:
            status, value = self._faulty(what, method, url, headers, body)
            self.log.append(f"{shown} -> {status or 'closed'}")
        return status, value

    def _faulty(self, what, *request):
        for rule in self.config.get("faults", []):
            if rule["what"] not in what:
                continue
            count = self.seen[id(rule)] = self.seen.get(id(rule), 0) + 1
            if rule.get("call", count) != count:
                continue
            if "shell" in rule:
                self.push(rule["shell"], rule.get("branch", "main"))
            if "signal" in rule:
                self.on_signal(rule["signal"])
                time.sleep(0.3)  # it must be the answer that the program waits for
            if rule.get("unlock"):
                self.labels.clear()
            if "git" in rule:
                self.git(*rule["git"])
            if rule.get("after"):
                self._answer(*request)
            if "status" in rule:
                status, value = self.failure(rule["status"], rule.get("message", "no"))
                return status, (value, rule["headers"]) if "headers" in rule else value
        return self._answer(*request)

    def failure(self, status, message):
        return status, {"message": message}

    def _write(self, base_tree, files):
        """A tree: `files` is {path: (mode, oid)} over the base's."""
        index = {**ENV, "GIT_INDEX_FILE": str(self.dir / "tmp-index")}
        subprocess.run(["git", "read-tree", base_tree], cwd=self.dir, env=index, check=True)
        lines = "".join(f"{mode} {oid}\t{path}\0" for path, (mode, oid) in files.items())
        subprocess.run(["git", "update-index", "-z", "--index-info"], cwd=self.dir, env=index, check=True, input=lines.encode())
        return subprocess.run(["git", "write-tree"], cwd=self.dir, env=index, check=True, capture_output=True,
                              text=True).stdout.strip()

    def _merge(self, old, new, message):
        """A merge commit of two commits, or None where they clash."""
        done = subprocess.run(["git", "merge-tree", "--write-tree", old, new], cwd=self.dir, env=ENV, capture_output=True,
                              text=True, check=False)
        return None if done.returncode else self.git("commit-tree", done.stdout.split()[0], "-p", old, "-p", new,
                                                     data=(message + "\n").encode()).strip()

    def _pull(self, pulls, id_or_number):
        return next(one for one in pulls if str(id_or_number).removeprefix("PR_") == str(one["number"]))

    def _add_comment(self, number, body):
        pulls = self.pulls()
        comments = self._pull(pulls, number).setdefault("comments", [])
        if self.config.pop("impostor", False):  # somebody else's comment with the same mark
            comments.append({"id": 90, "body": body.splitlines()[0] + "\nnot ours", "mine": False})
        comments.append({"id": 100 + len(comments), "body": body, "mine": True})
        self._keep(pulls)
        return comments[-1]["id"]

    def _edit_comment(self, number, id_, body):
        pulls = self.pulls()
        next(one for one in self._pull(pulls, number)["comments"] if one["id"] == id_)["body"] = body
        self._keep(pulls)

    def _keep_word(self, number, key, words):
        pulls = self.pulls()
        self._pull(pulls, number)[key] = words
        self._keep(pulls)


def _handler(forge):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def _do(self):
            size = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(size)) if size else None
            prefixes = forge.config.get("prefixes", [""])
            try:
                prefix = next(one for one in prefixes if self.path.startswith(one + "/"))
                status, value = forge.answer(self.command, self.path.removeprefix(prefix), self.headers, body)
            except Exception as error:  # the case must see it
                forge.broken.append(f"the stand-in failed at {self.command} {self.path}: {error!r}")
                status, value = 500, {"message": "the stand-in failed"}
            if status is None:
                self.close_connection = True
                return
            headers = {}
            if isinstance(value, tuple):
                value, headers = value
            data = b"" if value is None else value if isinstance(value, bytes) else json.dumps(value).encode()
            self.send_response(status)
            for name, text in headers.items():
                self.send_header(name, text)
            if status != 204:
                self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _do

    return Handler
