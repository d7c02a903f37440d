"""Projects, and copies from one to another."""

import unittest

import grpc

from client import Case
from protos import auth_v2, extra, pfs_v2, transaction_v2
from versions import DENIED, INVALID, NOT_FOUND, UNKNOWN

EXISTS, PRECONDITION = 6, 9
TOKENS = {"tokens": {"one": {"user": "robot:one"}, "two": {"user": "robot:two"},
                     "boss": {"user": "robot:boss", "admin": True}}}


class Projects(Case):
    def project(self, method, name, **more):
        request = getattr(pfs_v2, method + "Request")(**more.pop("fields", {}))
        request.project.name = name
        return "/pfs_v2.API/" + method, request, more

    def call(self, path, request, reply=extra.Empty, token=None, **more):
        metadata = (("authn-token", token),) if token else ()
        return super().call(path, request, reply, metadata=metadata, **more)

    def stream(self, path, messages):
        raw = [one.SerializeToString() for one in messages]
        return self.channel.stream_unary(path)(iter(raw), timeout=10)

    def make(self, name, **more):
        path, request, more = self.project("CreateProject", name, **more)
        return self.call(path, request, **more)

    def look(self, name, **more):
        path, request, more = self.project("InspectProject", name, **more)
        return self.one(path, request, pfs_v2.ProjectInfo, **more)

    def repo(self, project, name):
        return pfs_v2.Repo(name=name, type="user", project=pfs_v2.Project(name=project))

    def test_create__who_and_what_for_is_kept_and_twice_is_refused(self):
        for release in ("2.5.9", "2.6.11", "2.10.4", "2.11.6"):
            with self.subTest(release):
                self.pachd(release, auth=TOKENS)
                self.make("pr-7", token="one", fields={"description": "words"})
                info = self.look("pr-7", token="one")
                self.assertEqual(info.description, "words")
                self.assertEqual(info.created_by, "robot:one" if self.v.since("2.11.0") else "")
                self.assertEqual(401 in info.auth_info.permissions, self.v.since("2.6.0"))
                path, request, _ = self.project("CreateProject", "pr-7")
                self.fails(EXISTS, "already exists", path, request, token="two")
                self.assertEqual(list(self.look("pr-7", token="two").auth_info.permissions), [])
                path, request, _ = self.project("CreateProject", "p" * 52)
                self.fails(INVALID, "invalid project name", path, request, token="one")

    def test_create__may_be_kept_for_some(self):
        self.pachd("2.11.6", auth={**TOKENS, "project_creators": ["robot:two"]})
        path, request, _ = self.project("CreateProject", "pr-7")
        self.fails(DENIED, "PROJECT_CREATE", path, request, token="one")
        asked = auth_v2.GetPermissionsRequest()
        asked.resource.type = auth_v2.CLUSTER
        for token, held in (("one", []), ("two", [auth_v2.PROJECT_CREATE])):
            got = self.one("/auth_v2.API/GetPermissions", asked, auth_v2.GetPermissionsResponse,
                           token=token)
            self.assertEqual(list(got.permissions), held)
        self.make("pr-7", token="two")

    def test_delete__by_its_owner_and_only_when_it_is_empty(self):
        for release in ("2.5.9", "2.11.6"):
            with self.subTest(release):
                self.pachd(release, auth=TOKENS)
                self.make("pr-7", token="one")
                self.call("/pfs_v2.API/CreateRepo",
                          pfs_v2.CreateRepoRequest(repo=self.repo("pr-7", "data")), token="one")
                path, request, _ = self.project("DeleteProject", "pr-7")
                self.fails(DENIED if self.v.since("2.7.0") else UNKNOWN,
                           "PROJECT_DELETE", path, request, token="two")
                late = self.v.since("2.6.0")
                self.fails(PRECONDITION if late else UNKNOWN,
                           "repo pr-7/data still exists" if late else "contains 1 repos",
                           path, request, token="one")
                del self.server.store.state.repos["pr-7", "data"]
                self.call(path, request, token="one")
                self.fails(NOT_FOUND, "not found", path, request, token="one")

    def batch(self, *elements):
        request = transaction_v2.BatchTransactionRequest()
        for what, element in elements:
            getattr(request.requests.add(), what).CopyFrom(element)
        return self.one("/transaction_v2.API/BatchTransaction", request, transaction_v2.TransactionInfo)

    def test_copy__in_a_commit_of_a_transaction(self):
        self.pachd("2.11.6", repos=["images"], files={"images@master": {"/2026/a": "abc", "/b": "b"}})
        self.make("pr-7")
        branch = pfs_v2.Branch(name="master", repo=self.repo("pr-7", "images"))
        start = pfs_v2.StartCommitRequest(branch=branch, description="from images")
        made = self.batch(("create_repo", pfs_v2.CreateRepoRequest(repo=branch.repo)),
                          ("start_commit", start)).transaction.id
        commit = pfs_v2.Commit(branch=branch, id=made, repo=branch.repo)
        with self.assertRaisesRegex(grpc.RpcError, "has not been finished"):
            self.batch(("start_commit", start))
        source = pfs_v2.Commit(branch=pfs_v2.Branch(name="master", repo=self.repo("default", "images")),
                               repo=self.repo("default", "images"))
        copy = pfs_v2.CopyFile(dst="/2026", src=pfs_v2.File(commit=source, path="/2026"))
        self.stream("/pfs_v2.API/ModifyFile", [
            pfs_v2.ModifyFileRequest(set_commit=commit),
            pfs_v2.ModifyFileRequest(delete_file=pfs_v2.DeleteFile(path="/")),
            pfs_v2.ModifyFileRequest(copy_file=copy)])
        self.batch(("finish_commit", pfs_v2.FinishCommitRequest(commit=commit)))
        info = self.one("/pfs_v2.API/InspectCommit", pfs_v2.InspectCommitRequest(commit=commit),
                        pfs_v2.CommitInfo)
        self.assertEqual(info.description, "from images")
        self.assertTrue(info.finished.seconds)
        found = self.server.store.commits.find(("pr-7", "images"), made)
        self.assertEqual(list(found.files), ["/2026/a"])

    def test_glob__names_files_and_directories(self):
        self.pachd("2.11.6", repos=["images"], files={"images@master": {"/2026/a": "abc", "/2025/b": "b"}})
        commit = pfs_v2.Commit(branch=pfs_v2.Branch(name="master", repo=self.repo("default", "images")),
                               repo=self.repo("default", "images"))
        for pattern, wanted in (("/2026/*", ["/2026/a"]), ("/*", ["/2025/", "/2026/"]), ("/x*", [])):
            got = self.call("/pfs_v2.API/GlobFile",
                            pfs_v2.GlobFileRequest(commit=commit, pattern=pattern), pfs_v2.FileInfo)
            self.assertEqual([one.file.path for one in got], wanted)


if __name__ == "__main__":
    unittest.main()
