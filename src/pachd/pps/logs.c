#include "pachd/pps/logs.h"

#include <string.h>

#include "base/arena.h"
#include "google/protobuf/duration.pb-c.h"
#include "pachd/rpc.h"
#include "pipeline/progress.h"
#include "pps.pb-c.h"
#include "pps_v2.pb-c.h"

enum {
	LOOK_MS = 30000,      /* logs and events are extras: they must not hold up the verdict */
	EVENTS_SINCE_S = 600, /* how far back events are asked for */
};

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
	if (p->generation->api == API_1)
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
	struct call call = rpc_call(p, METHOD_GET_LOGS);
	struct tail tail = { lines, most, 0 };
	struct err ignored;

	call.timeout_ms = LOOK_MS;
	call.request = logs_request(p, scratch, job, most);
	if (rpc_send(p, scratch, &call, &ignored) < 0)
		return 0;
	for (size_t i = 0; i < call.reply_count; i++) {
		ProtobufCMessage *m =
		    message_read(scratch, rpc_method(p, METHOD_GET_LOGS)->reply, call.replies[i]);

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
	struct call call;
	struct str pod =
	    arena_fmt(scratch, "%.*s-v", STR_FMT(kubernetes_name(scratch, target->name)));
	struct tail tail = { lines, most, 0 };
	struct err ignored;

	if (!rpc_exists(p, METHOD_GET_KUBE_EVENTS))
		return 0;
	call = rpc_call(p, METHOD_GET_KUBE_EVENTS);
	call.timeout_ms = LOOK_MS;
	since.seconds = EVENTS_SINCE_S;
	request.since = &since;
	call.request = message_pack(scratch, &request.base);
	if (rpc_send(p, scratch, &call, &ignored) < 0)
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
