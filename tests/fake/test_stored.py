"""The stand-in against real servers: what it stores for each real spec is what they stored.

The table holds InspectPipeline's answers of five releases, as they came; it lies beside the project.
"""

import base64
import csv
import json
import unittest
from pathlib import Path

from google.protobuf import json_format

import protos
from client import Case
from protos import pps, pps_v2

GOLDEN = Path(__file__).resolve().parents[3] / "shared/golden"
# pachd of 2.8 and later writes these into a new cluster; the servers of the table were new
CLUSTER_DEFAULTS = {"createPipelineRequest": {
    "resourceRequests": {"cpu": 1, "memory": "256Mi", "disk": "1Gi"},
    "sidecarResourceRequests": {"cpu": 1, "memory": "256Mi", "disk": "1Gi"}}}
# pachctl refuses these itself, so pachd has never seen them
BY_PACHCTL = ("malformed pipeline spec: ", "Invalid pipeline name")


def rows(name):
    with open(GOLDEN / name, encoding="utf-8", newline="") as table:
        yield from list(csv.reader(table, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]


def rpc_error(answer):
    return answer.strip('"').startswith("refused: ")


def requests():
    """{(release, path, document): the bytes of CreatePipelineRequest} where there are any."""
    out = {}
    for release, path, doc, _, answer in rows("create_pipeline_request.tsv"):
        if not answer.strip('"').startswith("error"):
            out[release, path, doc] = base64.b64decode(answer)
    return out


def repo_inputs(node):
    """The inputs below `node` that read a repo."""
    for kind in ("pfs", "atom"):
        if kind in node.DESCRIPTOR.fields_by_name and node.HasField(kind):
            yield getattr(node, kind)
    for kind in ("cross", "union", "join", "group"):
        for child in getattr(node, kind):
            yield from repo_inputs(child)


def without_luck(info):
    """Takes out times, ids and salts, and what the pipeline does at this moment."""
    info.ClearField("state")
    info.ClearField("last_job_state")
    info.spec_commit.id = "~0" if info.spec_commit.id.endswith("~0") else ""
    for one in (info, getattr(info, "details", None)):
        for name in ("salt", "created_at", "updated_at", "workers_available",
                     "workers_started_at"):
            if one is not None and name in one.DESCRIPTOR.fields_by_name:
                one.ClearField(name)
    if hasattr(info, "input"):
        without_start(info.input)
    elif info.details.HasField("input"):
        without_start(info.details.input)
    if hasattr(info, "effective_spec_json"):
        info.user_spec_json = sorted_json(info.user_spec_json)
        info.effective_spec_json = sorted_json(info.effective_spec_json)
    return info


def sorted_json(text):
    return json.dumps(json.loads(text), sort_keys=True) if text else ""


def without_start(node):
    if node.HasField("cron"):
        node.cron.ClearField("start")
    for kind in ("cross", "union", "join", "group"):
        for child in getattr(node, kind):
            without_start(child)


@unittest.skipUnless(GOLDEN.is_dir(), "../shared/golden is not here")
class Stored(Case):
    maxDiff = None

    def check(self, release):
        made, version = requests(), release[1:]
        source = {"v1.12.5": "v1.13.4"}.get(release, release)
        for found, path, doc, name, answer in rows("stored_pipeline_info.tsv"):
            raw = made.get((source, path, doc))
            if found != release or raw is None or any(word in answer for word in BY_PACHCTL):
                continue
            with self.subTest(path=path, doc=doc):
                self.check_row(version, raw, name, answer)

    def check_row(self, version, raw, name, answer):
        module = pps_v2 if version.startswith("2.") else pps
        request = module.CreatePipelineRequest.FromString(raw)
        request.ClearField("update")
        defaults = CLUSTER_DEFAULTS if version.startswith("2.11") else None
        server = self.pachd(version, repos=[], cluster_defaults=defaults)
        if server.version.has_projects:
            request.pipeline.project.name = request.pipeline.project.name or "default"
            server.store.projects.setdefault(request.pipeline.project.name, {})
        for leaf in repo_inputs(request.input):
            project = getattr(leaf, "project", "") or request.pipeline.project.name \
                if server.version.has_projects else ""
            if project:
                server.store.projects.setdefault(project, {})
            server.store.state.repos[(project, leaf.repo)] = ""
        try:
            self.send(request, answer, name)
        except Exception as error:
            if rpc_error(answer):
                return
            self.fail(f"refused: {error}")
        if rpc_error(answer):
            self.fail(f"must be {answer}")
        wanted = module.PipelineInfo.FromString(base64.b64decode(answer))
        asked = module.InspectPipelineRequest()
        asked.pipeline.name = wanted.pipeline.name
        if self.v.line == 2:
            asked.pipeline.project.name, asked.details = wanted.pipeline.project.name, True
        got = self.one(self.path("InspectPipeline"), asked, module.PipelineInfo)
        self.assertEqual(str(without_luck(protos.forget_zeros(got))),
                         str(without_luck(protos.forget_zeros(wanted))))

    def send(self, request, answer, name):
        if not self.v.since("2.8.0"):
            self.call(self.path("CreatePipeline"), request)
            return
        text = json_format.MessageToJson(request)
        if not rpc_error(answer):
            text = pps_v2.PipelineInfo.FromString(base64.b64decode(answer)).user_spec_json
        self.call(self.path("CreatePipelineV2"),
                  pps_v2.CreatePipelineV2Request(create_pipeline_request_json=text),
                  pps_v2.CreatePipelineV2Response)

    def test_1_8(self):
        self.check("v1.8.8")

    def test_1_12(self):
        self.check("v1.12.5")

    def test_1_13(self):
        self.check("v1.13.4")

    def test_2_6(self):
        self.check("v2.6.11")

    def test_2_11(self):
        self.check("v2.11.6")


if __name__ == "__main__":
    unittest.main()
