#include "pachd/pps/jobs.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "pachd/rpc.h"
#include "pipeline/progress.h"
#include "pps.pb-c.h"
#include "pps_v2.pb-c.h"

enum { FLUSH_MS = 5000 }; /* how long one look waits for jobs to end (1.x) */

/* "JOB_RUNNING" → "running". */
static struct str
job_state(struct arena *a, const ProtobufCMessage *info)
{
	const ProtobufCFieldDescriptor *field =
	    protobuf_c_message_descriptor_get_field_by_name(info->descriptor, "state");
	const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value(
	    field->descriptor, (int)message_int(info, "state"));

	return value ? arena_lower(a, str_tail(str_of(value->name), strlen("JOB_")))
	             : (struct str){ "", 0 };
}

/* In ns; 0 where there is none, and for what no clock shows (a year after 2200). */
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
	struct job job = {
		.id = message_string(id, "id"),
		.state = job_state(a, info),
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
	job.pipeline = message_string(pipeline, "name");
	job.project = message_string(message_message(pipeline, "project"), "name");
	if (job.project.len == 0)
		job.project = STR("default");
	return job;
}

/* What has not started comes last. */
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

/* Reads the JobInfos of some calls into one sorted list. */
static int
jobs_read(const struct pachd *p, struct arena *scratch, const struct call *calls, size_t count,
    struct jobs *out, struct err *err)
{
	const ProtobufCMessageDescriptor *type = rpc_method(p, METHOD_INSPECT_JOB)->reply;
	size_t room = 0;

	*out = (struct jobs){ 0 };
	for (size_t i = 0; i < count; i++) {
		if (calls[i].status != GRPC_OK) {
			(void)rpc_error(p, &calls[i], err);
			return err_wrap(err, "cannot read the jobs");
		}
		for (size_t j = 0; j < calls[i].reply_count; j++) {
			ProtobufCMessage *info = message_read(scratch, type, calls[i].replies[j]);

			if (!info)
				return err_set(err, ERR_NETWORK, "cannot parse the list of jobs");
			out->list =
			    arena_grow(scratch, out->list, out->count, &room, sizeof(*out->list));
			out->list[out->count++] = job_read(scratch, info);
		}
	}
	jobs_sort(out);
	return 0;
}

static struct str
set_request(struct arena *a, struct str id)
{
	PpsV2__JobSet set = PPS_V2__JOB_SET__INIT;
	PpsV2__InspectJobSetRequest request = PPS_V2__INSPECT_JOB_SET_REQUEST__INIT;

	set.id = arena_cstr(a, id);
	request.job_set = &set;
	return message_pack(a, &request.base);
}

int
pachd_jobs(struct pachd *p, struct arena *scratch, const struct str *ids, size_t count,
    struct jobs *out, struct err *err)
{
	struct call *calls = ARENA_ARRAY(scratch, count, struct call);
	size_t known = 0;

	for (size_t i = 0; i < count; i++) {
		calls[i] = rpc_call(p, METHOD_INSPECT_JOB_SET);
		calls[i].request = set_request(scratch, ids[i]);
	}
	if (channel_run(p->channel, calls, count, scratch, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (!is_missing_id(&calls[i], str_of(arena_cstr(scratch, ids[i]))))
			calls[known++] = calls[i];
	return jobs_read(p, scratch, calls, known, out, err);
}

static struct str
flush_request(struct arena *a, const struct pachd_target *target, struct str commit)
{
	Pfs__Repo repo = PFS__REPO__INIT;
	Pfs__Commit spec = PFS__COMMIT__INIT, *commits[] = { &spec };
	Pps__Pipeline pipeline = PPS__PIPELINE__INIT, *pipelines[] = { &pipeline };
	Pps__FlushJobRequest request = PPS__FLUSH_JOB_REQUEST__INIT;

	repo.name = arena_cstr(a, STR("__spec__"));
	spec.repo = &repo;
	spec.id = arena_cstr(a, commit);
	pipeline.name = arena_cstr(a, target->name);
	request.commits = commits;
	request.n_commits = 1;
	request.to_pipelines = pipelines;
	request.n_to_pipelines = 1;
	return message_pack(a, &request.base);
}

/* A job that the server has not informed of yet: it does when the job has ended. */
static void
add_running(struct jobs *jobs, size_t *room, struct arena *a, const struct pachd_target *target)
{
	jobs->list = arena_grow(a, jobs->list, jobs->count, room, sizeof(*jobs->list));
	jobs->list[jobs->count++] = (struct job){
		.project = target->project, .pipeline = target->name, .state = STR("running")
	};
}

/* Whether the call was only ended by its own time. */
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
	/* half of the time, so that what is still missing at the end is known */
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
		    flush_request(scratch, &seen->targets[i], live->spec_commit);
	}
	rc = channel_run(p->channel, calls, used, scratch, err);
	for (size_t i = 0; i < used; i++) {
		if (rc < 0 && !calls[i].answered && !is_pending(p, &calls[i])) {
			*err = calls[i].why;
			return -1;
		}
		pending[i] = is_pending(p, &calls[i]);
		if (pending[i])
			calls[i].status = GRPC_OK; /* what has come is reported */
	}
	if (jobs_read(p, scratch, calls, used, out, err) < 0)
		return -1;
	room = out->count;
	for (size_t i = 0; i < used; i++)
		if (pending[i])
			add_running(out, &room, scratch, targets[i]);
	jobs_sort(out);
	return 0;
}
