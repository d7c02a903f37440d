"""Azure DevOps' API as far as write-back and comments go (harness/forge.py): project p, repository r.

Further configuration:
  drops_modes  a push makes executable files ordinary ones
  slow         how often a merge is asked for before it is done
  swapped      commitsbatch takes its two versions the other way around
  rights       what the token's user lacks: "contribute"
"""

import base64
from urllib.parse import parse_qs, unquote

from harness.forge import NONE, Forge, Refusal

ME = "11111111-2222-3333-4444-555555555555"
STATES = {"OPEN": "active", "CLOSED": "abandoned", "MERGED": "completed"}
LISTED = 400  # characters of a description, and of a message, in a list


class AzureForge(Forge):
    closes_with_branch = False

    def root(self):
        return "/p/_apis/git/repositories/r"

    def name_of(self, method, url, body):
        what = super().name_of(method, url, body)
        return f"{what} {parse_qs(url.query)['filter'][0]}" if what.endswith("/refs") and "filter" in url.query else what

    def _answer(self, method, url, headers, body):
        kind, _, given = headers.get("Authorization", "").partition(" ")
        if kind == "Basic":
            given = base64.b64decode(given).decode().removeprefix(":")
        if given != self.config["token"]:
            return 203, b"<html>Sign in</html>"
        path, query = unquote(url.path), {key: one[0] for key, one in parse_qs(url.query).items()}
        if path == "/_apis/connectionData":
            return 200, {"authenticatedUser": {"id": ME}}
        if query.get("api-version") != "7.1":
            return 400, {"message": "no api-version"}
        if path == "/_apis/identities":
            return self._identities(query)
        if not path.startswith(self.root()):
            return 404, {"message": "TF401019: The Git repository does not exist."}
        parts = path.removeprefix(self.root()).lower().strip("/").split("/")
        try:
            return getattr(self, f"_{method}_{parts[0]}")(parts[1:], query, body)
        except Refusal as no:
            status = {"UNPROCESSABLE": 400, "NOT_FOUND": 404, "STALE": 409, "DENIED": 403}[no.kind]
            return status, {"message": str(no), "typeKey": "GitException"}

    def _identities(self, query):
        known = {"ops@example.org": ["aaaaaaaa-0000-0000-0000-000000000001"],
                 "two": ["aaaaaaaa-0000-0000-0000-000000000002", "aaaaaaaa-0000-0000-0000-000000000003"]}
        return 200, {"value": [{"id": one} for one in known.get(query["filterValue"], [])]}

    def _GET_(self, *_):
        return 200, {"id": "99999999-0000-0000-0000-000000000000", "name": "r", "defaultBranch": "refs/heads/main",
                     "webUrl": "https://dev.azure.com/acme/p/_git/r"}

    def _GET_refs(self, _rest, query, _body):
        names = self.git("for-each-ref", "--format=%(refname) %(objectname)", "refs/heads").splitlines()
        pairs = [line.split(" ") for line in names]
        return 200, {"value": [{"name": name, "objectId": oid} for name, oid in pairs if name.startswith("refs/" + query["filter"])]}

    def _GET_commits(self, rest, _query, _body):
        return 200, {"commitId": rest[0], "treeId": self.git("rev-parse", rest[0] + "^{tree}").strip(),
                     "comment": self.git("log", "-1", "--format=%B", rest[0]).strip()}

    def _GET_trees(self, rest, query, _body):
        assert query["recursive"] == "true"
        out = []
        for line in self.git("ls-tree", "-r", "-t", "-z", "--full-tree", rest[0]).split("\0")[:-1]:
            head, path = line.split("\t", 1)
            mode, kind, oid = head.split(" ")
            out.append({"relativePath": path, "mode": mode.lstrip("0"), "gitObjectType": kind, "objectId": oid})
        return 200, {"objectId": rest[0], "treeEntries": out}

    def _GET_blobs(self, rest, query, _body):
        assert query["$format"] == "octetstream"
        return 200, self.git("cat-file", "blob", rest[0], text=False)

    def _commit(self, text):
        oid = self.git("rev-parse", "-q", "--verify", text + "^{commit}", good=False).strip()
        if not oid:
            raise Refusal("TF401175: The version descriptor could not be resolved.", "NOT_FOUND")
        return oid

    def _GET_diffs(self, _rest, query, _body):
        old, new = self._commit(query["baseVersion"]), self._commit(query["targetVersion"])
        assert query["diffCommonCommit"] == "true"
        base = self.git("merge-base", old, new).strip()
        files = self.git("diff", "--name-only", "-z", base, new).split("\0")[:-1]
        changes = [{"item": {"path": "/" + one, "gitObjectType": "blob"}, "changeType": "edit"} for one in files]
        changes += [{"item": {"path": "/" + one.rpartition("/")[0], "isFolder": True}} for one in files if "/" in one]
        count = [int(self.git("rev-list", "--count", words)) for words in (f"{old}..{new}", f"{new}..{old}")]
        return 200, {"allChangesIncluded": True, "changes": changes, "commonCommit": base, "aheadCount": count[0],
                     "behindCount": count[1]}

    def _POST_commitsbatch(self, _rest, query, body):
        one, other = (self._commit(body[key]["version"]) for key in ("itemVersion", "compareVersion"))
        if self.config.get("swapped"):
            one, other = other, one
        out = []
        for oid in self.git("rev-list", "--max-count", query["$top"], f"{other}..{one}").split():
            text = self.git("log", "-1", "--format=%B", oid).strip()
            cut = text.splitlines()[0]
            out.append({"commitId": oid, "comment": cut} | ({"commentTruncated": True} if cut != text else {}))
        return 200, {"count": len(out), "value": out}

    def _may(self, branch):
        if "contribute" in self.config.get("rights", []):
            raise Refusal("TF401027: You need the Git 'GenericContribute' permission to perform this action.", "DENIED")
        return branch not in self.config.get("protected", [])

    def _POST_refs(self, _rest, _query, body):
        out = []
        for one in body:
            branch = one["name"].removeprefix("refs/heads/")
            old, new, now = one["oldObjectId"], one["newObjectId"], self.ref(branch) or NONE
            status = "staleOldObjectId" if old != now else "succeeded" if self._may(branch) else "rejectedByPolicy"
            if status == "succeeded" and new == NONE:
                self.git("update-ref", "-d", one["name"], old)
            elif status == "succeeded":
                self.git("update-ref", one["name"], new, old)
            out.append({"name": one["name"], "success": status == "succeeded", "updateStatus": status})
        self._keep(self.pulls())
        return 200, {"value": out}

    def _POST_pushes(self, _rest, _query, body):
        [update], [commit] = body["refUpdates"], body["commits"]
        branch = update["name"].removeprefix("refs/heads/")
        now = self.ref(branch)
        if now != update["oldObjectId"]:
            raise Refusal(f"TF401028: The reference '{update['name']}' has already been updated by another client, so you "
                          "cannot update it. Please try again.", "STALE")
        if not self._may(branch):
            raise Refusal("TF402455: Pushes to this branch are not permitted; you must use a pull request to update this "
                          "branch.", "DENIED")
        files = {}
        for one in commit["changes"]:
            path = one["item"]["path"]
            assert one["changeType"] == "edit" and path[0] == "/" and one["newContent"]["contentType"] == "base64encoded"
            data = base64.b64decode(one["newContent"]["content"], validate=True)
            mode = self.git("ls-tree", "--full-tree", now, "--", path[1:]).split(" ")[0]
            if self.config.get("drops_modes"):
                mode = "100644"
            files[path[1:]] = (mode, self.git("hash-object", "-w", "--stdin", data=data).strip())
        made = self.git("commit-tree", self._write(now, files), "-p", now, data=(commit["comment"] + "\n").encode()).strip()
        self.git("update-ref", update["name"], made, now)
        self._keep(self.pulls())
        return 201, {"refUpdates": [{"name": update["name"], "oldObjectId": now, "newObjectId": made}],
                     "commits": [{"commitId": made}]}

    def _POST_merges(self, _rest, _query, body):
        old, new = body["parents"]
        made = self._merge(old, new, body["comment"])
        self.merge = {"mergeOperationId": 17, "status": "completed" if made else "failed",
                      "detailedStatus": {"mergeCommitId": made} if made else {"failureMessage": "conflicts"}}
        self.left = self.config.get("slow", 0)
        return self._GET_merges(["17"], None, None)

    def _GET_merges(self, _rest, _query, _body):
        self.left -= 1
        return 200, self.merge if self.left < 0 else {"mergeOperationId": 17, "status": "queued"}

    # -- requests --------------------------------------------------------------------------------

    def _shown(self, one, is_list):
        return {"pullRequestId": one["number"], "status": STATES[one["state"]], "title": one["title"],
                "targetRefName": "refs/heads/" + one["base"], "description": one["body"][:LISTED] if is_list else one["body"], "isDraft": one.get("draft", False),
                **({"forkSource": {"repository": {"id": "another"}}} if one.get("foreign") else {}),
                "createdBy": {"id": ME if one["mine"] else "somebody else"}, "lastMergeSourceCommit": {"commitId": one["oid"]}}

    def _GET_pullrequests(self, rest, query, _body):
        self._keep(self.pulls())
        if rest[1:] == ["threads"]:
            return self._threads(rest[0])
        if rest:
            return 200, self._shown(self._pull(self.pulls(), rest[0]), False)
        source = query["searchCriteria.sourceRefName"].removeprefix("refs/heads/")
        foreign = [] if query.get("searchCriteria.sourceRepositoryId") else self.foreign(source, "main")
        some = [one for one in foreign + self.pulls()[::-1] if one["head"] == source]
        some = some[:int(query["$top"])]
        return 200, {"value": [self._shown(one, True) for one in some]}

    def _take(self, one, body):
        if len(body.get("description", "")) > 4000:
            raise Refusal("A description for the pull request must not be longer than 4000 characters.")
        one["body"] = body.get("description", one["body"])
        if body.get("status") == "abandoned":
            one["state"] = "CLOSED"
        if body.get("autoCompleteSetBy", {}).get("id") == ME:
            one["auto"] = True

    def _POST_pullrequests(self, rest, _query, body):
        pulls = self.pulls()
        if rest[1:] == ["labels"]:
            self._keep_word(rest[0], "labels", self._pull(pulls, rest[0]).get("labels", []) + [body["name"]])
            return 200, {}
        if rest[1:] == ["threads"]:
            return self._add_thread(rest[0], body)
        head, base = (body[key].removeprefix("refs/heads/") for key in ("sourceRefName", "targetRefName"))
        if any(one["head"] == head and one["base"] == base and one["state"] == "OPEN" for one in pulls):
            raise Refusal("TF401179: An active pull request for the source and target branch already exists.", "STALE")
        one = {"number": len(pulls) + 1, "state": "OPEN", "head": head, "base": base, "mine": True, "oid": "",
               "title": body["title"], "body": "", "draft": body["isDraft"]}
        self._take(one, body)
        self._keep(pulls + [one])
        return 201, self._shown(one, False)

    def _PATCH_pullrequests(self, rest, _query, body):
        if rest[1:2] == ["threads"]:
            self._edit_comment(rest[0], int(rest[2]), body["content"])
            return 200, {}
        pulls = self.pulls()
        self._take(self._pull(pulls, rest[0]), body)
        self._keep(pulls)
        return 200, {}

    def _PUT_pullrequests(self, rest, _query, body):
        assert rest[1] == "reviewers" and body["vote"] == 0
        self._keep_word(rest[0], "reviewers", self._pull(self.pulls(), rest[0]).get("reviewers", []) + [rest[2]])
        return 200, {}

    def _threads(self, number):
        comments = self._pull(self.pulls(), number).get("comments", [])
        return 200, {"value": [{"id": one["id"], "comments": [
            {"id": 1, "content": one["body"], "author": {"id": ME if one["mine"] else "somebody else"}}]} for one in comments]}

    def _add_thread(self, number, body):
        [comment] = body["comments"]
        assert body["status"] == "closed" and comment["parentCommentId"] == 0
        self._add_comment(number, comment["content"])
        return 200, {}
