#include "pachd/inspect.h"

#include <stdlib.h>

#include "base/arena.h"
#include "pps_v2.pb-c.h"

/* Up to this many pipelines are asked for one by one; more come in one list. A list costs the server
 * all pipelines of the projects, a single question costs a call. */
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
	return api == API_1 ? 1 : 2; /* 0 is everybody's */
}

static struct str
list_request(const struct inspect *q, struct arena *a)
{
	const struct pachd_target *targets = q->targets;
	size_t count = q->count;

	PpsV2__ListPipelineRequest request = PPS_V2__LIST_PIPELINE_REQUEST__INIT;
	PfsV2__Project *projects = ARENA_ARRAY(a, count, PfsV2__Project);
	PfsV2__Project **list = ARENA_ARRAY(a, count, PfsV2__Project *);

	if (q->api == API_1)
		return (struct str){ "", 0 };
	for (size_t i = 0; i < count; i++) {
		bool known = i > 0 && str_eq(targets[i].project, targets[i - 1].project);

		for (size_t j = 0; !known && j < request.n_projects; j++)
			known = str_is(targets[i].project, list[j]->name);
		if (known)
			continue;
		pfs_v2__project__init(&projects[i]);
		projects[i].name = arena_cstr(a, targets[i].project);
		list[request.n_projects++] = &projects[i];
	}
	request.projects = list;
	request.has_details = request.details = true;
	return message_pack(a, &request.base);
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
	info = message_read(a, method_of(q->api, METHOD_INSPECT_PIPELINE)->reply, call->replies[0]);
	if (!info) {
		(void)err_set(err, ERR_NETWORK, "cannot parse the response for pipeline '%.*s'",
		    STR_FMT(target->name));
		return err_hint(err,
		    "check that %s is a pachd and that no proxy changes its responses",
		    p->opts.url.text);
	}
	deployed_read(a, q->api, info, out);
	return 0;
}

/* A target's place in the caller's list, for searching. */
struct wanted {
	struct str project, name;
	size_t index;
};

static int
by_title(const void *left, const void *right)
{
	const struct wanted *a = left, *b = right;
	int order = str_cmp(a->name, b->name);

	return order ? order : str_cmp(a->project, b->project);
}

static void
sort_in(const struct inspect *q, struct arena *a, const ProtobufCMessage *info,
    const struct wanted *sorted, struct deployed *out)
{
	struct pachd_names *names = q->names;
	const ProtobufCMessage *pipeline = message_message(info, "pipeline");
	struct wanted key = {
		.project = message_string(message_message(pipeline, "project"), "name"),
		.name = message_string(pipeline, "name"),
	};
	const struct wanted *found;

	if (key.project.len == 0)
		key.project = STR("default");
	found = bsearch(&key, sorted, q->count, sizeof(key), by_title);
	if (found)
		deployed_read(a, q->api, info, &out[found->index]);
	if (!names)
		return;
	names->list = arena_grow(a, names->list, names->count, &names->room, sizeof(*names->list));
	names->list[names->count++] = (struct pachd_target){ key.project, key.name };
}

/* One message of a list: up to 1.13 all of it, later one pipeline. */
static int
learn_reply(const struct inspect *q, struct arena *a, struct str reply, const struct wanted *sorted,
    struct deployed *out)
{
	const struct method *method = method_of(q->api, METHOD_LIST_PIPELINE);
	ProtobufCMessage *m = message_read(a, method->reply, reply);

	if (!m)
		return -1;
	if (method->streams)
		sort_in(q, a, m, sorted, out);
	for (size_t j = 0; !method->streams && j < message_count(m, "pipeline_info"); j++)
		sort_in(q, a, message_list(m, "pipeline_info")[j], sorted, out);
	return 0;
}

static int
learn_list(const struct inspect *q, const struct pachd *p, struct arena *a, struct deployed *out,
    struct err *err)
{
	const struct call *call = q->calls;
	struct wanted *sorted = ARENA_ARRAY(a, q->count, struct wanted);

	for (size_t i = 0; i < q->count; i++) {
		sorted[i] = (struct wanted){ q->targets[i].project, q->targets[i].name, i };
		out[i] = (struct deployed){ 0 };
	}
	qsort(sorted, q->count, sizeof(*sorted), by_title);
	if (call->status != GRPC_OK) {
		(void)rpc_error(p, call, err);
		return err_wrap(err, "cannot list the pipelines");
	}
	for (size_t i = 0; i < call->reply_count; i++)
		if (learn_reply(q, a, call->replies[i], sorted, out) < 0) {
			(void)err_set(err, ERR_NETWORK, "cannot parse the list of pipelines");
			return err_hint(err,
			    "check that %s is a pachd and that no proxy changes its responses",
			    p->opts.url.text);
		}
	if (q->names && q->names->count > 1)
		qsort(q->names->list, q->names->count, sizeof(*q->names->list), target_order);
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
