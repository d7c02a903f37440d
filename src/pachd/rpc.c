#include "pachd/rpc.h"

#include <assert.h>

#include "base/arena.h"
#include "base/clock.h"
#include "wire/build.h"

const struct method *
rpc_method(const struct pachd *p, enum method_id id)
{
	return method_of(p->generation->api, id);
}

bool
rpc_exists(const struct pachd *p, enum method_id id)
{
	const struct method *method = rpc_method(p, id);

	return method->path && p->facts.release >= method->from;
}

ProtobufCMessage *
rpc_request(const struct pachd *p, struct arena *a, enum method_id id)
{
	return message_new(a, rpc_method(p, id)->request);
}

struct call
rpc_call(const struct pachd *p, enum method_id id)
{
	const struct method *method = rpc_method(p, id);

	assert(method->path);
	return (struct call){ .method = method->path, .streams = method->streams };
}

int
rpc_ask(const struct pachd *p, struct arena *a, struct call *call, struct err *err)
{
	if (channel_ask(p->channel, call, 1, a, err) < 0)
		return -1;
	return call->status == GRPC_OK ? 0 : rpc_error(p, call, err);
}

int
rpc_send(const struct pachd *p, struct arena *a, struct call *call, struct err *err)
{
	if (channel_run(p->channel, call, 1, a, err) < 0)
		return -1;
	return call->status == GRPC_OK ? 0 : rpc_error(p, call, err);
}

int
rpc_reply(const struct pachd *p, struct arena *a, enum method_id id, const struct call *call,
    ProtobufCMessage **out, struct err *err)
{
	*out = call->reply_count > 0 ? message_read(a, rpc_method(p, id)->reply, call->replies[0])
	                             : NULL;
	return *out ? 0 : err_set(err, ERR_NETWORK, "the cluster's answer cannot be read");
}

ProtobufCMessage *
rpc_answer(const struct pachd *p, struct arena *a, enum method_id id, const struct call *call)
{
	return call->status == GRPC_OK && call->reply_count > 0
	           ? message_read(a, rpc_method(p, id)->reply, call->replies[0])
	           : NULL;
}

bool
rpc_read_list(const struct pachd *p, struct arena *a, enum method_id id, const char *member,
    const struct call *call, struct rpc_list *out)
{
	const struct method *method = rpc_method(p, id);
	const ProtobufCMessage *whole;

	*out = (struct rpc_list){ .list = ARENA_ARRAY(a, call->reply_count, ProtobufCMessage *) };
	for (; out->count < call->reply_count; out->count++) {
		out->list[out->count] = message_read(a, method->reply, call->replies[out->count]);
		if (!out->list[out->count])
			return false;
	}
	if (method->streams || out->count == 0)
		return true;
	whole = out->list[0];
	*out = (struct rpc_list){ message_list(whole, member), message_count(whole, member) };
	return true;
}

void
rpc_add_project(struct arena *a, ProtobufCMessage *request, struct str project)
{
	/* the last one first: targets of one project mostly follow each other */
	for (size_t i = message_count(request, "projects"); i-- > 0;)
		if (str_eq(message_string(message_list(request, "projects")[i], "name"), project))
			return;
	build_string(a, build_element(a, request, "projects"), "name", project);
}

int64_t
share_ms(const struct pachd *p, int64_t parts, int64_t most)
{
	int64_t share = p->opts.deadline_ms > 0 ? (p->opts.deadline_ms - clock_ms()) / parts : most;

	if (share < 1)
		return 1;
	return share < most ? share : most;
}

void
pachd_grace(struct pachd *p, int64_t grace_ms)
{
	p->opts.stop_fd = -1;
	p->opts.deadline_ms = clock_ms() + grace_ms;
	channel_grace(p->channel, grace_ms);
}
