"""A pachd as its owner sees it over gRPC: what runs, and setting a scene and clearing it away."""

import importlib
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import grpc

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PROTO = ROOT / "src/wire/proto"
DEFAULT_PORT = 30650


class _Calling:
    """The call under way, of which there is one at a time, and why it is to end."""

    def __init__(self):
        self.is_on, self.stream, self.reason = False, None, None


_calling = _Calling()


def interrupt(reason):
    """For signal handlers: ends what goes on by raising `reason`. A call is cancelled first and raises it afterwards, for
    an exception inside of gRPC would leave its locks behind, and all further calls waiting for them."""
    if not _calling.is_on:
        raise reason
    _calling.reason = reason
    if _calling.stream is not None:
        _calling.stream.cancel()


def load(directory=ROOT / "build/conformance"):
    """The message modules by name, compiled once for the sources as they are."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError:  # the checkout is somebody else's
        directory = Path(tempfile.mkdtemp(prefix="pyproto-"))
    sources = sorted(PROTO.glob("*.proto")) + [HERE / "messages.proto"]
    newest = max(one.stat().st_mtime for one in sources)
    stamp = directory / "stamp"
    if not stamp.exists() or stamp.stat().st_mtime < newest:
        subprocess.run(["protoc", f"-I{PROTO}", f"-I{HERE}", f"--python_out={directory}",
                        *map(str, sources)], check=True)
        stamp.touch()
    sys.path.insert(0, str(directory))
    names = "auth_v2 pfs pfs_v2 pps pps_v2 transaction transaction_v2 versionpb versionpb_v2 messages"
    return {name: importlib.import_module(name + "_pb2") for name in names.split()}


@dataclass(frozen=True)
class Running:
    """What runs under a name."""

    version: int
    image: str
    stopped: bool
    state: str
    salt: str
    spec_commit: str
    has_branch: bool


class Cluster:
    """`where` is an address as pachup takes it; `project` is the suite's own from 2.5 on."""

    def __init__(self, where, token="", ca_file=None, server_name=None):
        self.where, self.token, self.project = where, token, ""
        url = urlsplit(where if "://" in where else "grpc://" + where)
        self.host, self.port = url.hostname, url.port or DEFAULT_PORT
        self.tls = url.scheme in ("grpcs", "https")
        options = [("grpc.max_receive_message_length", 1 << 28), ("grpc.enable_retries", 0)]
        target = f"{self.host}:{self.port}"
        if self.tls:
            roots = Path(ca_file).read_bytes() if ca_file else None
            if server_name:
                options.append(("grpc.ssl_target_name_override", server_name))
            self.channel = grpc.secure_channel(target, grpc.ssl_channel_credentials(roots), options)
        else:
            self.channel = grpc.insecure_channel(target, options)
        self.modules = load()
        self.extra = self.modules["messages"]
        self.release = self._release()

    # -- calls -----------------------------------------------------------------------------------

    def call(self, path, request, reply=None):
        """The replies of one call; a refusal is grpc.RpcError."""
        reply = reply or self.extra.Empty
        metadata = (("authn-token", self.token),) if self.token else ()
        method = self.channel.unary_stream(path)
        raw = request.SerializeToString()
        replies = []
        _calling.is_on = True
        try:
            stream = _calling.stream = method(raw, metadata=metadata, timeout=120)
            if _calling.reason is not None:
                stream.cancel()
            for one in stream:
                replies.append(reply.FromString(one))
        finally:
            stream = _calling.stream = None
            _calling.is_on = False
            reason, _calling.reason = _calling.reason, None
            if reason is not None:
                raise reason
        return replies

    def path(self, service, method):
        return f"/{service}{'_v2' if self.line == 2 else ''}.API/{method}"

    def _release(self):
        for package in ("versionpb_v2", "versionpb"):
            try:
                got = self.call(f"/{package}.API/GetVersion", self.extra.Empty(),
                                self.modules[package].Version)[0]
            except grpc.RpcError as error:
                if error.code() not in (grpc.StatusCode.UNIMPLEMENTED, grpc.StatusCode.UNKNOWN):
                    raise
                continue
            self.line = 2 if package.endswith("v2") else 1
            number = (got.major, got.minor, got.micro)
            return number if any(number) else (2, 99, 0)
        raise SystemExit(f"conformance: no pachd answers at {self.where}")

    def since(self, *number):
        return self.release >= number

    @property
    def pps(self):
        return self.modules["pps_v2" if self.line == 2 else "pps"]

    @property
    def pfs(self):
        return self.modules["pfs_v2" if self.line == 2 else "pfs"]

    # -- names -----------------------------------------------------------------------------------

    def pipeline_message(self, name):
        message = self.pps.Pipeline(name=name)
        if self.since(2, 5):
            message.project.name = self.project
        return message

    def repo_message(self, name):
        message = self.pfs.Repo(name=name)
        if self.line == 2:
            message.type = "user"
        if self.since(2, 5):
            message.project.name = self.project
        return message

    # -- setting a scene -------------------------------------------------------------------------

    def make_project(self, name):
        request = self.extra.Project2()
        request.project.name = self.project = name
        self.call("/pfs_v2.API/CreateProject", request)

    def drop_project(self):
        request = self.extra.Project2()
        request.project.name = self.project
        self.call("/pfs_v2.API/DeleteProject", request)

    def make_repo(self, name):
        self.call(self.path("pfs", "CreateRepo"),
                  self.pfs.CreateRepoRequest(repo=self.repo_message(name)))

    def robot(self, name):
        """A token of a new robot without any right; only an administrator gets one."""
        request = self.extra.TokenRequest(subject=name if self.line == 2 else f"robot:{name}", ttl=3600)
        method = "GetRobotToken" if self.line == 2 else "GetAuthToken"
        return self.call(self.path("auth", method), request, self.extra.Token)[0].token

    def grant(self, robot, role, repo=""):
        """A role on a repo or, without one, on the suite's project."""
        if self.line == 1:
            scope = {"reader": 1, "writer": 2}[role]
            self.call("/auth.API/SetScope", self.extra.SetScopeRequest(
                username=f"robot:{robot}", repo=repo, scope=scope))
            return
        request = self.extra.ModifyRoleBindingRequest(principal=f"robot:{robot}", roles=[role])
        resource = self.modules["auth_v2"]
        request.resource.type = resource.REPO if repo else resource.PROJECT
        prefix = f"{self.project}/" if repo and self.since(2, 5) else ""
        request.resource.name = prefix + (repo or self.project)
        self.call("/auth_v2.API/ModifyRoleBinding", request)

    def is_licensed(self):
        """Whether an enterprise license is active."""
        got = self.call(self.path("enterprise", "GetState"), self.extra.Empty(), self.extra.LicenseState)
        return got[0].state == 1

    def count(self):
        """How many pipelines the whole cluster has, by name."""
        request = self.pps.ListPipelineRequest()
        if self.line == 1:
            got = self.call(self.path("pps", "ListPipeline"), request, self.pps.PipelineInfos)
            return len(got[0].pipeline_info)
        return len({one.pipeline.name for one in
                    self.call(self.path("pps", "ListPipeline"), request, self.pps.PipelineInfo)})

    def drop_repo(self, name):
        kind = self.extra.DeleteRepo2 if self.line == 2 else self.extra.DeleteRepo1
        self.call(self.path("pfs", "DeleteRepo"), kind(repo=self.repo_message(name), force=True))

    def drop_pipeline(self, name):
        kind = self.extra.DeletePipeline2 if self.line == 2 else self.extra.DeletePipeline1
        self.call(self.path("pps", "DeletePipeline"),
                  kind(pipeline=self.pipeline_message(name), force=True))

    def stop(self, name):
        request = self.pps.StopPipelineRequest(pipeline=self.pipeline_message(name))
        self.call(self.path("pps", "StopPipeline"), request)

    # -- looking ---------------------------------------------------------------------------------

    def infos(self):
        """All PipelineInfo of the cluster, or of the suite's project."""
        request = self.pps.ListPipelineRequest()
        if self.line == 1:
            got = self.call(self.path("pps", "ListPipeline"), request, self.pps.PipelineInfos)
            return list(got[0].pipeline_info)
        request.details = True
        if self.since(2, 5):
            request.projects.add(name=self.project)
        return self.call(self.path("pps", "ListPipeline"), request, self.pps.PipelineInfo)

    def running(self, prefix):
        """{name: Running} of the pipelines whose names begin so."""
        out = {}
        for info in self.infos():
            name, details = info.pipeline.name, info.details if self.line == 2 else info
            if not name.startswith(prefix):
                continue
            state = self.pps.PipelineState.Name(info.state).removeprefix("PIPELINE_").lower()
            out[name] = Running(
                info.version, details.transform.image, info.stopped, state, details.salt,
                info.spec_commit.id, self._has_branch(name, info, details))
        return out

    def _has_branch(self, name, info, details):
        """Below 1.12: whether the output branch takes what its inputs and its spec bring."""
        if self.since(1, 12) or info.stopped or details.HasField("spout"):
            return True
        return bool(self.provenance(name, details.output_branch or "master"))

    def provenance(self, repo, branch):
        """Below 2.0: "repo@branch" of what the branch takes; none when there is no such branch."""
        request = self.extra.Branch1()
        request.branch.repo.name, request.branch.name = repo, branch
        try:
            got = self.call("/pfs.API/InspectBranch", request, self.extra.BranchInfo1)[0]
        except grpc.RpcError as error:
            if "not found" in error.details():
                return []
            raise
        return [f"{one.repo.name}@{one.name}" for one in got.direct_provenance]

    def cut_branch(self, repo, branch):
        """Below 1.12: takes the provenance off a branch, as pachd does in the middle of an update."""
        request = self.extra.CreateBranch1()
        request.branch.repo.name, request.branch.name = repo, branch
        request.head.repo.name, request.head.id = repo, branch
        self.call("/pfs.API/CreateBranch", request)

    def repos(self, prefix):
        """The names of the repos that begin so."""
        request = self.pfs.ListRepoRequest()
        if self.line == 1:
            reply = self.call(self.path("pfs", "ListRepo"), request, self.pfs.ListRepoResponse)
            found = [one.repo.name for one in reply[0].repo_info]
        else:
            request.type = "user"
            if self.since(2, 5):
                request.projects.add(name=self.project)
            found = [one.repo.name for one in
                     self.call(self.path("pfs", "ListRepo"), request, self.pfs.RepoInfo)]
        return [name for name in found if name.startswith(prefix)]

    def transactions(self):
        """The ids of those that are open."""
        if not self.since(1, 9):
            return []
        kind = self.extra.TransactionInfos2 if self.line == 2 else self.extra.TransactionInfos1
        got = self.call(self.path("transaction", "ListTransaction"), self.extra.Empty(), kind)
        return [one.transaction.id for one in got[0].transaction_info]

    def wait_until(self, ready, seconds):
        """Polls `ready` until it holds; whether it did."""
        end = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > end:
                return False
            time.sleep(0.1)
        return True

    # -- clearing away ---------------------------------------------------------------------------

    def clear(self, prefix):
        """Deletes all pipelines and repos that begin so, readers first. What could not be."""
        left = []
        for _ in range(8):  # a pipeline goes when nothing reads from it
            left = []
            for name in sorted(self.running_names(prefix), reverse=True):
                self._try(lambda name=name: self.drop_pipeline(name), name, left)
            for name in self.repos(prefix):
                self._try(lambda name=name: self.drop_repo(name), name, left)
            if not self.running_names(prefix) and not self.repos(prefix):
                return []
        return left

    def running_names(self, prefix):
        return [one.pipeline.name for one in self.infos() if one.pipeline.name.startswith(prefix)]

    @staticmethod
    def _try(act, name, left):
        try:
            act()
        except grpc.RpcError as error:
            left.append(f"{name}: {error.details()}")
