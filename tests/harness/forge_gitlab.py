"""GitLab's API as far as write-back and comments go (harness/forge.py): project g/s/r.

Further configuration:
  page    how many files a page of their list has (absent: as many as are asked for)
  slow    how often a rebase is asked for before it is done
  newest  compare lists the newest commit first
  labels  {name: description}: labels that are there from the start
"""

import base64
import re
import subprocess
from urllib.parse import parse_qs, quote, unquote

from harness.forge import ENV, Forge, Refusal

ME, STATES = 7, {"OPEN": "opened", "CLOSED": "closed", "MERGED": "merged"}


class GitLabForge(Forge):
    closes_with_base = False

    def __init__(self, config, *where):
        self.labels = {name: {"id": 50 + i, "name": name, "description": text}
                       for i, (name, text) in enumerate(config.get("labels", {}).items())}
        self.made, self.left, self.rebased = 100, 0, {}
        super().__init__(config, *where)

    def root(self):
        return "/projects/g/s/r"

    def name_of(self, method, url, body):
        what = super().name_of(method, url, body)
        return re.sub(r"/labels/\d+$", "/labels/{id}", what)

    def _answer(self, method, url, headers, body):
        if headers.get("Authorization") != f"Bearer {self.config['token']}":
            return 401, {"message": "401 Unauthorized"}
        path, query = url.path, {key: one for key, one in parse_qs(url.query).items()}
        if path == "/user":
            return 200, {"id": ME}
        if path == "/users":
            return 200, [{"id": 8}] if query["username"] == ["ada"] else []
        root = "/projects/g%2Fs%2Fr"
        if path != root and not path.startswith(root + "/"):
            return 404, {"message": "404 Project Not Found"}
        parts = [unquote(one) for one in path.removeprefix(root).strip("/").split("/")]
        name = "_".join(parts[:2]) if parts[0] == "repository" else parts[0]
        rest = parts[2:] if parts[0] == "repository" else parts[1:]
        try:
            return getattr(self, f"_{method}_{name}")(rest, query, body)
        except Refusal as no:
            return {"UNPROCESSABLE": 400, "NOT_FOUND": 404, "STALE": 409, "DENIED": 403}[no.kind], {"message": str(no)}

    def _GET_(self, *_):
        return 200, {"id": 3, "default_branch": "main", "path_with_namespace": "g/s/r"}

    def _GET_repository_branches(self, rest, _query, _body):
        oid = self.ref(rest[0])
        return (200, {"name": rest[0], "commit": {"id": oid}}) if oid else (404, {"message": "404 Branch Not Found"})

    def _DELETE_repository_branches(self, rest, _query, _body):
        self._may_write(rest[0])
        self.git("update-ref", "-d", f"refs/heads/{rest[0]}")
        self._keep(self.pulls())
        return 204, None

    def _may_write(self, branch):
        if branch in self.config.get("protected", []):
            raise Refusal("You are not allowed to push into this branch", "UNPROCESSABLE")

    def _GET_repository_tree(self, _rest, query, _body):
        assert query["recursive"] == ["true"] and query["pagination"] == ["keyset"]
        out = []
        for line in self.git("ls-tree", "-r", "-t", "-z", "--full-tree", query["ref"][0]).split("\0")[:-1]:
            head, path = line.split("\t", 1)
            mode, kind, oid = head.split(" ")
            out.append({"path": path, "name": path.rpartition("/")[2], "mode": mode, "type": kind, "id": oid})
        size = self.config.get("page", int(query["per_page"][0]))
        at = int(query.get("page_token", ["0"])[0])
        headers = {}
        if at + size < len(out):
            words = "&".join(f"{key}={quote(one[0], safe='')}" for key, one in query.items() if key != "page_token")
            headers["Link"] = f'<{self.url}/projects/g%2Fs%2Fr/repository/tree?{words}&page_token={at + size}>; rel="next"'
        return 200, (out[at : at + size], headers)

    def _GET_repository_blobs(self, rest, _query, _body):
        assert rest[1] == "raw"
        return 200, self.git("cat-file", "blob", rest[0], text=False)

    def _commit(self, text):
        oid = self.git("rev-parse", "-q", "--verify", text + "^{commit}", good=False).strip()
        if not oid:
            raise Refusal("404 Not found", "NOT_FOUND")
        return oid

    def _GET_repository_compare(self, _rest, query, _body):
        old, new = self._commit(query["from"][0]), self._commit(query["to"][0])
        base = old if query.get("straight") == ["true"] else self.git("merge-base", old, new).strip()
        oids = self.git("rev-list", *([] if self.config.get("newest") else ["--reverse"]), f"{old}..{new}").split()
        return 200, {"commits": [{"id": one, "message": self.git("log", "-1", "--format=%B", one)} for one in oids],
                     "diffs": [{"old_path": one, "new_path": one}
                               for one in self.git("diff", "--name-only", "-z", base, new).split("\0")[:-1]],
                     "compare_timeout": False}

    def _GET_repository_merge_base(self, _rest, query, _body):
        return 200, {"id": self.git("merge-base", *map(self._commit, query["refs[]"])).strip()}

    def _POST_repository_commits(self, _rest, _query, body):
        branch, now, force = body["branch"], self.ref(body["branch"]), body.get("force", False)
        start = body.get("start_sha")
        if start and now and not force:
            raise Refusal(f"A branch called '{branch}' already exists. Switch to that branch in order to make changes")
        if not start and not now:
            raise Refusal("You can only create or edit files when you are on a branch")
        self._may_write(branch)
        parent, files = start or now, {}
        for one in body["actions"]:
            head = self.git("ls-tree", "--full-tree", parent, "--", one["file_path"])
            assert one["action"] == "update" and one["encoding"] == "base64"
            if not head:
                raise Refusal(f"A file with the name {one['file_path']} doesn't exist")
            data = base64.b64decode(one["content"], validate=True)
            files[one["file_path"]] = (head.split(" ")[0], self.git("hash-object", "-w", "--stdin", data=data).strip())
        made = self.git("commit-tree", self._write(parent, files), "-p", parent,
                        data=(body["commit_message"] + "\n").encode()).strip()
        self.git("update-ref", f"refs/heads/{branch}", made)
        self._keep(self.pulls())
        return 201, {"id": made, "parent_ids": [parent]}

    def _POST_labels(self, _rest, _query, body):
        if body["name"] in self.labels:
            return 409, {"message": "Label already exists"}
        self.made += 1
        self.labels[body["name"]] = {"id": self.made, "name": body["name"], "description": body["description"]}
        return 201, self.labels[body["name"]]

    def _label(self, word):
        for one in self.labels.values():
            if word in (one["name"], str(one["id"])):
                return one
        raise Refusal("404 Label Not Found", "NOT_FOUND")

    def _GET_labels(self, rest, _query, _body):
        return 200, self._label(rest[0])

    def _DELETE_labels(self, rest, _query, _body):
        del self.labels[self._label(rest[0])["name"]]
        return 204, None

    def show(self):
        return super().show() + [f"label {name}" for name in self.labels]

    # -- requests --------------------------------------------------------------------------------

    def _shown(self, one):
        return {"iid": one["number"], "state": STATES[one["state"]], "title": one["title"], "description": one["body"],
                "author": {"id": ME if one["mine"] else 99}, "sha": one["oid"], "target_branch": one["base"], "source_project_id": 4 if one.get("foreign") else 3,
                "web_url": f"https://gitlab.com/g/s/r/-/merge_requests/{one['number']}"}

    def _GET_merge_requests(self, rest, query, _body):
        self._keep(self.pulls())
        if rest[1:] == ["notes"]:
            notes = self._pull(self.pulls(), rest[0]).get("comments", [])
            return 200, [{"id": one["id"], "body": one["body"], "author": {"id": ME if one["mine"] else 99}} for one in notes]
        if rest:
            assert query["include_rebase_in_progress"] == ["true"]
            self.left -= 1
            return 200, {**self._shown(self._pull(self.pulls(), rest[0])), "rebase_in_progress": self.left >= 0} | \
                ({} if self.left >= 0 else self.rebased)
        head, base = query["source_branch"][0], "main"
        return 200, [self._shown(one) for one in self.foreign(head, base) + self.pulls()[::-1]
                     if one["head"] == head
                     and (one["mine"] or "author_id" not in query)][:int(query["per_page"][0])]

    def _POST_merge_requests(self, rest, _query, body):
        if rest[1:] == ["notes"]:
            return 201, {"id": self._add_comment(rest[0], body["body"])}
        pulls, head, base = self.pulls(), body["source_branch"], body["target_branch"]
        if any(one["head"] == head and one["base"] == base and one["state"] == "OPEN" for one in pulls):
            return 409, {"message": ["Another open merge request already exists for this source branch: !1"]}
        assert body["remove_source_branch"] is True
        one = {"number": len(pulls) + 1, "state": "OPEN", "head": head, "base": base, "mine": True, "oid": "",
               "title": body["title"], "body": body["description"]}
        self._keep(pulls + [one])
        return 201, self._shown(one)

    def _PUT_merge_requests(self, rest, _query, body):
        if rest[1:] == ["rebase"]:
            return self._rebase(rest[0])
        if rest[1:2] == ["notes"]:
            self._edit_comment(rest[0], int(rest[2]), body["body"])
            return 200, {}
        pulls = self.pulls()
        one = self._pull(pulls, rest[0])
        one["body"] = body.get("description", one["body"])
        if body.get("state_event") == "close":
            one["state"] = "CLOSED"
        if "add_labels" in body:
            one["labels"] = body["add_labels"].split(",")
        if "reviewer_ids" in body:
            one["reviewers"] = body["reviewer_ids"]
        if rest[1:] == ["merge"]:
            one["auto"] = body["auto_merge"]
        self._keep(pulls)
        return 200, {}

    def _rebase(self, number):
        one = self._pull(self.pulls(), number)
        script = (f"rm -rf work && git clone -q -b {one['head']} . work && cd work && git rebase -q origin/{one['base']} && "
                  "git push -q -f origin HEAD && cd .. && rm -rf work")
        done = subprocess.run(["sh", "-ec", script], cwd=self.dir, env=ENV, capture_output=True, check=False)
        subprocess.run(["rm", "-rf", "work"], cwd=self.dir, check=True)
        self.rebased = {"merge_error": "Rebase failed. Please rebase locally"} if done.returncode else {"merge_error": None}
        self.left = self.config.get("slow", 0)
        self._keep(self.pulls())
        return 202, {"rebase_in_progress": True}
