#include "pachd/pps/logs.h"

#include "base/arena.h"
#include "pachd/pps/pps_private.h"
#include "pipeline/progress.h"

enum {
	LOOK_MS = 30000, /* logs and events only explain a result: they must not delay it much */
	EVENTS_SINCE_S = 600, /* how far back events are asked for */
};

static struct str
logs_request(const struct pachd *p, struct arena *a, const struct job *job, size_t most)
{
	ProtobufCMessage *m = rpc_request(p, a, METHOD_GET_LOGS);

	pps_build_job(p, a, m, job);
	message_set_int(m, "tail", (int64_t)most * 4); /* Pachyderm's own lines count, too */
	return message_pack(a, m);
}

/* Keeps the last `most` texts: lines[] is a ring, which tail_end() puts in order. */
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
	ProtobufCMessage *request;
	struct call call;
	struct str pod =
	    arena_fmt(scratch, "%.*s-v", STR_FMT(kubernetes_name(scratch, target->name)));
	struct tail tail = { lines, most, 0 };
	struct err ignored;

	if (!rpc_exists(p, METHOD_GET_KUBE_EVENTS))
		return 0;
	call = rpc_call(p, METHOD_GET_KUBE_EVENTS);
	call.timeout_ms = LOOK_MS;
	request = rpc_request(p, scratch, METHOD_GET_KUBE_EVENTS);
	message_set_int(build_message(scratch, request, "since"), "seconds", EVENTS_SINCE_S);
	call.request = message_pack(scratch, request);
	if (rpc_send(p, scratch, &call, &ignored) < 0)
		return 0;
	for (size_t i = 0; i < call.reply_count; i++) {
		struct str line = message_string(
		    message_read(
		        scratch, rpc_method(p, METHOD_GET_KUBE_EVENTS)->reply, call.replies[i]),
		    "message");

		if (line.len > 0 && str_holds(line, pod))
			tail_add(&tail, line);
	}
	return tail_end(&tail, scratch);
}
