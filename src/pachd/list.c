#include "pachd/list.h"

#include <stdlib.h>

#include "base/arena.h"
#include "pachd/rpc.h"
#include "pps_v2.pb-c.h"

struct listing {
	struct pachd *p;
	struct pachd_listed *list;
	size_t count, room;
};

static int
by_title(const void *left, const void *right)
{
	const struct pachd_listed *a = left, *b = right;
	int order = str_cmp(a->project, b->project);

	return order ? order : str_cmp(a->name, b->name);
}

static void
add(struct listing *l, const ProtobufCMessage *info)
{
	struct arena *a = l->p->arena;
	const ProtobufCMessage *pipeline = message_message(info, "pipeline");
	struct pachd_listed *one;

	l->list = arena_grow(a, l->list, l->count, &l->room, sizeof(*l->list));
	one = &l->list[l->count++];
	one->project = message_string(message_message(pipeline, "project"), "name");
	one->name = message_string(pipeline, "name");
	if (one->project.len == 0)
		one->project = STR("default");
	deployed_read(a, l->p->generation->api, info, &one->live);
}

/* Up to 1.13 one message holds all; later each comes by itself. */
static bool
add_reply(struct listing *l, struct str reply)
{
	const struct method *method = rpc_method(l->p, METHOD_LIST_PIPELINE);
	ProtobufCMessage *m = message_read(l->p->arena, method->reply, reply);

	if (!m)
		return false;
	if (method->streams) {
		add(l, m);
		return true;
	}
	for (size_t i = 0; i < message_count(m, "pipeline_info"); i++)
		add(l, message_list(m, "pipeline_info")[i]);
	return true;
}

int
pachd_list(struct pachd *p, struct pachd_listed **out, size_t *count, struct err *err)
{
	PpsV2__ListPipelineRequest two = PPS_V2__LIST_PIPELINE_REQUEST__INIT;
	struct listing l = { .p = p };
	struct call call = rpc_call(p, METHOD_LIST_PIPELINE);

	two.has_details = two.details = 1;
	if (p->generation->api == API_2)
		call.request = message_pack(p->arena, &two.base);
	if (rpc_ask(p, p->arena, &call, err) < 0)
		return call.answered ? err_wrap(err, "cannot list the pipelines") : -1;
	for (size_t i = 0; i < call.reply_count; i++)
		if (!add_reply(&l, call.replies[i]))
			return err_set(err, ERR_NETWORK, "cannot parse the list of pipelines");
	if (l.count > 1)
		qsort(l.list, l.count, sizeof(*l.list), by_title);
	*out = l.list;
	*count = l.count;
	return 0;
}
