/* The past of a pipeline: its versions, and the jobs that ran with each. */
#include <stdlib.h>

#include "base/arena.h"
#include "pachd/pfs/pfs_private.h"
#include "pachd/pps/history.h"
#include "pachd/pps/pps.h"
#include "pachd/pps/pps_private.h"

enum { MOST_JOBS = 200 }; /* that are looked at one by one, below 1.9 */

/* Versions that are being read. */
struct versions {
	const struct pachd *p;
	struct arena *arena;
	struct pps_version *list;
	size_t count, room;
	size_t most;      /* so many are wanted */
	struct str *jobs; /* below 1.9: ids of the pipeline's jobs, as their list has no versions */
	size_t job_count, job_room;
};

static void
add_version(struct versions *v, const ProtobufCMessage *info)
{
	const ProtobufCMessage *details = message_message(info, "details");
	/* 2.11: the first version's time and author are kept in all that follow */
	int64_t updated_s = message_int(message_message(details, "updated_at"), "seconds");
	struct pps_version *one;
	struct deployed live;

	deployed_read(v->arena, v->p->generation->api, info, &live);
	for (size_t i = 0; i < v->count; i++)
		if (v->list[i].version == live.version)
			return; /* below 2.0 each stop and start is in the history, too */
	v->list = arena_grow(v->arena, v->list, v->count, &v->room, sizeof(*v->list));
	one = &v->list[v->count++];
	*one = (struct pps_version){ .version = live.version,
		.image = live.image,
		.created_by = live.version == 1 ? message_string(details, "created_by") : STR(""),
		.git_commit = live.commit,
		.spec_commit = live.spec_commit,
		.created_s = updated_s > 0 ? updated_s
		                           : message_int(message_message(details ? details : info,
		                                             "created_at"),
		                               "seconds"),
		.job_state = STR(""),
		.job = STR("") };
}

static bool
take_step(void *ctx, const struct ProtobufCMessage *info)
{
	struct versions *v = ctx;

	add_version(v, info);
	return v->count < v->most;
}

/* Below 1.9, where ListPipeline takes no arguments and lists all pipelines: what is live, and in 1.8 what was
 * before. */
static int
list_old_versions(
    struct versions *v, struct pachd *p, const struct pachd_target *target, struct err *err)
{
	struct call call = rpc_call(p, METHOD_INSPECT_PIPELINE);
	ProtobufCMessage *info;

	call.request = inspect_request(v->arena, p->generation->api, target);
	if (rpc_ask(p, v->arena, &call, err) < 0
	    || rpc_reply(p, v->arena, METHOD_INSPECT_PIPELINE, &call, &info, err) < 0)
		return -1;
	add_version(v, info);
	if (!p->facts.versions || v->most < 2)
		return 0;
	return pachd_walk_back(p, v->arena, target, take_step, v, err);
}

static int
list_versions(
    struct versions *v, struct pachd *p, const struct pachd_target *target, struct err *err)
{
	ProtobufCMessage *m = rpc_request(p, v->arena, METHOD_LIST_PIPELINE);
	struct call call = rpc_call(p, METHOD_LIST_PIPELINE);
	struct rpc_list infos;

	if (p->facts.release < RELEASE(1, 9, 0))
		return list_old_versions(v, p, target, err);
	pps_build_pipeline(p, v->arena, m, target);
	message_set_int(m, "history", -1);
	if (!is_1x(p))
		build_flag(m, "details");
	call.request = message_pack(v->arena, m);
	if (rpc_ask(p, v->arena, &call, err) < 0)
		return -1;
	if (!rpc_read_list(p, v->arena, METHOD_LIST_PIPELINE, "pipeline_info", &call, &infos))
		return err_set(err, ERR_NETWORK, "the versions cannot be read");
	for (size_t i = 0; i < infos.count; i++)
		add_version(v, infos.list[i]);
	return 0;
}

static int
newest_first(const void *left, const void *right)
{
	const struct pps_version *a = left, *b = right;

	return (a->version < b->version) - (a->version > b->version);
}

static void
note_job(struct versions *v, uint64_t version, const struct job *job)
{
	for (size_t i = 0; i < v->count; i++)
		if (v->list[i].version == version && v->list[i].job.len == 0) {
			v->list[i].job = arena_str(v->arena, job->id);
			v->list[i].job_state = arena_str(v->arena, job->state);
		}
}

/* The newest job comes first, in both interfaces: the first of a version is its last job. */
static int
take_job(void *ctx, struct str message, struct err *err)
{
	struct versions *v = ctx;
	struct arena *scratch = arena_like(v->arena);
	ProtobufCMessage *info =
	    message_read(scratch, rpc_method(v->p, METHOD_LIST_JOB)->reply, message);
	uint64_t version = info ? (uint64_t)message_int(info, "pipeline_version") : 0;
	int rc = info ? 0 : err_set(err, ERR_NETWORK, "the list of jobs cannot be read");

	if (info && version > 0) {
		struct job job = job_read(scratch, info);

		note_job(v, version, &job);
	} else if (info && v->job_count < MOST_JOBS) {
		v->jobs =
		    arena_grow(v->arena, v->jobs, v->job_count, &v->job_room, sizeof(*v->jobs));
		v->jobs[v->job_count++] = arena_str(v->arena, job_read(scratch, info).id);
	}
	arena_free(scratch);
	return rc;
}

static bool
lacks_jobs(const struct versions *v)
{
	for (size_t i = 0; i < v->count; i++)
		if (v->list[i].job.len == 0)
			return true;
	return false;
}

/* Asks for the jobs that were listed without a version, the newest first, until each version has its last job. */
static int
inspect_jobs(struct versions *v, struct pachd *p, struct err *err)
{
	for (size_t i = 0; i < v->job_count && lacks_jobs(v); i++) {
		struct arena *scratch = arena_like(v->arena);
		uint64_t version = 0;
		struct job job = { .id = v->jobs[i] };
		int rc = pps_inspect_job(p, scratch, &job, &job, &version, err);

		if (rc == 0)
			note_job(v, version, &job);
		arena_free(scratch);
		if (rc < 0)
			return -1;
	}
	return 0;
}

static int
list_jobs(struct versions *v, struct pachd *p, const struct pachd_target *target, struct err *err)
{
	ProtobufCMessage *m = rpc_request(p, v->arena, METHOD_LIST_JOB);
	struct call_sink sink = { .take = take_job, .ctx = v };
	struct call call = rpc_call(p, METHOD_LIST_JOB);

	call.sink = &sink;
	pps_build_pipeline(p, v->arena, m, target);
	if (p->facts.release >= RELEASE(1, 9, 0)) {
		message_set_int(m, "history", -1);
		if (is_1x(p))
			build_flag(m, "full"); /* else the answer has no versions */
	}
	call.request = message_pack(v->arena, m);
	return rpc_send(p, v->arena, &call, err) < 0 ? -1 : inspect_jobs(v, p, err);
}

int
pps_versions(struct pachd *p, struct arena *a, const struct pachd_target *target,
    const struct pps_past *wanted, struct pps_version **out, size_t *count, struct err *err)
{
	struct versions v = { .p = p, .arena = a, .most = wanted->most };

	if (list_versions(&v, p, target, err) < 0)
		return -1;
	if (v.count > 1)
		qsort(v.list, v.count, sizeof(*v.list), newest_first);
	if (v.count > v.most)
		v.count = v.most;
	if (wanted->jobs && authors_read(p, a, target, v.list, v.count, err) < 0)
		return -1;
	if (wanted->jobs && v.count > 0 && list_jobs(&v, p, target, err) < 0)
		return -1;
	*out = v.list;
	*count = v.count;
	return 0;
}

/* From 2.0 on a job has the id of the commit that it writes. */
static int
ask_by_id(struct pachd *p, struct arena *a, const struct pfs_ref *commit, struct call *call,
    struct err *err)
{
	ProtobufCMessage *m = rpc_request(p, a, METHOD_INSPECT_JOB);
	const struct job job = {
		.id = commit->ref, .project = commit->project, .pipeline = commit->repo
	};

	pps_build_job(p, a, m, &job);
	*call = rpc_call(p, METHOD_INSPECT_JOB);
	call->request = message_pack(a, m);
	return rpc_ask(p, a, call, err);
}

static int
ask_by_output(struct pachd *p, struct arena *a, const struct pfs_ref *commit, struct call *call,
    struct err *err)
{
	ProtobufCMessage *m = rpc_request(p, a, METHOD_LIST_JOB);

	pfs_build_commit(p, a, m, "output_commit", commit);
	if (p->facts.release >= RELEASE(1, 9, 0))
		build_flag(m, "full");
	*call = rpc_call(p, METHOD_LIST_JOB);
	call->request = message_pack(a, m);
	return rpc_ask(p, a, call, err);
}

int
pps_job_of(struct pachd *p, struct arena *a, const struct pfs_ref *commit, bool *found,
    struct job *job, uint64_t *version, struct err *err)
{
	ProtobufCMessage *info;
	struct call call = { 0 };
	int rc = is_1x(p) ? ask_by_output(p, a, commit, &call, err)
	                  : ask_by_id(p, a, commit, &call, err);

	*found = false;
	if (rc < 0)
		return pfs_is_missing(&call) ? 0 : -1;
	if (call.reply_count == 0)
		return 0;
	if (rpc_reply(p, a, METHOD_INSPECT_JOB, &call, &info, err) < 0)
		return -1;
	*found = true;
	*job = job_read(a, info);
	*version = (uint64_t)message_int(info, "pipeline_version");
	if (*version > 0 || !is_1x(p))
		return 0;
	return pps_inspect_job(p, a, job, job, version, err); /* below 1.9 a list has no version */
}
