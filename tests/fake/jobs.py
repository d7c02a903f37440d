"""Jobs, job sets and logs."""

import files
import protos
from pipelines import find, job_state_number, spec_commit
from protos import extra, pps, pps_v2
from rpc import rpc
from store import NOW
from versions import Fail


def job_info(call, job, look=True, listed=False):
    version = call.server.version
    pipeline = call.server.store.state.pipelines.get(job.key)
    reply = (pps_v2 if version.line == 2 else pps).JobInfo()
    reply.job.id, reply.pipeline_version = job.id, job.version
    if listed and not version.since("1.9.0"):
        reply.pipeline_version = 0  # InspectJob alone says it
    reply.state = job_state_number(call, job.look() if look else job.state)
    reply.started.seconds = NOW + job.number
    reply.reason = call.server.config.get("job_reasons", {}).get(job.key[1], job.reason if job.done else "")
    if job.done:
        reply.finished.seconds = NOW + job.number + 1
        names = call.server.config.get("datums", {})
        total = names.get(call.server.store.show(job.key), names.get(job.key[1], 1))
        reply.data_total = reply.data_processed = total
        if version.line == 2:
            made = [one for one in call.server.store.commits.all if one.job is job]
            reply.stats.upload_bytes = sum(len(data) for one in made for data in one.files.values())
    if version.line == 1:
        reply.pipeline.name = job.key[1]
        reply.spec_commit.id, reply.spec_commit.repo.name = job.spec_commit, "__spec__"
        return protos.forget_zeros(reply)
    reply.job.pipeline.name = job.key[1]
    if version.has_projects:
        reply.job.pipeline.project.name = job.key[0]
    if pipeline:
        spec_commit(reply.output_commit, pipeline, version)
        reply.output_commit.branch.repo.type, reply.output_commit.id = "user", job.id
        if version.since("2.6.0"):
            reply.output_commit.repo.type = "user"
    return protos.forget_zeros(reply)


def _finish(job):
    """Steps to the end of the job's script: what a waiting caller sees."""
    job.seen = len(job.script) - 1
    return job.done


def _find_job(call, key, job_id):
    for job in call.server.store.jobs:
        if job.id == job_id and key in (None, job.key):
            return job
    raise Fail(call.server.version.code("job not found"), f"job {job_id} not found")


@rpc("pps.API/InspectJob", pps.InspectJobRequest, last="1.13.99", waits=True)
@rpc("pps_v2.API/InspectJob", pps_v2.InspectJobRequest, first="2.0.0", waits=True)
def inspect_job(call, request):
    key, wait = None, getattr(request, "block_state", False) or getattr(request, "wait", False)
    if call.server.version.line == 2:
        pipeline = request.job.pipeline
        project = (pipeline.project.name or "default") if call.server.version.has_projects else ""
        key = project, pipeline.name
    with call.server.lock:
        job = _find_job(call, key, request.job.id)
    if wait:
        call.wait_until(lambda: _finish(job))
    with call.server.lock:
        return [job_info(call, job)]


@rpc("pps_v2.API/InspectJobSet", pps_v2.InspectJobSetRequest, first="2.0.0", waits=True)
def inspect_job_set(call, request):
    with call.server.lock:
        found = [job for job in call.server.store.jobs if job.id == request.job_set.id]
    for job in found if request.wait else []:
        call.wait_until(lambda job=job: _finish(job))
    with call.server.lock:
        return [job_info(call, job) for job in found]


def _jobs_of(call, request):
    if call.server.version.line == 1 and request.HasField("output_commit"):
        made = [one for one in call.server.store.commits.all
                if one.id == request.output_commit.id and one.key[1] == request.output_commit.repo.name]
        return [one.job for one in made if one.job]
    if not request.pipeline.name:
        return list(call.server.store.jobs)
    wanted = find(call, request.pipeline).key
    return [job for job in call.server.store.jobs if job.key == wanted]


@rpc("pps.API/ListJob", pps.ListJobRequest, last="1.13.99")
def list_job_1(call, request):
    return pps.JobInfos(job_info=[job_info(call, job, listed=True) for job in _jobs_of(call, request)])


@rpc("pps.API/ListJobStream", pps.ListJobRequest, last="1.13.99")
@rpc("pps_v2.API/ListJob", pps_v2.ListJobRequest, first="2.0.0")
def list_job_stream(call, request):
    newest_first = list(reversed(_jobs_of(call, request)))
    number = getattr(request, "number", 0)
    return [job_info(call, job, listed=True) for job in newest_first[: number or None]]


def _sources(call, job):
    """The ids of all commits that the job's output came from."""
    for one in call.server.store.commits.all:
        if one.job is job:
            return {other.id for other in files.ancestors(one)}
    return set()


@rpc("pps.API/FlushJob", pps.FlushJobRequest, last="1.13.99", waits=True)
def flush_job(call, request):
    commits = {commit.id.removesuffix("~0") for commit in request.commits}
    names = {pipeline.name for pipeline in request.to_pipelines}
    with call.server.lock:
        found = [job for job in call.server.store.jobs
                 if (job.spec_commit in commits or _sources(call, job) & commits)
                 and (not names or job.key[1] in names)]
    for job in found:
        call.wait_until(lambda job=job: _finish(job))
    with call.server.lock:
        return [job_info(call, job) for job in found]


@rpc("pps_v2.API/SubscribeJob", extra.SubscribeJobRequest, first="2.0.0", waits=True)
def subscribe_job(call, request):
    """The jobs that there are; unlike the real one it ends instead of following new ones."""
    with call.server.lock:
        return [job_info(call, job) for job in _jobs_of(call, request)]


@rpc("pps.API/GetLogs", pps.GetLogsRequest, last="1.13.99")
@rpc("pps_v2.API/GetLogs", pps_v2.GetLogsRequest, first="2.0.0")
def get_logs(call, request):
    version = call.server.version
    name = request.pipeline.name or (
        request.job.pipeline.name if version.line == 2
        else _find_job(call, None, request.job.id).key[1]
    )
    if request.pipeline.name:
        find(call, request.pipeline)
    lines = call.server.config.get("logs", {}).get(name, [])
    out = []
    for line in lines[-request.tail :] if request.tail else lines:
        one = (pps_v2 if version.line == 2 else pps).LogMessage(pipeline_name=name, message=line)
        one.job_id, one.user, one.ts.seconds = request.job.id, True, NOW
        out.append(protos.forget_zeros(one))
    return out
