#include "pachd/template.h"

#include "base/arena.h"
#include "pachd/rpc.h"
#include "wire/build.h"

bool
pachd_can_render(const struct pachd *p)
{
	return rpc_exists(p, METHOD_RENDER_TEMPLATE);
}

static struct str
render_request(const struct pachd *p, const struct pachd_template *one)
{
	ProtobufCMessage *m = rpc_request(p, p->arena, METHOD_RENDER_TEMPLATE);

	build_string(p->arena, m, "template", one->text);
	for (size_t i = 0; i < one->count; i++) {
		ProtobufCMessage *entry = build_element(p->arena, m, "args");

		build_string(p->arena, entry, "key", one->arguments[i].name);
		build_string(p->arena, entry, "value", one->arguments[i].value);
	}
	return message_pack(p->arena, m);
}

/* Whether the status is about the template: pachd passes errors of Jsonnet on as UNKNOWN. */
static bool
is_about_template(const struct call *call)
{
	return call->status == GRPC_UNKNOWN || call->status == GRPC_INVALID_ARGUMENT
	       || call->status == GRPC_INTERNAL;
}

int
pachd_render(struct pachd *p, struct pachd_template *list, size_t count, struct err *err)
{
	struct call *calls = ARENA_ARRAY(p->arena, count, struct call);

	for (size_t i = 0; i < count; i++) {
		calls[i] = rpc_call(p, METHOD_RENDER_TEMPLATE);
		calls[i].request = render_request(p, &list[i]);
	}
	if (channel_ask(p->channel, calls, count, p->arena, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		ProtobufCMessage *reply;

		if (calls[i].status != GRPC_OK && !is_about_template(&calls[i]))
			return rpc_error(p, &calls[i], err);
		list[i].is_rendered = calls[i].status == GRPC_OK;
		list[i].fault = calls[i].message;
		if (!list[i].is_rendered)
			continue;
		if (rpc_reply(p, p->arena, METHOD_RENDER_TEMPLATE, &calls[i], &reply, err) < 0)
			return -1;
		list[i].json = message_string(reply, "json");
	}
	return 0;
}
