"""GitHub's API as far as write-back goes: GraphQL and REST (harness/forge.py)."""

import base64
import re
from urllib.parse import unquote

from harness.forge import NONE, Forge, Refusal


class GitHubForge(Forge):
    def root(self):
        return "/repos/" + self.config.get("repo", "o/r")

    def name_of(self, method, url, body):
        return f"{method} graphql {self._name(body['query'])}" if url.path == "/graphql" else super().name_of(method, url, body)

    def failure(self, status, message):
        if status == 200:
            return 200, {"data": None, "errors": [{"type": "UNPROCESSABLE", "message": message}]}
        return super().failure(status, message)

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
        nodes = [(one.get("foreign"), {"id": f"PR_{one['number']}", "number": one["number"], "url": f"https://github.com/o/r/pull/{one['number']}",
                  "state": one["state"], "body": one["body"], "viewerDidAuthor": one["mine"],
                  "isCrossRepository": one.get("foreign", False), "baseRefName": one["base"], "headRefOid": one["oid"]})
                 for one in self.foreign(v["branch"], "main") + self.pulls()[::-1] if one["head"] == v["branch"]]
        most = int(re.search(r"pullRequests\(headRefName:\$branch,first:(\d+)", self.queries["repository"]).group(1))
        head = self._tip(v["ref"].removeprefix("refs/heads/"))
        if head:
            head["associatedPullRequests"] = {"nodes": [node for is_foreign, node in nodes if not is_foreign][:20]}
        at = {"id": "R_1", "defaultBranchRef": self._tip("main"), "head": head,
              "pullRequests": {"nodes": [node for _, node in nodes][:most]}}
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
        made = self._merge(now, body["head"], body["commit_message"])
        if not made:
            return 409, {"message": "Merge conflict"}
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
        self._keep_word(rest[1], "labels", body["labels"])
        return 201, {}

    def _POST_pulls(self, rest, _url, body):
        self._keep_word(rest[1], "reviewers", body["reviewers"] + ["team " + one for one in body["team_reviewers"]])
        return 201, {}
