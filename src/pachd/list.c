#include "pachd/list.h"

#include <stdlib.h>

#include "base/arena.h"
#include "pachd/rpc.h"
#include "wire/build.h"

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
add_pipeline(struct listing *l, const ProtobufCMessage *info)
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
		add_pipeline(l, m);
		return true;
	}
	for (size_t i = 0; i < message_count(m, "pipeline_info"); i++)
		add_pipeline(l, message_list(m, "pipeline_info")[i]);
	return true;
}

static int
list(struct pachd *p, struct str project, struct pachd_listed **out, size_t *count, struct err *err)
{
	ProtobufCMessage *request = rpc_request(p, p->arena, METHOD_LIST_PIPELINE);
	struct listing l = { .p = p };
	struct call call = rpc_call(p, METHOD_LIST_PIPELINE);

	if (p->generation->api == API_2) {
		build_flag(request, "details");
		if (project.len > 0)
			build_string(p->arena, build_element(p->arena, request, "projects"), "name",
			    project);
		call.request = message_pack(p->arena, request);
	}
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

int
pachd_list(struct pachd *p, struct pachd_listed **out, size_t *count, struct err *err)
{
	return list(p, STR(""), out, count, err);
}

int
pachd_list_project(
    struct pachd *p, struct str project, struct pachd_listed **out, size_t *count, struct err *err)
{
	return list(p, project, out, count, err);
}

const struct pachd_listed *
pachd_listed_find(
    const struct pachd_listed *list, size_t count, struct str project, struct str name)
{
	const struct pachd_listed key = { .project = project, .name = name };

	return count > 0 ? bsearch(&key, list, count, sizeof(*list), by_title) : NULL;
}
