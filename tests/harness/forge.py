"""GitHub's API as far as write-back goes, on loopback, with a real git repository behind it.

The repository is a bare clone of the case's work directory, made after its file `git`. Configuration (the case's file `forge`, JSON):
  token     what must stand in the Authorization header ({token:github})
  login     of the token's user ("github-actions[bot]": a job's own token)
  setup     [shell lines in a clone, which are committed and pushed to main as one commit each]
  signed    commits made by REST are signed (an app's token); createCommitOnBranch always signs
  rules     [types of rules of the base, as /rules/branches lists them]
  protected [branches that take no commit]
  most      how many entries a recursive list of files has before it is cut
  faults    [{"what": a part of "METHOD /path" or "POST graphql NAME", "call": k, "status", "message", "after": do it first,
            "shell": a line to run first, in the bare repository}]; status null closes the connection
Requests are kept in pulls.json in the repository, so that a line of the case can close or merge one.
"""

import base64
import json
import os
import re
import subprocess
import threading
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
    def __init__(self, config, source, where):
        self.config, self.dir, self.lock = config, Path(where), threading.Lock()
        self.log, self.queries, self.seen, self.broken = [], {}, {}, []
        subprocess.run(["git", "clone", "-q", "--bare", str(source), str(self.dir)], env=ENV, check=True,
                       capture_output=True)
        for line in config.get("setup", []):
            self.push(line)
        self.first = self.git("rev-parse", "main").strip()
        (self.dir / "pulls.json").write_text("[]")
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.server.handle_error = lambda *_: None
        self.url = f"http://127.0.0.1:{self.server.server_port}"
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
        return lines

    def _between(self, old, new):
        log = self.git("log", "--reverse", "--format=commit %B", f"{old}..{new}").splitlines()
        raw = self.git("diff", "--unified=0", "--full-index", f"{old}...{new}").splitlines()
        modes = [line for line in self.git("diff", "--raw", "--abbrev=1", f"{old}...{new}").splitlines()]
        return (["  " + line for line in log if line] + ["  " + line[:15].strip() + " " + line.split("\t")[-1] for line in modes]
                + ["  " + line for line in raw if line[:1] in "+-@" and not line.startswith(("+++", "---"))])

    def pulls(self):
        return json.loads((self.dir / "pulls.json").read_text())

    def _keep(self, pulls):
        for one in pulls:
            now = self.ref(one["head"])
            if one["state"] == "OPEN" and (not now or now == self.ref(one["base"])):
                one["state"] = "CLOSED"
            if one["state"] == "OPEN":
                one["oid"] = now
        (self.dir / "pulls.json").write_text(json.dumps(pulls, indent=1))

    # -- answers: (status, value) ----------------------------------------------------------------

    def answer(self, method, path, headers, body):
        url = urlsplit(path)
        what = f"{method} {unquote(url.path)}"
        if url.path == "/graphql":
            what = f"{method} graphql {self._name(body['query'])}"
        shown = re.sub(r"[0-9a-f]{40}", "{oid}", what.replace("/repos/" + self.config.get("repo", "o/r"), ""))
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
            if "git" in rule:
                self.git(*rule["git"])
            if rule.get("after"):
                self._answer(*request)
            if "status" in rule:
                if rule["status"] == 200:
                    return 200, {"data": None, "errors": [{"type": "UNPROCESSABLE", "message": rule["message"]}]}
                return rule["status"], {"message": rule.get("message", "no")}
        return self._answer(*request)

    def _name(self, query):
        name = re.search(r"\b(updateRefs|createCommitOnBranch|createPullRequest|updatePullRequest|"
                         r"enablePullRequestAutoMerge|repository)\(", query).group(1)
        if self.queries.setdefault(name, query) != query:
            self.broken.append(f"texts went into the query of {name}")
        return name

    def _answer(self, method, url, headers, body):
        if headers.get("Authorization") != f"Bearer {self.config['token']}":
            return 401, {"message": "Bad credentials"}
        if headers.get("X-GitHub-Api-Version") != "2022-11-28" or not headers.get("User-Agent"):
            return 400, {"message": "no version or user agent"}
        try:
            if url.path == "/graphql":
                name = self._name(body["query"])
                return 200, {"data": {name: getattr(self, "_" + name)(body["variables"])} if name != "repository"
                             else self._repository(body["variables"])}
            return self._rest(method, url, body)
        except Refusal as no:
            if url.path != "/graphql":
                return 422, {"message": str(no)}
            return 200, {"data": None, "errors": [{"type": no.kind, "message": str(no)}]}

    def _tip(self, branch):
        oid = self.ref(branch)
        return oid and {"name": branch, "refUpdateRule": None,
                        "target": {"oid": oid, "tree": {"oid": self.git("rev-parse", oid + "^{tree}").strip()}}} or None

    def _repository(self, v):
        if f"{v['owner']}/{v['name']}" != self.config.get("repo", "o/r"):
            raise Refusal("Could not resolve to a Repository", "NOT_FOUND")
        self._keep(self.pulls())
        nodes = [{"id": f"PR_{one['number']}", "number": one["number"], "url": f"https://github.com/o/r/pull/{one['number']}",
                  "state": one["state"], "body": one["body"], "viewerDidAuthor": one["mine"], "isCrossRepository": False,
                  "baseRefName": one["base"], "headRefOid": one["oid"]}
                 for one in reversed(self.pulls()) if one["head"] == v["branch"]]
        at = {"id": "R_1", "defaultBranchRef": self._tip("main"), "head": self._tip(v["ref"].removeprefix("refs/heads/")),
              "pullRequests": {"nodes": nodes}}
        if v["named"]:
            at["base"] = self._tip(v["base"].removeprefix("refs/heads/"))
        return {"viewer": {"login": self.config.get("login", "app[bot]")}, "repository": at}

    def _updateRefs(self, v):
        for one in v["input"]["refUpdates"]:
            before, after = one["beforeOid"].replace(NONE, ""), one["afterOid"].replace(NONE, "")
            branch = one["name"].removeprefix("refs/heads/")
            if self.ref(branch) != before:
                raise Refusal("Reference cannot be updated")
            self._may_write(branch)
            if before and after and not one["force"] and self.git("merge-base", before, after, good=False).strip() != before:
                raise Refusal("Update is not a fast forward")
            if after:
                self.git("update-ref", one["name"], after, before or NONE)
            else:
                self.git("update-ref", "-d", one["name"], before)
        self._keep(self.pulls())
        return {"clientMutationId": None}

    def _may_write(self, branch):
        if branch in self.config.get("protected", []):
            raise Refusal("Protected branch rules not configured for this branch: Changes must be made through a pull request.")

    def _write(self, base_tree, files):
        """A tree: `files` is {path: (mode, oid)} over the base's."""
        index = {**ENV, "GIT_INDEX_FILE": str(self.dir / "tmp-index")}
        subprocess.run(["git", "read-tree", base_tree], cwd=self.dir, env=index, check=True)
        lines = "".join(f"{mode} {oid}\t{path}\n" for path, (mode, oid) in files.items())
        subprocess.run(["git", "update-index", "--index-info"], cwd=self.dir, env=index, check=True, input=lines.encode())
        return subprocess.run(["git", "write-tree"], cwd=self.dir, env=index, check=True, capture_output=True,
                              text=True).stdout.strip()

    def _createCommitOnBranch(self, v):
        i = v["input"]
        branch = i["branch"]["branchName"]
        now = self.ref(branch)
        if not now:
            raise Refusal("No such branch", "NOT_FOUND")
        if now != i["expectedHeadOid"]:
            raise Refusal(f"Expected branch to point to \"{i['expectedHeadOid']}\" but it did not. Pull and try again.", "STALE_DATA")
        self._may_write(branch)
        files = {}
        for one in i["fileChanges"]["additions"]:
            oid = self.git("hash-object", "-w", "--stdin", data=base64.b64decode(one["contents"], validate=True)).strip()
            files[one["path"]] = ("100644", oid)
        if self.config.get("login") == "github-actions[bot]" and any(one.startswith(".github/workflows/") for one in files):
            raise Refusal("refusing to allow a GitHub App to create or update workflow without `workflows` permission")
        tree = self._write(now, files)
        text = f"{i['message']['headline']}\n\n{i['message']['body']}\n"
        made = self.git("commit-tree", tree, "-p", now, data=text.encode()).strip()
        self.git("update-ref", f"refs/heads/{branch}", made, now)
        return {"commit": {"oid": made, "tree": {"oid": tree}}}

    def _createPullRequest(self, v):
        i, pulls = v["input"], self.pulls()
        if any(one["head"] == i["headRefName"] and one["state"] == "OPEN" for one in pulls):
            raise Refusal(f"A pull request already exists for o:{i['headRefName']}.")
        if not self.git("rev-list", f"{i['baseRefName']}..{i['headRefName']}").strip():
            raise Refusal(f"No commits between {i['baseRefName']} and {i['headRefName']}")
        pulls.append({"number": len(pulls) + 1, "state": "OPEN", "head": i["headRefName"], "base": i["baseRefName"], "mine": True,
                      "oid": "", "title": i["title"], "body": i["body"], "draft": i["draft"]})
        self._keep(pulls)
        number = len(pulls)
        return {"pullRequest": {"id": f"PR_{number}", "number": number, "url": f"https://github.com/o/r/pull/{number}"}}

    def _pull(self, pulls, id_or_number):
        return next(one for one in pulls if str(id_or_number).removeprefix("PR_") == str(one["number"]))

    def _updatePullRequest(self, v):
        pulls = self.pulls()
        one = self._pull(pulls, v["input"]["pullRequestId"])
        one["body"] = v["input"]["body"]
        one["state"] = v["input"].get("state", one["state"])
        self._keep(pulls)
        return {"pullRequest": {"id": f"PR_{one['number']}"}}

    def _enablePullRequestAutoMerge(self, v):
        pulls = self.pulls()
        self._pull(pulls, v["input"]["pullRequestId"])["auto"] = True
        self._keep(pulls)
        return {"clientMutationId": None}

    def _rest(self, method, url, body):
        parts = unquote(url.path).strip("/").split("/")
        if "/".join(parts[1:3]) != self.config.get("repo", "o/r"):
            return 404, {"message": "Not Found"}
        rest = parts[3:]
        name = f"_{method}_{rest[0]}_{rest[1]}" if rest[0] in ("git", "rules") else f"_{method}_{rest[0]}"
        return getattr(self, name)(rest, url, body)

    def _GET_git_trees(self, rest, url, _body):
        out, is_whole = [], "recursive=1" in url.query
        for line in self.git("ls-tree", *(["-r", "-t"] if is_whole else []), "-z", "--full-tree", rest[2]).split("\0")[:-1]:
            mode, kind, oid, path = re.fullmatch(r"(\d+) (\w+) (\w+)\t(.*)", line, re.S).groups()
            out.append({"path": path, "mode": mode, "type": kind, "sha": oid})
        most = self.config.get("most", len(out)) if is_whole else len(out)
        return 200, {"sha": rest[2], "tree": out[:most], "truncated": most < len(out)}

    def _GET_git_blobs(self, rest, _url, _body):
        text = base64.encodebytes(self.git("cat-file", "blob", rest[2], text=False)).decode()
        return 200, {"sha": rest[2], "encoding": "base64", "content": text}

    def _POST_git_blobs(self, _rest, _url, body):
        return 201, {"sha": self.git("hash-object", "-w", "--stdin", data=base64.b64decode(body["content"])).strip()}

    def _POST_git_trees(self, _rest, _url, body):
        files = {}
        for one in body["tree"]:
            oid = one.get("sha") or self.git("hash-object", "-w", "--stdin", data=one["content"].encode()).strip()
            files[one["path"]] = (one["mode"], oid)
        return 201, {"sha": self._write(body["base_tree"], files)}

    def _POST_git_commits(self, _rest, _url, body):
        assert "author" not in body and "committer" not in body
        parents = [word for one in body["parents"] for word in ("-p", one)]
        made = self.git("commit-tree", body["tree"], *parents, data=(body["message"] + "\n").encode()).strip()
        return 201, {"sha": made, "verification": {"verified": self.config.get("signed", False)}}

    def _POST_merges(self, _rest, _url, body):
        now = self.ref(body["base"])
        if self.git("merge-base", now, body["head"]).strip() == body["head"]:
            return 204, None
        done = subprocess.run(["git", "merge-tree", "--write-tree", now, body["head"]], cwd=self.dir, env=ENV,
                              capture_output=True, text=True, check=False)
        if done.returncode:
            return 409, {"message": "Merge conflict"}
        made = self.git("commit-tree", done.stdout.split()[0], "-p", now, "-p", body["head"],
                        data=(body["commit_message"] + "\n").encode()).strip()
        self.git("update-ref", f"refs/heads/{body['base']}", made, now)
        return 201, {"sha": made}

    def _GET_compare(self, rest, _url, _body):
        old, new = (self.git("rev-parse", "-q", "--verify", one + "^{commit}", good=False).strip()
                    for one in "/".join(rest[1:]).split("..."))
        if not old or not new:
            return 404, {"message": "Not Found"}
        base = self.git("merge-base", old, new).strip()
        commits = self.git("rev-list", "--reverse", f"{old}..{new}").split()
        files = self.git("diff", "--name-only", "-z", base, new).split("\0")[:-1]
        return 200, {"ahead_by": len(commits), "behind_by": int(self.git("rev-list", "--count", f"{new}..{old}")),
                     "merge_base_commit": {"sha": base},
                     "commits": [{"sha": one, "commit": {"message": self.git("log", "-1", "--format=%B", one).strip()}}
                                 for one in commits],
                     "files": [{"filename": one} for one in files]}

    def _GET_rules_branches(self, _rest, _url, _body):
        return 200, [{"type": one} for one in self.config.get("rules", [])]

    def _POST_issues(self, rest, _url, body):
        return self._add(rest[1], "labels", body["labels"])

    def _POST_pulls(self, rest, _url, body):
        return self._add(rest[1], "reviewers", body["reviewers"] + ["team " + one for one in body["team_reviewers"]])

    def _add(self, number, key, words):
        pulls = self.pulls()
        self._pull(pulls, number)[key] = words
        self._keep(pulls)
        return 201, {}


def _handler(forge):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def _do(self):
            size = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(size)) if size else None
            try:
                status, value = forge.answer(self.command, self.path, self.headers, body)
            except Exception as error:  # the case must see it
                forge.broken.append(f"the stand-in failed at {self.command} {self.path}: {error!r}")
                status, value = 500, {"message": "the stand-in failed"}
            if status is None:
                self.close_connection = True
                return
            data = b"" if value is None else json.dumps(value).encode()
            self.send_response(status)
            if status != 204:
                self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PATCH = _do

    return Handler
