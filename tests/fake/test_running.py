"""Transactions, rights, jobs, faults and the command line of the stand-in."""

import base64
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

import grpc

from client import SPEC, Case
from protos import auth, auth_v2, extra, pfs, pps, pps_v2, transaction, transaction_v2
from server import Pachd


class Transactions(Case):
    def test_batch__order_atomicity_and_job_ids(self):
        for release in ("1.12.5", "1.13.4", "2.0.8", "2.7.8", "2.8.10", "2.11.6"):
            with self.subTest(release):
                self.pachd(release)
                a, b = self.spec("a"), self.spec("b", repo="a")
                code = self.v.code("repo not found")
                self.fails(code, "error running request 1 of 2: repo", *self.batch(b, a))
                self.assertEqual(self.pipelines(), {})
                got = self.one(*self.batch(a, b))
                self.assertEqual(sorted(self.pipelines()), ["a", "b"])
                jobs = {job["pipeline"].split("/")[-1]: job["id"]
                        for job in self.server.dump()["jobs"]}
                self.assertEqual(sorted(jobs), ["a", "b"])
                same = jobs["a"] == jobs["b"] == got.transaction.id
                self.assertEqual(same, self.v.line == 2)
                self.fails(2, "", *self.batch(self.spec("c"), self.spec("c", update=True)))

    def test_the_other_releases_member__is_not_recognized(self):
        self.pachd("1.11.9")
        self.fails(2, "unrecognized transaction request type", *self.batch(self.spec()))
        self.assertIn("unknown:requests.create_pipeline", self.server.calls[-1]["unknown"])
        self.pachd("2.8.10")
        wrong = transaction_v2.BatchTransactionRequest()
        wrong.requests.add().create_pipeline.CopyFrom(self.spec())
        self.fails(2, "unrecognized transaction request type",
                   "/transaction_v2.API/BatchTransaction", wrong)
        self.pachd("2.7.8")
        wrong = transaction_v2.BatchTransactionRequest()
        wrong.requests.add().create_pipeline_v2.create_pipeline_request.CopyFrom(self.spec())
        self.fails(2, "unrecognized transaction request type",
                   "/transaction_v2.API/BatchTransaction", wrong)

    def test_batch__fills_neither_project_nor_defaults(self):
        self.pachd("2.11.6", cluster_defaults={"createPipelineRequest": {"datumTries": 7}})
        self.call(*self.batch(self.spec(project="")))
        got = self.pipelines()["edges"]
        self.assertEqual((got["project"], got["effective_spec_json"]), ("", ""))
        key = ("", "edges")
        self.assertEqual(self.server.store.state.pipelines[key].request.datum_tries, 3)

    def start(self):
        module = transaction_v2 if self.v.line == 2 else transaction
        got = self.one(self.path("StartTransaction", "transaction"), b"", module.Transaction)
        return got.id, (("pach-transaction", got.id),)

    def end(self, method, id_):
        module = transaction_v2 if self.v.line == 2 else transaction
        request = getattr(module, method + "Request")()
        request.transaction.id = id_
        reply = module.TransactionInfo if method != "DeleteTransaction" else extra.Empty
        return self.path(method, "transaction"), request, reply

    def test_header__joins_and_nothing_shows_before_finish(self):
        for release in ("1.13.4", "2.4.6", "2.11.6"):
            with self.subTest(release):
                self.pachd(release)
                id_, header = self.start()
                self.create("a", metadata=header)
                self.fails(self.v.code("repo not found"), "error running request 2 of 2",
                           self.path("CreatePipeline"), self.spec("c", repo="b"), metadata=header)
                self.create("b", repo="a", metadata=header)
                self.assertEqual(self.pipelines(), {})
                self.assertEqual(self.server.dump()["transactions"], [{"id": id_, "requests": 2}])
                got = self.one(*self.end("FinishTransaction", id_))
                self.assertEqual(len(got.responses), 2)
                self.assertEqual(sorted(self.pipelines()), ["a", "b"])
                if self.v.line == 2:
                    self.assertEqual(self.inspect("a").spec_commit.id, id_)
                self.assertEqual(self.server.dump()["transactions"], [])

    def test_failing_finish__leaves_the_stored_list(self):
        self.pachd("2.11.6")
        id_, header = self.start()
        self.create("a", metadata=header)
        self.create("a")
        self.fails(6, "error running request 1 of 1", *self.end("FinishTransaction", id_))
        self.assertEqual(len(self.server.dump()["transactions"]), 1)
        self.call(*self.end("DeleteTransaction", id_))
        self.fails(5, "not found", *self.end("FinishTransaction", id_))

    def test_header_on_1_11__does_harm(self):
        self.pachd("1.11.9")
        _, header = self.start()
        self.create("a", metadata=header)
        self.assertIn("harmed", self.pipelines()["a"])

    def test_v2_with_header__keeps_the_texts(self):
        self.pachd("2.11.6")
        id_, header = self.start()
        text = json.dumps({**SPEC, "description": "x"})
        request = pps_v2.CreatePipelineV2Request(create_pipeline_request_json=text)
        self.call("/pps_v2.API/CreatePipelineV2", request, metadata=header)
        self.call(*self.end("FinishTransaction", id_))
        self.assertEqual(self.pipelines()["edges"]["user_spec_json"], text)


class Login(Case):
    AUTH = {"tokens": {
        "t-ci": {"user": "robot:ci", "expires": "2030-01-01T00:00:00Z",
                 "roles": {"edges": ["repoWriter"], "images": ["repoReader"]}},
        "t-admin": {"user": "user:root", "expires": None, "admin": True},
        "t-old": {"user": "robot:old", "expired": True},
    }}

    def test_who_am_i__with_without_and_unknown(self):
        self.pachd("2.11.6")
        self.fails(12, "the auth service is not activated", "/auth_v2.API/WhoAmI", b"")
        self.pachd("2.11.6", auth=self.AUTH)
        path = "/auth_v2.API/WhoAmI"
        self.fails(16, "no authentication token", path, b"")
        for token in ("wrong", "t-old"):
            self.fails(16, "corrupted or has expired", path, b"",
                       metadata=(("authn-token", token),))
        self.fails(2, "multiple", path, b"",
                   metadata=(("authn-token", "t-ci"), ("authn-token", "t-ci")))
        got = self.one(path, b"", auth_v2.WhoAmIResponse, metadata=(("authn-token", "t-ci"),))
        self.assertEqual((got.username, got.expiration.seconds), ("robot:ci", 1893456000))
        self.assertEqual(self.server.calls[-1]["metadata"]["authn-token"], "<token:robot:ci>")
        self.assertNotIn("t-ci", json.dumps(self.server.calls))
        self.pachd("1.13.4", auth=self.AUTH)
        got = self.one("/auth.API/WhoAmI", b"", auth.WhoAmIResponse,
                       metadata=(("authn-token", "t-admin"),))
        self.assertEqual((got.ttl, got.is_admin), (-1, True))

    def test_rights__by_release(self):
        ci = (("authn-token", "t-ci"),)
        for release, code in (("1.13.4", 2), ("2.6.11", 2), ("2.7.8", 7), ("2.11.6", 7)):
            with self.subTest(release):
                self.pachd(release, auth=self.AUTH, repos=["images", "private"], pipelines=[
                    {"name": "edges", "spec": SPEC}])
                self.fails(16, "no authentication token", self.path("CreatePipeline"), self.spec())
                if self.v.since("2.6.0"):  # every update makes the meta repo first
                    self.fails(code, "PROJECT_CREATE_REPO", self.path("CreatePipeline"),
                               self.spec(update=True), metadata=ci)
                    self.create(update=True, metadata=(("authn-token", "t-admin"),))
                else:
                    self.create(update=True, metadata=ci)
                refused = self.spec(update=True, repo="private")
                self.fails(code, "is not authorized to perform this operation",
                           self.path("CreatePipeline"), refused, metadata=ci)
                if self.v.has_projects:
                    self.fails(code, "PROJECT_CREATE_REPO", self.path("CreatePipeline"),
                               self.spec("new"), metadata=ci)
        self.assertEqual(self.pipelines()["edges"]["version"], 2)

    def test_robot_token__issue_and_revoke(self):
        self.pachd("2.11.6", auth=self.AUTH)
        admin = (("authn-token", "t-admin"),)
        request = auth_v2.GetRobotTokenRequest(robot="ci", ttl=600)
        got = self.one("/auth_v2.API/GetRobotToken", request, auth_v2.GetRobotTokenResponse,
                       metadata=admin)
        who = self.one("/auth_v2.API/WhoAmI", b"", auth_v2.WhoAmIResponse,
                       metadata=(("authn-token", got.token),))
        self.assertEqual(who.username, "robot:ci")
        revoke = auth_v2.RevokeAuthTokenRequest(token="t-ci")
        self.call("/auth_v2.API/RevokeAuthToken", revoke, metadata=(("authn-token", got.token),))
        self.fails(16, "corrupted", "/auth_v2.API/WhoAmI", b"", metadata=(("authn-token", "t-ci"),))
        self.assertNotIn("t-ci", json.dumps(self.server.calls))
        self.assertNotIn(got.token, json.dumps(self.server.calls))


class Watching(Case):
    def test_job_set__steps_through_its_script(self):
        self.pachd("2.11.6", jobs={"a": ["created", "running", "failure"]})
        info = self.one(*self.batch(self.spec("a"), self.spec("b", repo="a")))
        request = pps_v2.InspectJobSetRequest()
        request.job_set.id = info.transaction.id
        path = "/pps_v2.API/InspectJobSet"
        states = [[job.state for job in self.call(path, request, pps_v2.JobInfo)] for _ in range(4)]
        self.assertEqual(states, [[1, 3], [3, 5], [4, 5], [4, 5]])
        wait = pps_v2.InspectJobRequest(wait=True)
        wait.job.id, wait.job.pipeline.name = info.transaction.id, "b"
        self.assertEqual(self.one("/pps_v2.API/InspectJob", wait, pps_v2.JobInfo).state, 5)

    def test_update__kills_the_unfinished_and_runs_downstream(self):
        self.pachd("2.11.6", jobs={"a": ["running"]})
        self.call(*self.batch(self.spec("a"), self.spec("b", repo="a")))
        self.create("a", update=True)
        got = [(job["pipeline"], job["state"]) for job in self.server.dump()["jobs"]]
        self.assertEqual(got, [("default/a", "killed"), ("default/b", "running"),
                               ("default/a", "running"), ("default/b", "running")])

    def test_a_job_that_never_ends__blocks_until_the_deadline(self):
        self.pachd("2.11.6", jobs={"edges": ["running"]})
        self.create()
        wait = pps_v2.InspectJobSetRequest(wait=True)
        wait.job_set.id = self.inspect().spec_commit.id
        self.fails(4, "", "/pps_v2.API/InspectJobSet", wait, pps_v2.JobInfo, timeout=0.3)

    def test_flush_job__1(self):
        self.pachd("1.11.9")
        self.create()
        request = pps.FlushJobRequest()
        request.commits.add().CopyFrom(self.inspect().spec_commit)
        request.to_pipelines.add(name="edges")
        got = self.one("/pps.API/FlushJob", request, pps.JobInfo)
        self.assertEqual((got.state, got.pipeline.name), (pps.JOB_SUCCESS, "edges"))

    def test_states_reasons_and_logs(self):
        self.pachd("2.11.6", states={"edges": ["starting", "crashing"]},
                   reasons={"edges": "ImagePullBackOff"}, logs={"edges": ["one", "two"]})
        self.create()
        self.assertEqual([self.inspect().state for _ in range(3)], [1, 7, 7])
        self.assertEqual(self.inspect().reason, "ImagePullBackOff")
        request = pps_v2.GetLogsRequest(tail=1)
        request.pipeline.name = "edges"
        got = self.call("/pps_v2.API/GetLogs", request, pps_v2.LogMessage)
        self.assertEqual([one.message for one in got], ["two"])


class Faulty(Case):
    PATH = "/pps_v2.API/InspectPipeline"

    def request(self):
        request = pps_v2.InspectPipelineRequest()
        request.pipeline.name = "edges"
        return request

    def test_fail__the_kth_call_with_code_text_and_details(self):
        raw = base64.b64encode(b"detail").decode()
        self.pachd("2.11.6", faults=[{"method": self.PATH, "call": 2, "do": "fail", "code": 14,
                                      "message": "naïve 100%\n", "details_bin": raw}])
        self.fails(5, "not found", self.PATH, self.request())
        error = self.fails(14, "naïve 100%\n", self.PATH, self.request())
        self.assertEqual(dict(error.trailing_metadata())["grpc-status-details-bin"], b"detail")
        self.fails(5, "not found", self.PATH, self.request())

    def test_stall_lie_and_close(self):
        self.pachd("2.11.6", faults=[
            {"method": "*", "call": 1, "do": "stall", "seconds": 1},
            {"method": "*", "call": 2, "do": "lie", "reply": base64.b64encode(b"\xff").decode()},
            {"method": "*", "call": 3, "do": "close"}], pipelines=[{"name": "edges"}])
        self.fails(4, "", self.PATH, self.request(), timeout=0.2)
        method = self.channel.unary_stream(self.PATH)
        self.assertEqual(list(method(self.request().SerializeToString(), timeout=5)), [b"\xff"])
        self.fails(14, "", self.PATH, self.request())
        self.assertEqual(self.inspect().version, 1)

    def test_lost_reply__the_work_is_done(self):
        self.pachd("2.11.6", faults=[{"method": "CreatePipeline", "do": "lost-reply"}])
        self.fails(14, "", "/pps_v2.API/CreatePipeline", self.spec())
        self.assertEqual(self.inspect().version, 1)

    def test_a_caller_that_leaves__rolls_back_or_does_harm(self):
        for release, left in (("1.11.9", ["edges"]), ("1.13.4", []), ("2.11.6", [])):
            with self.subTest(release):
                stall = {"method": "*", "call": 1, "do": "stall", "seconds": 0.5}
                self.pachd(release, faults=[stall])
                self.fails(4, "", self.path("CreatePipeline"), self.spec(), timeout=0.1)
                time.sleep(1)
                self.assertEqual(list(self.pipelines()), left)
                if left:
                    self.assertIn("takes nothing", self.pipelines()["edges"]["cut"])

    def test_below_1_12__what_is_done_stays_done(self):
        self.pachd("1.11.9", repos=["images"])
        self.create("a")
        self.create("b", repo="a")
        loop = self.spec("a", repo="b", update=True)
        self.fails(2, "in its own provenance", self.path("CreatePipeline"), loop)
        self.assertEqual((self.inspect("a").version, self.branch("a")), (2, []))
        self.create("a", update=True)
        self.assertEqual((self.inspect("a").version, self.branch("a")),
                         (3, [("images", "master"), ("__spec__", "a")]))

    def test_statistics__cannot_be_turned_off(self):
        for release, version, cut in (("1.11.9", 1, True), ("1.13.4", 1, False)):
            with self.subTest(release):
                self.pachd(release)
                on = self.spec()
                on.enable_stats = True
                self.call(self.path("CreatePipeline"), on)
                self.fails(2, "cannot disable stats", self.path("CreatePipeline"),
                           self.spec(update=True))
                self.assertEqual(self.inspect().version, version)
                self.assertEqual("cut" in self.pipelines()["edges"], cut)

    def branch(self, name):
        request = pfs.InspectBranchRequest()
        request.branch.repo.name, request.branch.name = name, "master"
        info = self.one("/pfs.API/InspectBranch", request, pfs.BranchInfo)
        return [(one.repo.name, one.name) for one in info.direct_provenance]

    def test_bytes_one_by_one_and_late(self):
        self.pachd("2.11.6", bytes={"split": 1}, delay_ms=20)
        begun = time.monotonic()
        self.create()
        self.assertGreater(time.monotonic() - begun, 0.04)
        self.assertEqual(self.inspect().version, 1)

    def test_raw__answers_whatever_is_sent(self):
        answer = "HTTP/1.1 301 Moved\r\nContent-Length: 0\r\n\r\n"
        self.pachd("2.11.6", raw=answer)
        with socket.create_connection(("127.0.0.1", self.server.port), 5) as one:
            one.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
            self.assertEqual(one.makefile("rb").read(len(answer)).decode(), answer)

    def test_unknown_fault__is_refused_at_the_start(self):
        with self.assertRaises(ValueError):
            Pachd({"version": "2.11.6", "faults": [{"method": "*", "do": "explode"}]})


class CommandLine(unittest.TestCase):
    def test_port_calls_state_and_seed(self):
        with tempfile.TemporaryDirectory() as where:
            config = os.path.join(where, "config")
            with open(config, "w", encoding="utf-8") as out:
                out.write('{"version":"2.4.6"}')
            files = [f"--{name}={where}/{name}" for name in ("calls", "state", "port-file")]
            script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pachd.py")
            with subprocess.Popen(
                [sys.executable, script, "--config", config, "--seed-repo", "images", *files],
                stdout=subprocess.PIPE, text=True,
            ) as child:
                port = child.stdout.readline().strip()
                with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                    channel.unary_unary("/versionpb_v2.API/GetVersion")(b"")
                child.send_signal(signal.SIGTERM)
                self.assertEqual(child.wait(10), 0)
            with open(f"{where}/port-file", encoding="utf-8") as got:
                self.assertEqual(got.read().strip(), port)
            with open(f"{where}/state", encoding="utf-8") as got:
                self.assertEqual(json.load(got)["repos"], ["images"])
            with open(f"{where}/calls", encoding="utf-8") as got:
                self.assertEqual(json.loads(got.readline())["method"],
                                 "/versionpb_v2.API/GetVersion")
