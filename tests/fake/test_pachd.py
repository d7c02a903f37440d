"""Drives the stand-in with a gRPC client; /usr/bin/python3 tests/fake/test_pachd.py runs all."""

import json
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import protos  # noqa: E402
from client import SPEC, Case  # noqa: E402
from protos import admin_v2, enterprise_v2, extra, pfs_v2, pps, pps_v2  # noqa: E402
from protos import versionpb, versionpb_v2  # noqa: E402
from versions import Version  # noqa: E402

GOLDEN_25 = (
    "0a120a05656467657312090a0764656661756c741a2e0a187265672e6578616d706c652f65646765733a6162633132"
    "331207707974686f6e3312092f65646765732e707922020801300162170a151206696d616765732a022f2a72076465"
    "6661756c74"
)
RELEASES = ["1.7.4", "1.8.8", "1.9.12", "1.10.5", "1.11.9", "1.12.5", "1.13.4", "2.0.8", "2.1.9",
            "2.2.8", "2.3.9", "2.4.6", "2.5.9", "2.6.11", "2.7.8", "2.8.10", "2.9.7", "2.10.7",
            "2.11.6"]


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
                self.server.store.state.repos[self.server.store.key_of("kept")] = ""
                if release.startswith("1."):
                    self.create("kept")
                    continue
                self.fails(2, "because a repo with the same name already exists",
                           self.path("CreatePipeline"), self.spec("kept"))

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
        got = self.call("/pps_v2.API/ListPipeline", request, pps_v2.PipelineInfo)
        self.assertEqual(len(got), 1)


class EffectiveSpec(Case):
    def effective(self, spec, **fields):
        text = spec if isinstance(spec, str) else json.dumps(spec)
        request = pps_v2.CreatePipelineV2Request(create_pipeline_request_json=text, **fields)
        reply = self.one("/pps_v2.API/CreatePipelineV2", request, pps_v2.CreatePipelineV2Response)
        return json.loads(reply.effective_create_pipeline_request_json)

    def test_merge__built_in_cluster_project_user(self):
        self.pachd("2.11.6", projects=["p"],
                   cluster_defaults={"createPipelineRequest": {
                       "datum_tries": 5, "resourceRequests": {"cpu": 1, "memory": "64M"},
                       "autoscaling": True}},
                   project_defaults={"p": {"create_pipeline_request": {
                       "resource_requests": {"memory": "1G"}}}})
        user = {**SPEC, "pipeline": {"name": "edges", "project": {"name": "p"}},
                "resourceRequests": {"cpu": None}, "autoscaling": False}
        got = self.effective(user, dry_run=True, update=True)
        self.assertEqual(got["datumTries"], "5")
        self.assertEqual(got["resourceRequests"], {"memory": "1G"})
        self.assertEqual((got["outputBranch"], got["update"]), ("master", True))
        self.assertNotIn("autoscaling", got)
        self.assertEqual(self.pipelines(), {})

    def test_dry_run__needs_neither_repo_nor_secret(self):
        self.pachd("2.8.10", repos=[])
        self.assertEqual(self.effective(SPEC, dry_run=True)["pipeline"]["project"],
                         {"name": "default"})

    def test_bad_json__is_an_invalid_argument_with_a_detail(self):
        self.pachd("2.8.10")
        for change in ({"nonsense": 1}, {"jobTimeout": "1h30m"}, {"jobTimeout": "90"},
                       {"datumTries": "x"}, {"transform": {"cmd": None}},
                       {"transform": {"env": None}},
                       {"input": {"pfs": {"reppo": "x"}}}, {"maximumExpectedUptime": "1s"},
                       {"datumTries": 1, "datum_tries": 2}, "{", '{"a":1,"a":2}', "[]"):
            text = json.dumps({**SPEC, **change}) if isinstance(change, dict) else change
            request = pps_v2.CreatePipelineV2Request(dry_run=True)
            request.create_pipeline_request_json = text
            error = self.fails(3, "could not make effective spec", "/pps_v2.API/CreatePipelineV2",
                               request)
            trailers = dict(error.trailing_metadata())
            status = extra.Status.FromString(trailers["grpc-status-details-bin"])
            self.assertEqual(status.code, 3)
            self.assertTrue(status.details[0].type_url.endswith("google.rpc.BadRequest"))

    def test_good_json__both_spellings_and_seconds(self):
        self.pachd("2.9.7")
        got = self.effective({**SPEC, "job_timeout": "90.5s", "maximumExpectedUptime": "1s",
                              "datumTries": "4", "dryRun": True})
        self.assertEqual((got["jobTimeout"], got["datumTries"]), ("90.500s", "4"))
        stored = self.pipelines()["edges"]
        self.assertIn('"job_timeout": "90.5s"', stored["user_spec_json"])
        wanted = {**got, "jobTimeout": "90.5s"}  # merged as it was written, not written anew
        self.assertEqual(json.loads(stored["effective_spec_json"]), wanted)
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


class Costs(Case):
    def work(self, method, request):
        self.call(method, request)
        return self.server.calls[-1]["work_ms"]

    def test_costs__by_call_repo_and_pipeline(self):
        costs = {"call": 1, "repo": 10, "pipeline": 2, "details": 3, "create": 100, "create_alone": 500}
        self.pachd("2.11.6", costs=costs, repos=["images", "other"])
        self.assertEqual(self.work("/pfs_v2.API/ListRepo", pfs_v2.ListRepoRequest(type="user")), 21)
        self.assertEqual(self.work("/pps_v2.API/CreatePipeline", self.spec()), 501)
        self.assertEqual(self.work("/pps_v2.API/ListPipeline", pps_v2.ListPipelineRequest()), 3)
        self.assertEqual(self.work("/pps_v2.API/ListPipeline", pps_v2.ListPipelineRequest(details=True)), 6)
        self.pachd("1.13.4", costs=costs, repos=["images", "other"])
        self.assertEqual(self.work("/pfs.API/ListRepo", b""), 21)


def load_tests(loader, tests, _):
    """The tests of the other file too."""
    tests.addTests(loader.loadTestsFromName("test_running"))
    return tests


if __name__ == "__main__":
    unittest.main()
