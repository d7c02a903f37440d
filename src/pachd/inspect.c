#include "pachd/inspect.h"

#include <stdlib.h>

#include "base/arena.h"
#include "pachd/rpc.h"
#include "wire/build.h"

/* Up to this many pipelines are asked for one by one, more by one list: for a list the server reads all pipelines
 * of the projects. */
enum { MAX_SINGLE_QUESTIONS = 16 };

int
target_order(const void *left, const void *right)
{
	const struct pachd_target *a = left, *b = right;
	int order = str_cmp(a->name, b->name);

	return order ? order : str_cmp(a->project, b->project);
}

unsigned
api_lane(enum api api)
{
	return api == API_1 ? 1 : 2; /* 0 has no limit */
}

static struct str
list_request(const struct inspect *q, struct arena *a)
{
	ProtobufCMessage *m = message_new(a, method_of(q->api, METHOD_LIST_PIPELINE)->request);

	if (q->api == API_1)
		return STR("");
	for (size_t i = 0; i < q->count; i++)
		rpc_add_project(a, m, q->targets[i].project);
	build_flag(m, "details");
	return message_pack(a, m);
}

size_t
inspect_calls(size_t count)
{
	return count > MAX_SINGLE_QUESTIONS ? 1 : count;
}

size_t
inspect_ask(const struct inspect *q, struct arena *a)
{
	if (q->count > MAX_SINGLE_QUESTIONS) {
		q->calls[0] = (struct call){
			.method = method_of(q->api, METHOD_LIST_PIPELINE)->path,
			.request = list_request(q, a),
			.streams = method_of(q->api, METHOD_LIST_PIPELINE)->streams,
		};
		return 1;
	}
	for (size_t i = 0; i < q->count; i++)
		q->calls[i] = (struct call){
			.method = method_of(q->api, METHOD_INSPECT_PIPELINE)->path,
			.lane = api_lane(q->api),
			.request = inspect_request(a, q->api, &q->targets[i]),
		};
	return q->count;
}

static int
learn_single(const struct inspect *q, const struct pachd *p, struct arena *a, size_t i,
    struct deployed *out, struct err *err)
{
	const struct call *call = &q->calls[i];
	const struct pachd_target *target = &q->targets[i];
	ProtobufCMessage *info;

	*out = (struct deployed){ 0 };
	if (call->status != GRPC_OK) {
		if (is_missing_pipeline(call, target))
			return 0;
		(void)rpc_error(p, call, err);
		return err_wrap(err, "cannot read pipeline '%.*s'", STR_FMT(target->name));
	}
	info = rpc_answer(p, a, METHOD_INSPECT_PIPELINE, call);
	if (!info) {
		(void)err_set(err, ERR_NETWORK, "cannot parse the response for pipeline '%.*s'",
		    STR_FMT(target->name));
		return hint_proxy(p, err);
	}
	deployed_read(a, q->api, info, out);
	return 0;
}

/* A target and its place in the caller's list; sorted by target_order(). */
struct wanted {
	struct pachd_target target;
	size_t index;
};

static int
learn_list(const struct inspect *q, const struct pachd *p, struct arena *a, struct deployed *out,
    struct err *err)
{
	const struct call *call = q->calls;
	struct wanted *sorted = ARENA_ARRAY(a, q->count, struct wanted);
	struct pachd_target *names;
	struct rpc_list infos;

	for (size_t i = 0; i < q->count; i++) {
		sorted[i] = (struct wanted){ q->targets[i], i };
		out[i] = (struct deployed){ 0 };
	}
	qsort(sorted, q->count, sizeof(*sorted), target_order);
	if (call->status != GRPC_OK) {
		(void)rpc_error(p, call, err);
		return err_wrap(err, "cannot list the pipelines");
	}
	if (!rpc_read_list(p, a, METHOD_LIST_PIPELINE, "pipeline_info", call, &infos)) {
		(void)err_set(err, ERR_NETWORK, "cannot parse the list of pipelines");
		return hint_proxy(p, err);
	}
	names = ARENA_ARRAY(a, infos.count, struct pachd_target);
	for (size_t i = 0; i < infos.count; i++) {
		const struct wanted *found;

		names[i] = target_read(message_message(infos.list[i], "pipeline"));
		found = bsearch(&names[i], sorted, q->count, sizeof(*sorted), target_order);
		if (found)
			deployed_read(a, q->api, infos.list[i], &out[found->index]);
	}
	if (infos.count > 1)
		qsort(names, infos.count, sizeof(*names), target_order);
	if (q->names)
		*q->names = (struct pachd_names){ names, infos.count };
	return 0;
}

int
inspect_read(const struct inspect *q, const struct pachd *p, struct arena *a, struct deployed *out,
    struct err *err)
{
	if (q->count > MAX_SINGLE_QUESTIONS)
		return learn_list(q, p, a, out, err);
	for (size_t i = 0; i < q->count; i++)
		if (learn_single(q, p, a, i, &out[i], err) < 0)
			return -1;
	return 0;
}
