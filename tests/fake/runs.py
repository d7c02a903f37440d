"""Running pipelines now, and Kubernetes secrets."""

import base64
import json

import validate
from pipelines import find, write
from protos import extra, pps, pps_v2
from rpc import rpc
from versions import UNKNOWN, Fail


@rpc("pps.API/RunPipeline", pps.RunPipelineRequest, first="1.9.0", last="1.13.99")
@rpc("pps_v2.API/RunPipeline", pps_v2.RunPipelineRequest, first="2.0.0")
def run_pipeline(call, request):
    store, pipeline = call.server.store, find(call, request.pipeline)
    if call.server.version.line == 2:
        raise Fail(UNKNOWN, "unimplemented")
    if pipeline.stopped:
        raise Fail(UNKNOWN, f"pipeline {store.show(pipeline.key)} is stopped")
    commit_id = store.new_id("put")
    for key in store.downstream([pipeline.key]):
        store.start_job(key, commit_id)
    return extra.Empty()


@rpc("pps.API/RunCron", pps.RunCronRequest, first="1.9.10", last="1.13.99")
@rpc("pps_v2.API/RunCron", pps_v2.RunCronRequest, first="2.0.0")
def run_cron(call, request):
    store, pipeline = call.server.store, find(call, request.pipeline)
    crons = [leaf for kind, leaf in validate.leaves(pipeline.request.input) if kind == "cron"]
    if not crons:
        raise Fail(UNKNOWN, "pipeline doesn't have a cron input")
    for leaf in crons:
        key = (pipeline.project, leaf.repo)
        store.commits.write(key, "master",
                            lambda files: files.update({"/2024-01-01T00:00:00Z": b""}))
    return extra.Empty()


@rpc("pps_v2.API/RerunPipeline", pps_v2.RerunPipelineRequest, first="2.8.0")
def rerun_pipeline(call, request):
    pipeline = find(call, request.pipeline)
    again = type(pipeline.request)()
    again.CopyFrom(pipeline.request)
    again.update, again.reprocess = True, request.reprocess
    write(call, again, user_json=pipeline.user_json, effective_json=pipeline.effective_json)
    return extra.Empty()


@rpc("pps.API/CreateSecret", pps.CreateSecretRequest, first="1.10.0", last="1.13.99")
@rpc("pps_v2.API/CreateSecret", pps_v2.CreateSecretRequest, first="2.0.0")
def create_secret(call, request):
    store = call.server.store
    call.server.auth.may_inspect_secret(call.caller, "secrets")
    try:
        document = json.loads(request.file)
        name = document["metadata"]["name"]
        values = {key: base64.b64decode(one).decode() for key, one in document["data"].items()}
    except (ValueError, KeyError) as error:
        raise Fail(UNKNOWN, f"failed to unmarshal secret: {error}") from None
    call.entry["request"] = {"name": name, "type": document.get("type"), "data": values}
    if name in store.secrets or name in store.foreign_secrets:
        raise Fail(UNKNOWN, f'failed to create secret: secrets "{name}" already exists')
    store.secrets[name] = sorted(values)
    return extra.Empty()


@rpc("pps.API/DeleteSecret", pps.DeleteSecretRequest, first="1.10.0", last="1.13.99")
@rpc("pps_v2.API/DeleteSecret", pps_v2.DeleteSecretRequest, first="2.0.0")
def delete_secret(call, request):
    store, name = call.server.store, request.secret.name
    call.server.auth.may_inspect_secret(call.caller, name)
    if store.secrets.pop(name, None) is None and store.foreign_secrets.pop(name, None) is None:
        raise Fail(UNKNOWN, f'failed to delete secret: secrets "{name}" not found')
    return extra.Empty()
