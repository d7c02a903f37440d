"""Deleting pipelines and repos, in the order and with the refusals of each line of releases.

aps is src/server/pps/server/api_server.go, drv src/server/pfs/server/driver.go of the release that is named."""

import time

import validate
from pipelines import find, set_stopped
from protos import extra, pfs, pfs_v2, pps, pps_v2
from rpc import rpc
from versions import CANCELLED, UNKNOWN, Fail


def readers(store, state, key):
    """[(key, branch)] of the pipelines whose output branch takes from a branch of the repo; of those that are stopped
    none does."""
    found = []
    for one in state.pipelines.values():
        if one.stopped or one.key in state.cut or one.key == key:
            continue
        if key in store.sources(one.request):
            found.append((one.key, one.request.output_branch or "master"))
    return found


def forget(store, state, key):
    """Drops the repo and all that is in it."""
    del state.repos[key]
    store.notes.repos.pop(key, None)
    store.commits.heads = {at: head for at, head in store.commits.heads.items() if at[0] != key}


def drop_repo(call, state, key, force):
    """drv:378 of v2.11.6 (src/internal/pfsdb/branches.go), drv:1905 of v2.0.8, drv:2725 of v1.13.4: a branch that others
    take from is not deleted."""
    store, v = call.server.store, call.server.version
    found = readers(store, state, key)
    if found and not force:
        names = " ".join(f"{store.show(one)}@{branch}" for one, branch in found)
        if v.since("2.6.0"):
            raise Fail(UNKNOWN, f'delete branch {store.show(key)}@master: branch "{store.show(key)}@master" cannot be'
                                f" deleted because it's in the direct provenance of [{names}]")
        raise Fail(UNKNOWN, f"delete branch {store.show(key)}@master: branch master has [{names}] as subvenance,"
                            " deleting it would break those branches")
    forget(store, state, key)


def cron_repos(state, pipeline):
    leaves = validate.leaves(pipeline.request.input) if pipeline.request.HasField("input") else []
    keys = [(pipeline.key[0], leaf.repo) for kind, leaf in leaves if kind == "cron"]
    return [key for key in keys if key in state.repos]


def may_delete(call, state, key):
    auth = call.server.auth
    if auth.active:
        auth.need(call.caller, state, "x", key)


def delete_now(call, pipeline, request):
    """What is one transaction in 2.x (aps:3128 of v2.11.6, aps:2391 of v2.0.8)."""
    store, v = call.server.store, call.server.version
    state = store.state.copy()
    may_delete(call, state, pipeline.key)
    del state.pipelines[pipeline.key]
    state.cut.discard(pipeline.key)
    if not request.keep_repo:
        drop_repo(call, state, pipeline.key, request.force)
    # cron repos are not kept, whatever is asked for (aps:3232 of v2.11.6); from 2.6 on those that the caller may not delete
    # stay, without a word (drv:345 of v2.11.6)
    for key in cron_repos(state, pipeline):
        try:
            may_delete(call, state, key)
        except Fail:
            if not v.since("2.6.0"):
                raise
            continue
        drop_repo(call, state, key, request.force)
    if request.keep_repo:
        state.repos[pipeline.key] = "output repo"
    store.state = state
    store.notes.forget_pipeline(pipeline.key)
    store.jobs = [job for job in store.jobs if job.key != pipeline.key]


def linger(call):
    """As long as the configuration says: a pipeline with many jobs takes minutes. The transaction fails when the caller goes
    meanwhile."""
    time.sleep(call.server.config.get("delete_ms", 0) / 1000)
    if call.server.config.get("delete_ms") and not call.context.is_active():
        raise Fail(CANCELLED, "context canceled")


@rpc("pps_v2.API/DeletePipeline", pps_v2.DeletePipelineRequest, first="2.0.0", waits=True)
def delete_pipeline_2(call, request):
    """aps:3101 of v2.11.6: the pipeline is stopped first, in a transaction of its own, which a refusal of the second one leaves
    as it is. What is not there is no failure, but with must_exist (2.8+)."""
    with call.server.lock:
        try:
            pipeline = find(call, request.pipeline)
        except Fail as fail:
            if request.must_exist:
                raise
            return [extra.Empty()]
        set_stopped(call, request, True)
    linger(call)
    with call.server.lock:
        delete_now(call, find(call, request.pipeline), request)
    return [extra.Empty()]


@rpc("pps.API/DeletePipeline", pps.DeletePipelineRequest, last="1.13.99", waits=True)
def delete_pipeline_1(call, request):
    """aps:3265 of v1.13.4: first the output repo, which may be refused, and nothing has changed then; the rest in steps of their
    own. Cron repos stay with keep_repo (aps:3379)."""
    with call.server.lock:
        store, v = call.server.store, call.server.version
        pipeline = find(call, request.pipeline)
        state = store.state.copy()
        may_delete(call, state, pipeline.key)
        del state.pipelines[pipeline.key]
        state.cut.discard(pipeline.key)
        if not request.keep_repo:
            drop_repo(call, state, pipeline.key, request.force)
            for key in cron_repos(state, pipeline):
                drop_repo(call, state, key, request.force)
        store.state = state
        store.jobs = [job for job in store.jobs if job.key != pipeline.key]
    linger(call)
    return [extra.Empty()]


@rpc("pfs.API/DeleteRepo", pfs.DeleteRepoRequest, last="1.13.99")
@rpc("pfs_v2.API/DeleteRepo", pfs_v2.DeleteRepoRequest, first="2.0.0")
def delete_repo(call, request):
    """drv:374 of v2.11.6: from 2.8 on a caller who may not, and a repo that is not there, are answered with OK and
    `deleted: false`."""
    store, v = call.server.store, call.server.version
    key, state = store.repo_key(request.repo), store.state.copy()
    says = v.since("2.8.0")
    if key not in state.repos:
        if says:
            return pfs_v2.DeleteRepoResponse(deleted=False)
        raise Fail(v.code("repo not found"), f"repo {store.show(key)} not found")
    try:
        may_delete(call, state, key)
    except Fail:
        if says:
            return pfs_v2.DeleteRepoResponse(deleted=False)
        raise
    if key in state.pipelines and v.line == 2:
        raise Fail(UNKNOWN, "cannot delete a repo associated with a pipeline - delete the pipeline instead")
    drop_repo(call, state, key, request.force)
    store.state = state
    return pfs_v2.DeleteRepoResponse(deleted=True) if says else extra.Empty()
