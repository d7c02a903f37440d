"""Drives the stand-in with a gRPC client: run with /usr/bin/python3 tests/fake/test_pachd.py."""

import base64
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import grpc

import protos
from protos import admin_v2, auth, auth_v2, enterprise_v2, extra, pfs_v2, pps, pps_v2
from protos import transaction, transaction_v2, versionpb, versionpb_v2
from server import Pachd
from versions import Version

GOLDEN_25 = (
    "0a120a05656467657312090a0764656661756c741a2e0a187265672e6578616d706c652f65646765733a6162633132"
    "331207707974686f6e3312092f65646765732e707922020801300162170a151206696d616765732a022f2a72076465"
    "6661756c74"
)
RELEASES = ["1.7.4", "1.8.8", "1.9.12", "1.10.5", "1.11.9", "1.12.5", "1.13.4", "2.0.8", "2.1.9",
            "2.2.8", "2.3.9", "2.4.6", "2.5.9", "2.6.11", "2.7.8", "2.8.10", "2.9.7", "2.10.7",
            "2.11.6"]


class Case(unittest.TestCase):
    """A server per test, and the shortest way to call it."""

    def pachd(self, version, **config):
        config = {"version": version, "repos": ["images"], **config}
        self.server = Pachd(config)
        self.v = self.server.version
        self.channel = grpc.insecure_channel(
            f"127.0.0.1:{self.server.start()}",
            options=[("grpc.max_send_message_length", 1 << 26), ("grpc.enable_retries", 0),
                     ("grpc.use_local_subchannel_pool", 1)],
        )
        self.addCleanup(self.server.stop)
        self.addCleanup(self.channel.close)
        return self.server

    def call(self, path, request, reply=extra.Empty, metadata=(), timeout=10):
        """[reply] of one call; the raw bytes of the request may be given."""
        raw = request if isinstance(request, bytes) else request.SerializeToString()
        method = self.channel.unary_stream(path)
        return [reply.FromString(one) for one in method(raw, metadata=metadata, timeout=timeout)]

    def one(self, *args, **kwargs):
        replies = self.call(*args, **kwargs)
        self.assertEqual(len(replies), 1)
        return replies[0]

    def fails(self, code, fragment, *args, **kwargs):
        with self.assertRaises(grpc.RpcError) as caught:
            self.call(*args, **kwargs)
        self.assertEqual(caught.exception.code().value[0], code, caught.exception.details())
        self.assertIn(fragment, caught.exception.details())
        return caught.exception

    @property
    def pps(self):
        return pps_v2 if self.v.line == 2 else pps

    def path(self, method, service="pps"):
        return f"/{service}{'_v2' if self.v.line == 2 else ''}.API/{method}"

    def spec(self, name="edges", repo="images", update=False, image="a:1", project="default"):
        request = self.pps.CreatePipelineRequest()
        request.pipeline.name, request.transform.image = name, image
        request.transform.cmd.append("true")
        leaf = request.input.pfs if self.v.since("1.8.1") else request.input.atom
        leaf.repo, leaf.glob = repo, "/*"
        if update:
            request.update = True
        if self.v.has_projects and project:
            request.pipeline.project.name = leaf.project = project
        return request

    def create(self, *args, metadata=(), **kwargs):
        self.call(self.path("CreatePipeline"), self.spec(*args, **kwargs), metadata=metadata)

    def inspect(self, name="edges"):
        request = self.pps.InspectPipelineRequest()
        request.pipeline.name = name
        return self.one(self.path("InspectPipeline"), request, self.pps.PipelineInfo)

    def batch(self, *requests):
        """BatchTransaction with the member of this release."""
        module = transaction_v2 if self.v.line == 2 else transaction
        message = module.BatchTransactionRequest()
        for one in requests:
            element = message.requests.add()
            if self.v.since("2.8.0"):
                element.create_pipeline_v2.create_pipeline_request.CopyFrom(one)
                element.create_pipeline_v2.user_json = '{"a":1}'
            else:
                element.create_pipeline.CopyFrom(one)
        return self.path("BatchTransaction", "transaction"), message, module.TransactionInfo

    def pipelines(self):
        return {one["name"]: one for one in self.server.dump()["pipelines"]}


class Versions(Case):
    def test_get_version__both_lines(self):
        for release in RELEASES:
            with self.subTest(release):
                self.pachd(release)
                module = versionpb_v2 if self.v.line == 2 else versionpb
                got = self.one(self.path("GetVersion", "versionpb"), b"", module.Version)
                self.assertEqual((got.major, got.minor, got.micro), self.v.number)

    def test_the_other_line__fails_as_that_release_did(self):
        self.pachd("1.13.4")
        self.fails(12, "unknown service versionpb_v2.API", "/versionpb_v2.API/GetVersion", b"")
        self.fails(12, "unknown method CreatePipelineV2 for service pps.API",
                   "/pps.API/CreatePipelineV2", b"")
        self.pachd("2.4.1")
        self.fails(2, "this server is running pachyderm 2.x", "/pps.API/InspectPipeline", b"")
        self.fails(2, "no auth function for", "/pps_v2.API/CreatePipelineV2", b"")
        self.pachd("2.4.2")
        self.fails(12, "unknown service pps.API", "/pps.API/InspectPipeline", b"")
        self.fails(12, "unknown method CreatePipelineV2", "/pps_v2.API/CreatePipelineV2", b"")
        self.pachd("1.8.8")
        self.fails(12, "unknown service transaction.API", "/transaction.API/StartTransaction", b"")

    def test_a_release__knows_its_own_fields_only(self):
        self.pachd("2.4.6")
        self.call("/pps_v2.API/CreatePipeline", _without_update(bytes.fromhex(GOLDEN_25)))
        self.assertEqual(self.server.calls[-1]["unknown"],
                         ["unknown:pipeline.project", "unknown:input.pfs.project"])
        self.assertNotIn("project", self.server.calls[-1]["request"]["pipeline"])
        self.pachd("2.5.9")
        self.call("/pps_v2.API/CreatePipeline", _without_update(bytes.fromhex(GOLDEN_25)))
        self.assertEqual(self.server.calls[-1]["unknown"], [])

    def test_numbers_used_twice__by_release(self):
        trigger = pfs_v2.Trigger(rate_limit_spec="@daily")
        for release, name in (("2.6.5", "cron_spec"), ("2.6.6", "rate_limit_spec")):
            shown = protos.to_dict(trigger, Version(release))
            self.assertEqual(shown, {name: "@daily"})
        old, new = pps.ResourceSpec(gpu_before=2), pps.ResourceSpec(gpu=pps.GPUSpec(number=2))
        for message, release, lost in ((old, "1.8.1", []), (old, "1.8.2", ["gpu_before"]),
                                       (new, "1.8.1", ["gpu"]), (new, "1.8.2", [])):
            raw = message.SerializeToString()
            unknown = protos.strict(raw, message.DESCRIPTOR, Version(release))[1]
            self.assertEqual(unknown, lost, release)

    def test_broken_bytes__are_refused(self):
        self.pachd("2.11.6")
        for raw in (b"\x0a\xff", b"\x0a\x03\x0a\x01\xff", b"\x0b", b"\x08"):
            self.fails(13, "error unmarshalling request", "/pps_v2.API/InspectPipeline", raw)

    def test_a_paused_cluster__has_no_pps(self):
        self.pachd("2.8.10", paused=True)
        self.fails(12, "unknown service pps_v2.API", "/pps_v2.API/ListPipeline", b"")
        status = self.one("/enterprise_v2.API/PauseStatus", b"", enterprise_v2.PauseStatusResponse)
        self.assertEqual(status.status, 2)
        self.assertTrue(self.one("/admin_v2.API/InspectCluster", b"", admin_v2.ClusterInfo).paused)

    def test_message_above_the_limit__is_refused(self):
        self.pachd("2.11.6")
        big = self.spec()
        big.description = "x" * (20 * 1024 * 1024)
        self.fails(8, "received message larger than max", "/pps_v2.API/CreatePipeline",
                   big)


def _without_update(raw):
    request = pps_v2.CreatePipelineRequest.FromString(raw)
    request.ClearField("update")
    return request


class Creating(Case):
    def test_create_inspect_update__every_release(self):
        for release in RELEASES:
            with self.subTest(release):
                self.pachd(release)
                self.create()
                self.assertEqual(self.inspect().version, 1)
                salt = self.server.store.state.pipelines[self.server.store.key_of("edges")].salt
                self.create(update=True, image="a:2")
                got = self.inspect()
                self.assertEqual((got.version, self.pipelines()["edges"]["image"]), (2, "a:2"))
                key = self.server.store.key_of("edges")
                self.assertEqual(self.server.store.state.pipelines[key].salt, salt)
                self.assertEqual(self.server.calls[0]["unknown"], [])

    def test_codes__by_line(self):
        for release, missing, exists, repo in (("1.13.4", 2, 2, 2), ("2.0.8", 2, 2, 2),
                                               ("2.1.9", 2, 2, 5), ("2.2.8", 5, 6, 5),
                                               ("2.11.6", 5, 6, 5)):
            with self.subTest(release):
                self.pachd(release)
                request = self.pps.InspectPipelineRequest()
                request.pipeline.name = "none"
                self.fails(missing, "not found", self.path("InspectPipeline"), request)
                self.create()
                self.fails(exists, "already exists", self.path("CreatePipeline"), self.spec())
                self.fails(repo, "not found", self.path("CreatePipeline"),
                           self.spec("b", repo="nowhere"))
                self.fails(2, "because a repo with the same name already exists",
                           self.path("CreatePipeline"), self.spec("images"))

    def test_update_of_a_missing_one__by_release(self):
        self.pachd("1.8.6")
        self.fails(2, "not found", "/pps.API/CreatePipeline", self.spec(update=True))
        self.pachd("1.8.7")
        self.create(update=True)
        self.assertEqual(self.inspect().version, 1)

    def test_refused__what_a_server_refuses(self):
        self.pachd("2.11.6")
        path = "/pps_v2.API/CreatePipeline"

        def changed(change):
            request = self.spec()
            change(request)
            return request

        def two(request):
            request.input.cron.name, request.input.cron.spec = "tick", "@daily"

        def twice(request):
            request.input.ClearField("pfs")
            for _ in range(2):
                request.input.cross.add().pfs.CopyFrom(self.spec().input.pfs)

        def cron(request):
            request.input.ClearField("pfs")
            request.input.cron.name, request.input.cron.spec = "tick", "every day"

        for change, text in (
            (lambda r: r.ClearField("transform"), "must specify a transform"),
            (lambda r: r.input.pfs.ClearField("glob"), "must specify a glob"),
            (lambda r: r.input.ClearField("pfs"), "no input set"),
            (two, "multiple input types"), (twice, "used more than once"), (cron, "cron"),
            (lambda r: setattr(r.pipeline, "name", "a.b"), "alphanumerics"),
            (lambda r: setattr(r.pipeline, "name", "a" * 52), "longer"),
            (lambda r: setattr(r, "reprocess_spec", "x"), "reprocess_spec"),
            (lambda r: setattr(r, "pod_patch", "{"), "malformed"),
            (lambda r: setattr(r.input.pfs, "commit", "x"), "commit"),
            (lambda r: setattr(r.tf_job, "tf_job", "x"), "TFJobs"),
            (lambda r: r.transform.secrets.add(name="s", mount_path="/s"), "failed to get secret"),
        ):
            self.fails(2, text, path, changed(change))
        self.assertEqual(self.pipelines(), {})
        self.fails(3, "validate request", path, changed(lambda r: r.ClearField("pipeline")))

    def test_stopped__stays_stopped_and_has_no_job(self):
        self.pachd("2.11.6")
        self.create()
        self.call("/pps_v2.API/StopPipeline", self._stop())
        self.create(update=True)
        self.assertTrue(self.inspect().stopped)
        self.assertEqual(self.inspect().state, pps_v2.PIPELINE_PAUSED)
        self.assertEqual(len(self.server.store.jobs), 1)
        self.call("/pps_v2.API/StartPipeline", self._stop())
        self.assertFalse(self.inspect().stopped)

    def _stop(self):
        request = pps_v2.StopPipelineRequest()
        request.pipeline.name = "edges"
        return request

    def test_history__by_list_and_by_caret(self):
        self.pachd("2.11.6", pipelines=[{"name": "edges", "version": 3, "spec": {
            "transform": {"image": "a:1"}, "input": {"pfs": {"repo": "images", "glob": "/"}}}}])
        self.create(update=True, image="a:4")
        request = pps_v2.ListPipelineRequest(history=-1, details=True)
        got = self.call("/pps_v2.API/ListPipeline", request, pps_v2.PipelineInfo)
        self.assertEqual([(one.version, one.details.transform.image) for one in got],
                         [(4, "a:4"), (3, "a:1"), (2, "a:1"), (1, "a:1")])
        self.assertEqual(self.inspect("edges^1").version, 3)

    def test_list__unary_in_1_and_a_stream_in_2(self):
        self.pachd("1.11.9")
        self.create()
        self.create("more")
        got = self.one("/pps.API/ListPipeline", b"", pps.PipelineInfos)
        self.assertEqual([one.pipeline.name for one in got.pipeline_info], ["edges", "more"])
        self.pachd("2.6.11", projects=["x"], repos=["images", "x/images"])
        self.create()
        self.create("more", project="x")
        got = self.call("/pps_v2.API/ListPipeline", b"", pps_v2.PipelineInfo)
        self.assertEqual([one.pipeline.project.name for one in got], ["default", "x"])
        request = pps_v2.ListPipelineRequest(projects=[pfs_v2.Project(name="x")])
        self.assertEqual(len(self.call("/pps_v2.API/ListPipeline", request, pps_v2.PipelineInfo)), 1)


class EffectiveSpec(Case):
    def effective(self, spec, **fields):
        text = spec if isinstance(spec, str) else json.dumps(spec)
        request = pps_v2.CreatePipelineV2Request(create_pipeline_request_json=text, **fields)
        reply = self.one("/pps_v2.API/CreatePipelineV2", request, pps_v2.CreatePipelineV2Response)
        return json.loads(reply.effective_create_pipeline_request_json)

    SPEC = {"pipeline": {"name": "edges"}, "transform": {"image": "a:1"},
            "input": {"pfs": {"repo": "images", "glob": "/*"}}}

    def test_merge__built_in_cluster_project_user(self):
        self.pachd("2.11.6", projects=["p"],
                   cluster_defaults={"createPipelineRequest": {
                       "datum_tries": 5, "resourceRequests": {"cpu": 1, "memory": "64M"},
                       "autoscaling": True}},
                   project_defaults={"p": {"create_pipeline_request": {
                       "resource_requests": {"memory": "1G"}}}})
        user = {**self.SPEC, "pipeline": {"name": "edges", "project": {"name": "p"}},
                "resourceRequests": {"cpu": None}, "autoscaling": False}
        got = self.effective(user, dry_run=True, update=True)
        self.assertEqual(got["datumTries"], "5")
        self.assertEqual(got["resourceRequests"], {"memory": "1G"})
        self.assertEqual((got["outputBranch"], got["update"]), ("master", True))
        self.assertNotIn("autoscaling", got)
        self.assertEqual(self.pipelines(), {})

    def test_dry_run__needs_neither_repo_nor_secret(self):
        self.pachd("2.8.10", repos=[])
        self.assertEqual(self.effective(self.SPEC, dry_run=True)["pipeline"]["project"],
                         {"name": "default"})

    def test_bad_json__is_an_invalid_argument_with_a_detail(self):
        self.pachd("2.8.10")
        for change in ({"nonsense": 1}, {"jobTimeout": "1h30m"}, {"jobTimeout": "90"},
                       {"datumTries": "x"}, {"transform": {"cmd": None}}, {"transform": {"env": None}},
                       {"input": {"pfs": {"reppo": "x"}}}, {"maximumExpectedUptime": "1s"},
                       {"datumTries": 1, "datum_tries": 2}, "{", '{"a":1,"a":2}', "[]"):
            text = json.dumps({**self.SPEC, **change}) if isinstance(change, dict) else change
            request = pps_v2.CreatePipelineV2Request(create_pipeline_request_json=text, dry_run=True)
            error = self.fails(3, "could not make effective spec", "/pps_v2.API/CreatePipelineV2",
                               request)
            trailers = dict(error.trailing_metadata())
            status = extra.Status.FromString(trailers["grpc-status-details-bin"])
            self.assertEqual(status.code, 3)
            self.assertTrue(status.details[0].type_url.endswith("google.rpc.BadRequest"))

    def test_good_json__both_spellings_and_seconds(self):
        self.pachd("2.9.7")
        got = self.effective({**self.SPEC, "job_timeout": "90.5s", "maximumExpectedUptime": "1s",
                              "datumTries": "4", "dryRun": True})
        self.assertEqual((got["jobTimeout"], got["datumTries"]), ("90.500s", "4"))
        stored = self.pipelines()["edges"]
        self.assertIn('"job_timeout": "90.5s"', stored["user_spec_json"])
        self.assertEqual(json.loads(stored["effective_spec_json"]), got)
        self.assertEqual(self.inspect().user_spec_json, stored["user_spec_json"])

    def test_plain_create__stores_machine_made_json(self):
        self.pachd("2.11.6")
        self.create()
        user = json.loads(self.pipelines()["edges"]["user_spec_json"])
        self.assertEqual(user["transform"]["image"], "a:1")
        dry = self.spec(update=True, image="a:9")
        dry.dry_run = True
        self.call("/pps_v2.API/CreatePipeline", dry)
        self.assertEqual(self.pipelines()["edges"]["version"], 1)


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
        text = json.dumps({**EffectiveSpec.SPEC, "description": "x"})
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
                    {"name": "edges", "spec": EffectiveSpec.SPEC}])
                self.fails(16, "no authentication token", self.path("CreatePipeline"), self.spec())
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
        request = extra.GetRobotTokenRequest(robot="ci", ttl=600)
        got = self.one("/auth_v2.API/GetRobotToken", request, extra.GetRobotTokenResponse,
                       metadata=admin)
        who = self.one("/auth_v2.API/WhoAmI", b"", auth_v2.WhoAmIResponse,
                       metadata=(("authn-token", got.token),))
        self.assertEqual(who.username, "robot:ci")
        revoke = extra.RevokeAuthTokenRequest(token="t-ci")
        self.call("/auth_v2.API/RevokeAuthToken", revoke, metadata=(("authn-token", got.token),))
        self.fails(16, "corrupted", "/auth_v2.API/WhoAmI", b"", metadata=(("authn-token", "t-ci"),))
        self.assertNotIn("t-ci", json.dumps(self.server.calls))
        self.assertNotIn(got.token, json.dumps(self.server.calls))


class Watching(Case):
    def test_job_set__steps_through_its_script(self):
        self.pachd("2.11.6", jobs={"a": ["created", "running", "failure"]}, job_reasons={"a": "boom"})
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
        self.pachd("2.11.6", faults=[{"method": "/pps_v2.API/CreatePipeline", "do": "lost-reply"}])
        self.fails(14, "", "/pps_v2.API/CreatePipeline", self.spec())
        self.assertEqual(self.inspect().version, 1)

    def test_bytes_one_by_one_and_late(self):
        self.pachd("2.11.6", bytes={"split": 1}, delay_ms=20)
        begun = time.monotonic()
        self.create()
        self.assertGreater(time.monotonic() - begun, 0.04)
        self.assertEqual(self.inspect().version, 1)

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


if __name__ == "__main__":
    unittest.main()
