"""What the tests of the stand-in share: a server per test, and the shortest way to call it."""

import unittest

import grpc

from protos import extra, pps, pps_v2, transaction, transaction_v2
from server import Pachd

SPEC = {"pipeline": {"name": "edges"}, "transform": {"image": "a:1"},
        "input": {"pfs": {"repo": "images", "glob": "/*"}}}


class Case(unittest.TestCase):
    """A test of one running stand-in, self.server."""

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
