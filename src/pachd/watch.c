#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "google/protobuf/duration.pb-c.h"
#include "pachd/inspect.h"
#include "pipeline/progress.h"
#include "pps.pb-c.h"
#include "pps_v2.pb-c.h"

enum {
	LOOK_MS = 30000,      /* logs and events are extras: they must not hold up the verdict */
	FLUSH_MS = 5000,      /* how long one look waits for jobs to end (1.x) */
	EVENTS_SINCE_S = 600, /* how far back events are asked for */
};

typedef int asking(struct channel *, struct call *, size_t, struct arena *, struct err *);

static int
poll_by(asking *ask, struct pachd *p, struct arena *scratch, const struct pachd_target *targets,
    size_t count, struct live *out, struct err *err)
{
	struct question q = { p->generation->line, targets, count, NULL };
	size_t used;

	q.calls = ARENA_ARRAY(scratch, question_calls(count), struct call);
	used = question_ask(&q, scratch);
	if (ask(p->channel, q.calls, used, scratch, err) < 0)
		return -1;
	return question_learn(&q, p, scratch, out, err);
}

int
pachd_poll(struct pachd *p, struct arena *scratch, const struct pachd_target *targets, size_t count,
    struct live *out, struct err *err)
{
	return poll_by(channel_run, p, scratch, targets, count, out, err);
}

int
pachd_see(struct pachd *p, struct arena *scratch, const struct pachd_target *targets, size_t count,
    struct live *out, struct err *err)
{
	return poll_by(channel_ask, p, scratch, targets, count, out, err);
}

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

static struct job
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
	const ProtobufCMessageDescriptor *type = p->generation->line == &line_2
	                                             ? &pps_v2__job_info__descriptor
	                                             : &pps__job_info__descriptor;
	size_t room = 0;

	*out = (struct jobs){ 0 };
	for (size_t i = 0; i < count; i++) {
		if (calls[i].status != GRPC_OK) {
			(void)refused(p, &calls[i], err);
			return err_wrap(err, "cannot read the jobs");
		}
		for (size_t j = 0; j < calls[i].reply_count; j++) {
			ProtobufCMessage *info = message_read(scratch, type, calls[i].replies[j]);

			if (!info)
				return err_set(err, ERR_NETWORK, "the list of jobs cannot be read");
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

	for (size_t i = 0; i < count; i++)
		calls[i] = (struct call){ .method = "/pps_v2.API/InspectJobSet",
			.streams = true,
			.request = set_request(scratch, ids[i]) };
	if (channel_run(p->channel, calls, count, scratch, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (!is_no_such_id(&calls[i], str_of(arena_cstr(scratch, ids[i]))))
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

/* A job that the server has not told of yet: it does when the job has ended. */
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
pachd_flush(struct pachd *p, struct arena *scratch, const struct pachd_seen *seen, struct jobs *out,
    struct err *err)
{
	struct call *calls = ARENA_ARRAY(scratch, seen->count, struct call);
	const struct pachd_target **targets =
	    ARENA_ARRAY(scratch, seen->count, const struct pachd_target *);
	/* half of the time, so that what is still missing at the end is known */
	int64_t timeout_ms = share_ms(p, 2, FLUSH_MS);
	size_t used = 0, room;
	int rc;

	for (size_t i = 0; i < seen->count; i++) {
		const struct live *live = &seen->live[i];

		if (live->endless || live->stopped || live->spec_commit.len == 0)
			continue;
		targets[used] = &seen->targets[i];
		calls[used++] = (struct call){
			.method = "/pps.API/FlushJob",
			.streams = true,
			.timeout_ms = timeout_ms,
			.request = flush_request(scratch, &seen->targets[i], live->spec_commit),
		};
	}
	rc = channel_run(p->channel, calls, used, scratch, err);
	for (size_t i = 0; i < used; i++) {
		if (rc < 0 && !calls[i].answered && !is_pending(p, &calls[i])) {
			*err = calls[i].why;
			return -1;
		}
		if (is_pending(p, &calls[i])) {
			calls[i].status = GRPC_OK; /* what has come is told */
			calls[i].timeout_ms = 0;
		}
	}
	if (jobs_read(p, scratch, calls, used, out, err) < 0)
		return -1;
	room = out->count;
	for (size_t i = 0; i < used; i++)
		if (calls[i].timeout_ms == 0)
			add_running(out, &room, scratch, targets[i]);
	jobs_sort(out);
	return 0;
}

static struct str
logs_request(const struct pachd *p, struct arena *a, const struct job *job, size_t most)
{
	Pps__Job one = PPS__JOB__INIT;
	Pps__GetLogsRequest request_one = PPS__GET_LOGS_REQUEST__INIT;
	PfsV2__Project project = PFS_V2__PROJECT__INIT;
	PpsV2__Pipeline pipeline = PPS_V2__PIPELINE__INIT;
	PpsV2__Job two = PPS_V2__JOB__INIT;
	PpsV2__GetLogsRequest request_two = PPS_V2__GET_LOGS_REQUEST__INIT;

	one.id = two.id = arena_cstr(a, job->id);
	request_one.has_tail = request_two.has_tail = 1;
	request_one.tail = request_two.tail = (int64_t)most * 4; /* the system's lines count too */
	request_one.job = &one;
	if (p->generation->line == &line_1)
		return message_pack(a, &request_one.base);
	project.name = arena_cstr(a, job->project);
	pipeline.name = arena_cstr(a, job->pipeline);
	if (p->generation->projects)
		pipeline.project = &project;
	two.pipeline = &pipeline;
	request_two.job = &two;
	return message_pack(a, &request_two.base);
}

/* Keeps the last `most` texts: lines[] is filled round and then put in order. */
struct tail {
	struct str *lines;
	size_t most, seen;
};

static void
tail_add(struct tail *t, struct str line)
{
	t->lines[t->seen++ % t->most] = str_trim(line);
}

static size_t
tail_end(struct tail *t, struct arena *a)
{
	size_t count = t->seen < t->most ? t->seen : t->most;
	struct str *copy = ARENA_ARRAY(a, count, struct str);

	for (size_t i = 0; i < count; i++)
		copy[i] = t->lines[(t->seen - count + i) % t->most];
	for (size_t i = 0; i < count; i++)
		t->lines[i] = copy[i];
	return count;
}

size_t
pachd_logs(
    struct pachd *p, struct arena *scratch, const struct job *job, size_t most, struct str *lines)
{
	bool two = p->generation->line == &line_2;
	struct call call = { .method = two ? "/pps_v2.API/GetLogs" : "/pps.API/GetLogs",
		.streams = true,
		.timeout_ms = LOOK_MS,
		.request = logs_request(p, scratch, job, most) };
	struct tail tail = { lines, most, 0 };
	struct err unheard;

	if (channel_run(p->channel, &call, 1, scratch, &unheard) < 0 || call.status != GRPC_OK)
		return 0;
	for (size_t i = 0; i < call.reply_count; i++) {
		ProtobufCMessage *m = message_read(scratch,
		    two ? &pps_v2__log_message__descriptor : &pps__log_message__descriptor,
		    call.replies[i]);

		if (m && message_flag(m, "user"))
			tail_add(&tail, message_string(m, "message"));
	}
	return tail_end(&tail, scratch);
}

/* Kubernetes names are lower case with '-' for '_' (PipelineRcName). */
static struct str
kubernetes_name(struct arena *a, struct str name)
{
	char *text = arena_cstr(a, arena_lower(a, name));

	for (char *c = text; *c; c++)
		if (*c == '_')
			*c = '-';
	return str_of(text);
}

size_t
pachd_events(struct pachd *p, struct arena *scratch, const struct pachd_target *target, size_t most,
    struct str *lines)
{
	Google__Protobuf__Duration since = GOOGLE__PROTOBUF__DURATION__INIT;
	PpsV2__LokiRequest request = PPS_V2__LOKI_REQUEST__INIT;
	struct call call = {
		.method = "/pps_v2.API/GetKubeEvents", .streams = true, .timeout_ms = LOOK_MS
	};
	struct str pod =
	    arena_fmt(scratch, "%.*s-v", STR_FMT(kubernetes_name(scratch, target->name)));
	struct tail tail = { lines, most, 0 };
	struct err unheard;

	if (p->facts.version < VERSION(2, 5, 0))
		return 0;
	since.seconds = EVENTS_SINCE_S;
	request.since = &since;
	call.request = message_pack(scratch, &request.base);
	if (channel_run(p->channel, &call, 1, scratch, &unheard) < 0 || call.status != GRPC_OK)
		return 0;
	for (size_t i = 0; i < call.reply_count; i++) {
		ProtobufCMessage *m =
		    message_read(scratch, &pps_v2__loki_log_message__descriptor, call.replies[i]);
		struct str line = m ? message_string(m, "message") : (struct str){ "", 0 };

		if (line.len > 0 && strstr(line.ptr, pod.ptr))
			tail_add(&tail, line);
	}
	return tail_end(&tail, scratch);
}
