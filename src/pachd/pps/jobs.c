#include "pachd/pps/jobs.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "pachd/pps/pps_private.h"
#include "pipeline/progress.h"

enum { FLUSH_MS = 5000 }; /* how long one look waits for jobs to end (1.x) */

/* A google.protobuf.Timestamp in ns since 1970; 0 where it is not set, or out of range (before 1970, from 2200
 * on). */
static int64_t
moment(const ProtobufCMessage *m)
{
	int64_t s = message_int(m, "seconds"), ns = message_int(m, "nanos");

	return s > 0 && s < INT64_C(7258118400) && ns >= 0 && ns < 1000000000 ? s * 1000000000 + ns
	                                                                      : 0;
}

struct job
job_read(struct arena *a, const ProtobufCMessage *info)
{
	const ProtobufCMessage *id = message_message(info, "job");
	const ProtobufCMessage *pipeline = message_message(id, "pipeline");
	struct pachd_target target;
	struct job job = {
		.id = message_string(id, "id"),
		.state = state_name(a, info, "state", "JOB_"),
		.reason = message_string(info, "reason"),
		.total = message_int(info, "data_total"),
		.processed = message_int(info, "data_processed"),
		.skipped = message_int(info, "data_skipped"),
		.failed = message_int(info, "data_failed"),
		.started_ns = moment(message_message(info, "started")),
		.finished_ns = moment(message_message(info, "finished")),
		.written = message_int(message_message(info, "stats"), "upload_bytes"),
	};

	if (!pipeline)
		pipeline = message_message(info, "pipeline");
	target = target_read(pipeline);
	job.pipeline = target.name;
	job.project = target.project;
	return job;
}

/* By pipeline, then by start; jobs that have not started come last. */
static int
by_pipeline(const void *left, const void *right)
{
	const struct job *a = left, *b = right;
	int order = str_cmp(a->project, b->project);

	if (order == 0)
		order = str_cmp(a->pipeline, b->pipeline);
	if (order == 0 && (a->started_ns == 0) != (b->started_ns == 0))
		order = a->started_ns == 0 ? 1 : -1;
	if (order == 0)
		order = (a->started_ns > b->started_ns) - (a->started_ns < b->started_ns);
	return order ? order : str_cmp(a->id, b->id);
}

static void
jobs_sort(struct jobs *jobs)
{
	if (jobs->count > 1)
		qsort(jobs->list, jobs->count, sizeof(*jobs->list), by_pipeline);
}

static struct job *
add_job(struct jobs *jobs, size_t *room, struct arena *a)
{
	jobs->list = arena_grow(a, jobs->list, jobs->count, room, sizeof(*jobs->list));
	return &jobs->list[jobs->count++];
}

/* Reads the JobInfos of some calls into one sorted list. */
static int
jobs_read(const struct pachd *p, struct arena *scratch, const struct call *calls, size_t count,
    struct jobs *out, struct err *err)
{
	size_t room = 0;

	*out = (struct jobs){ 0 };
	for (size_t i = 0; i < count; i++) {
		if (calls[i].status != GRPC_OK) {
			(void)rpc_error(p, &calls[i], err);
			return err_wrap(err, "cannot read the jobs");
		}
		for (size_t j = 0; j < calls[i].reply_count; j++) {
			ProtobufCMessage *info = message_read(
			    scratch, rpc_method(p, METHOD_INSPECT_JOB)->reply, calls[i].replies[j]);

			if (!info)
				return err_set(err, ERR_NETWORK, "cannot parse the list of jobs");
			*add_job(out, &room, scratch) = job_read(scratch, info);
		}
	}
	jobs_sort(out);
	return 0;
}

static struct str
set_request(const struct pachd *p, struct arena *a, struct str id)
{
	ProtobufCMessage *m = rpc_request(p, a, METHOD_INSPECT_JOB_SET);

	build_string(a, build_message(a, m, "job_set"), "id", id);
	return message_pack(a, m);
}

int
pachd_jobs(struct pachd *p, struct arena *scratch, const struct str *ids, size_t count,
    struct jobs *out, struct err *err)
{
	struct call *calls = ARENA_ARRAY(scratch, count, struct call);
	size_t known = 0;

	for (size_t i = 0; i < count; i++) {
		calls[i] = rpc_call(p, METHOD_INSPECT_JOB_SET);
		calls[i].request = set_request(p, scratch, ids[i]);
	}
	if (channel_run(p->channel, calls, count, scratch, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (!is_missing_id(&calls[i], str_of(arena_cstr(scratch, ids[i]))))
			calls[known++] = calls[i];
	return jobs_read(p, scratch, calls, known, out, err);
}

static struct str
flush_request(const struct pachd *p, struct arena *a, const struct pachd_target *target,
    struct str spec_commit)
{
	ProtobufCMessage *m = rpc_request(p, a, METHOD_FLUSH_JOB);
	ProtobufCMessage *commit = build_element(a, m, "commits");

	build_string(a, build_message(a, commit, "repo"), "name", STR("__spec__"));
	build_string(a, commit, "id", spec_commit);
	build_string(a, build_element(a, m, "to_pipelines"), "name", target->name);
	return message_pack(a, m);
}

/* Whether the call was ended by its own timeout, not by the deadline of the run. */
static bool
is_pending(const struct pachd *p, const struct call *call)
{
	if (call->answered)
		return call->status == GRPC_DEADLINE_EXCEEDED;
	return call->why.kind == ERR_TIMEOUT
	       && (p->opts.deadline_ms == 0 || clock_ms() < p->opts.deadline_ms);
}

int
pachd_flush(struct pachd *p, struct arena *scratch, const struct pachd_deployed_list *seen,
    struct jobs *out, struct err *err)
{
	struct call *calls = ARENA_ARRAY(scratch, seen->count, struct call);
	const struct pachd_target **targets =
	    ARENA_ARRAY(scratch, seen->count, const struct pachd_target *);
	/* half of the time that is left: the deadline must not end the run before it knows what is missing */
	int64_t timeout_ms = share_ms(p, 2, FLUSH_MS);
	bool *pending = ARENA_ARRAY(scratch, seen->count, bool);
	size_t used = 0, room;
	int rc;

	for (size_t i = 0; i < seen->count; i++) {
		const struct deployed *live = &seen->live[i];

		if (live->endless || live->stopped || live->spec_commit.len == 0)
			continue;
		targets[used] = &seen->targets[i];
		calls[used] = rpc_call(p, METHOD_FLUSH_JOB);
		calls[used].timeout_ms = timeout_ms;
		calls[used++].request =
		    flush_request(p, scratch, &seen->targets[i], live->spec_commit);
	}
	rc = channel_run(p->channel, calls, used, scratch, err);
	for (size_t i = 0; i < used; i++) {
		if (rc < 0 && !calls[i].answered && !is_pending(p, &calls[i])) {
			*err = calls[i].why;
			return -1;
		}
		pending[i] = is_pending(p, &calls[i]);
		if (pending[i])
			calls[i].status = GRPC_OK; /* the jobs that have come count */
	}
	if (jobs_read(p, scratch, calls, used, out, err) < 0)
		return -1;
	room = out->count;
	for (size_t i = 0; i < used; i++)
		if (pending[i]) /* the server reports the job when it has ended */
			*add_job(out, &room, scratch) =
			    (struct job){ .project = targets[i]->project,
				    .pipeline = targets[i]->name,
				    .state = STR("running") };
	jobs_sort(out);
	return 0;
}
