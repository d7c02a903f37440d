#include "pachd/rpc.h"

#include <assert.h>

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
