"""The pipelines of the pps services of both interfaces."""

import time
from dataclasses import replace

from google.protobuf import json_format

import protos
import validate
from protos import extra, pps, pps_v2
from rpc import rpc
from store import NOW
from transactions import append
from versions import CANCELLED, UNKNOWN, Fail

TYPES = {"transform": 1, "spout": 2, "service": 3}


def module_of(call):
    return pps_v2 if call.server.version.line == 2 else pps


def state_number(call, name):
    return module_of(call).PipelineState.Value("PIPELINE_" + name.upper())


def spec_commit(message, pipeline, version):
    """Fills the Commit `message` with the commit of the pipeline's spec."""
    message.id = pipeline.spec_commit
    if not version.since("1.9.0"):
        message.id += "~0"  # it looks the version up by its distance from the head
    if version.line == 1:
        message.repo.name = "__spec__"
        return
    message.branch.name = "master"
    repos = [message.branch.repo] + ([message.repo] if version.since("2.6.0") else [])
    for repo in repos:
        repo.name, repo.type = pipeline.name, "spec"
        if version.has_projects:
            repo.project.name = pipeline.project


def info(call, pipeline, details):
    version, store = call.server.version, call.server.store
    reply = module_of(call).PipelineInfo()
    reply.pipeline.name, reply.version = pipeline.name, pipeline.version
    reply.state = state_number(call, store.look(pipeline))
    reply.stopped = pipeline.stopped
    reply.reason = call.server.config.get("reasons", {}).get(pipeline.name, "")
    spec_commit(reply.spec_commit, pipeline, version)
    if version.since("2.11.0"):
        for key, value in sorted(store.notes.pipelines.get((pipeline.key, pipeline.version), {}).items()):
            reply.metadata[key] = value
    last = [job for job in store.jobs if job.key == pipeline.key]
    if last:
        reply.last_job_state = job_state_number(call, last[-1].state)
    if version.line == 1:
        _flat(reply, pipeline)
    else:
        _nested(reply, pipeline, version, details)
    if version.line == 1 or details:
        _workers(reply.details if version.line == 2 else reply, pipeline, reply.state)
    return protos.forget_zeros(reply)


def _workers(reply, pipeline, state):
    """How many there shall be, and are (1.11+)."""
    reply.workers_requested = pipeline.request.parallelism_spec.constant or 1
    running = type(reply).DESCRIPTOR.file.enum_types_by_name["PipelineState"].values_by_number[state]
    if running.name == "PIPELINE_RUNNING":
        reply.workers_available = reply.workers_requested


def job_state_number(call, name):
    return module_of(call).JobState.Value("JOB_" + name.upper())


def _flat(reply, pipeline):
    protos.copy_fields(pipeline.request, reply)
    reply.salt = pipeline.salt
    reply.created_at.seconds = NOW


def _nested(reply, pipeline, version, details):
    request = pipeline.request
    if version.has_projects:
        reply.pipeline.project.name = pipeline.project
    kind = next((one for one in ("spout", "service") if request.HasField(one)), "transform")
    reply.type, reply.parallelism = TYPES[kind], request.parallelism_spec.constant or 1
    reply.user_spec_json = pipeline.user_json if version.since("2.8.0") else ""
    reply.effective_spec_json = pipeline.effective_json
    if details:
        protos.copy_fields(request, reply.details)
        reply.details.salt, reply.details.created_by = pipeline.salt, pipeline.created_by
        reply.details.created_at.seconds = NOW
        if version.since("2.11.0"):
            reply.details.updated_at.seconds = NOW + pipeline.version - 1


@rpc("pps.API/InspectPipeline", pps.InspectPipelineRequest, last="1.13.99")
@rpc("pps_v2.API/InspectPipeline", pps_v2.InspectPipelineRequest, first="2.0.0")
def inspect_pipeline(call, request):
    return info(call, find(call, request.pipeline), getattr(request, "details", False))


def find(call, pipeline, state=None):
    project = pipeline.project.name if call.server.version.has_projects else ""
    return call.server.store.pipeline(project, pipeline.name, state)


def _listed(call, request):
    """The pipelines asked for, each followed by as many older versions as wanted."""
    wanted = {project.name for project in getattr(request, "projects", [])}
    out = []
    for key, pipeline in sorted(call.server.store.state.pipelines.items()):
        if wanted and key[0] not in wanted:
            continue
        if request.pipeline.name and find(call, request.pipeline) != pipeline:
            continue
        older = pipeline.history if request.history < 0 else pipeline.history[: request.history]
        out += [pipeline, *older]
    return [info(call, one, getattr(request, "details", False)) for one in out]


@rpc("pps.API/ListPipeline", pps.ListPipelineRequest, last="1.13.99")
def list_pipeline_1(call, request):
    return pps.PipelineInfos(pipeline_info=_listed(call, request))


@rpc("pps_v2.API/ListPipeline", pps_v2.ListPipelineRequest, first="2.0.0")
def list_pipeline_2(call, request):
    return _listed(call, request)


# -- writing -------------------------------------------------------------------------------------


def direct_checks(call, request):
    """What the RPC checks and an element of a batch does not."""
    store, version = call.server.store, call.server.version
    if request.HasField("pipeline"):
        project = request.pipeline.project.name if version.has_projects else ""
        if (project, request.pipeline.name) not in store.state.pipelines:
            store.check_license(request)
    validate.secrets(request, store.secrets, version)


def write(call, request, **kept):
    """Creates the pipeline now, or puts it on the list of the caller's transaction."""
    server = call.server
    if call.transaction and server.version.since("1.12.0"):
        append(call, [("create_pipeline", request, kept)])
        return
    commit = server.store.new_id("commit")
    state = server.store.state.copy()
    authorize = server.auth.authorizer(call.caller, state)
    server.store.create_pipeline(state, request, commit, authorize, **kept)
    server.store.commit(state, commit)


@rpc("pps.API/CreatePipeline", pps.CreatePipelineRequest, last="1.13.99", waits=True)
def create_pipeline_1(call, request):
    version, harmed = call.server.version, ""
    if version.since("1.12.0"):
        with call.server.lock:
            write(call, request)
        return [extra.Empty()]
    if version.since("1.9.0") and call.transaction:
        harmed = "CreatePipeline carried a transaction that this release cannot join"
    _in_steps(call, request, harmed)
    return [extra.Empty()]


def _in_steps(call, request, harmed):
    """Below 1.12: makes the repo or stops the pipeline, stores the spec, and starts it (again). What is done
    stays done when a step fails, or when the caller has gone by then."""
    server, store = call.server, call.server.store
    gone = not call.context.is_active()
    with server.lock:
        state = store.state.copy()
        key, filled = store.check(state, request, server.auth.authorizer(call.caller, state))
        state.cut.add(key)
        state.repos.setdefault(key, "output repo")
        store.state = state
    _pause(call)
    with server.lock:
        state = store.state.copy()
        state.written = []
        store.put(state, request, filled, store.new_id("commit"), harmed=harmed)
        store.commit(state, "")
    _pause(call)
    if gone:
        raise Fail(CANCELLED, "context canceled")
    with server.lock:
        state = store.state.copy()
        store.join(state, key)
        state.written = [key]
        store.commit(state, "")


def _pause(call):
    """As long as the configuration says; fails when the caller goes meanwhile."""
    time.sleep(call.server.config.get("step_ms", 0) / 1000)
    if call.server.config.get("step_ms") and not call.context.is_active():
        raise Fail(CANCELLED, "context canceled")


@rpc("pps_v2.API/CreatePipeline", pps_v2.CreatePipelineRequest, first="2.0.0")
def create_pipeline_2(call, request):
    if call.server.version.since("2.8.0"):
        text = json_format.MessageToJson(request, indent=None)
        validate.request(request, call.server.version)
        _create_v2(call, text, request.dry_run, request.update, request.reprocess)
        return extra.Empty()
    if call.server.version.has_projects and not request.pipeline.project.name:
        if request.HasField("pipeline"):
            request.pipeline.project.name = "default"
    direct_checks(call, request)
    write(call, request)
    return extra.Empty()


@rpc("pps_v2.API/CreatePipelineV2", pps_v2.CreatePipelineV2Request, first="2.8.0")
def create_pipeline_v2(call, request):
    effective = _create_v2(call, request.create_pipeline_request_json, request.dry_run,
                           request.update, request.reprocess)
    return pps_v2.CreatePipelineV2Response(effective_create_pipeline_request_json=effective)


def _create_v2(call, text, dry_run, update, reprocess):
    request, effective, stored = call.server.defaults.effective(text, update, reprocess)
    if dry_run:
        return effective
    direct_checks(call, request)
    author = call.caller.get("user", "") if call.server.version.since("2.11.0") else ""
    write(call, request, user_json=text, effective_json=stored, created_by=author)
    return effective


def set_stopped(call, request, stopped):
    store = call.server.store
    pipeline = find(call, request.pipeline)
    state = store.state.copy()
    call.server.auth.authorizer(call.caller, state)("update", pipeline.key, [])
    kept = {}
    if call.server.version.line == 1:  # it is stored as one more state of the same version
        kept = {"history": (replace(pipeline, history=()), *pipeline.history),
                "spec_commit": store.new_id("commit")}
    state.pipelines[pipeline.key] = replace(pipeline, stopped=stopped, **kept)
    store.state = state
    store.looks[pipeline.key] = [["running"], 0]
    if not stopped and pipeline.stopped and call.server.version.line == 2:
        store.catch_up(pipeline.key)
    return extra.Empty()


@rpc("pps.API/StopPipeline", pps.StopPipelineRequest, last="1.13.99")
@rpc("pps_v2.API/StopPipeline", pps_v2.StopPipelineRequest, first="2.0.0")
def stop_pipeline(call, request):
    return set_stopped(call, request, True)


@rpc("pps.API/StartPipeline", pps.StartPipelineRequest, last="1.13.99")
@rpc("pps_v2.API/StartPipeline", pps_v2.StartPipelineRequest, first="2.0.0")
def start_pipeline(call, request):
    return set_stopped(call, request, False)
