/* Earlier versions of pipelines, and how what the server keeps of one becomes a spec again. */
#include "pachd/pps/history.h"

#include "base/arena.h"
#include "pachd/pps/pps_private.h"
#include "pachd/rpc.h"
#include "pipeline/undone.h"
#include "wire/decode.h"

/* ListPipeline for all versions of one pipeline. */
static struct str
history_request(const struct pachd *p, const struct pachd_target *target)
{
	ProtobufCMessage *m = rpc_request(p, p->arena, METHOD_LIST_PIPELINE);

	pps_build_pipeline(p, p->arena, m, target);
	message_set_int(m, "history", -1);
	if (!is_1x(p))
		build_flag(m, "details");
	return message_pack(p->arena, m);
}

/* Keeps the version if it is the wanted one, or if all are wanted and it is not in the list yet. */
static void
keep_version(const struct pachd *p, const ProtobufCMessage *info, struct pachd_version *version)
{
	struct deployed one;

	deployed_read(p->arena, p->generation->api, info, &one);
	if (one.version == version->wanted)
		version->found = one;
	if (version->wanted > 0)
		return;
	for (size_t i = 0; i < version->count; i++)
		if (version->all[i].version == one.version)
			return;
	version->all = arena_grow(
	    p->arena, version->all, version->count, &version->room, sizeof(*version->all));
	version->all[version->count++] = one;
}

/* Below 2.0 each stop and start is in the history, too, under the version that was there. */
static int
read_history(
    const struct pachd *p, const struct call *call, struct pachd_version *version, struct err *err)
{
	struct rpc_list infos;

	version->found = (struct deployed){ 0 };
	if (call->status != GRPC_OK)
		return rpc_error(p, call, err);
	if (!rpc_read_list(p, p->arena, METHOD_LIST_PIPELINE, "pipeline_info", call, &infos))
		return err_set(err, ERR_NETWORK, "cannot read its versions");
	for (size_t i = 0; i < infos.count; i++)
		keep_version(p, infos.list[i], version);
	return 0;
}

/* Below 1.9 ListPipeline returns no history, but "NAME~2" names what ran two changes ago; each stop, start and
 * update is a change. STEPS_AT_ONCE of them are asked for at once, fewer than MOST_STEPS in all. */
enum { STEPS_AT_ONCE = 4, MOST_STEPS = 1024 };

/* Passes some earlier versions on, in their order. True: there are no more, or `take` wants no more. */
static bool
take_steps(const struct pachd *p, struct arena *a, const struct call *calls, history_taking *take,
    void *ctx)
{
	for (size_t i = 0; i < STEPS_AT_ONCE; i++) {
		const ProtobufCMessage *info = rpc_answer(p, a, METHOD_INSPECT_PIPELINE, &calls[i]);

		if (!info || !take(ctx, info))
			return true;
	}
	return false;
}

int
pachd_walk_back(struct pachd *p, struct arena *a, const struct pachd_target *target,
    history_taking *take, void *ctx, struct err *err)
{
	struct call calls[STEPS_AT_ONCE];

	for (size_t step = 1; step < MOST_STEPS; step += STEPS_AT_ONCE) {
		for (size_t i = 0; i < STEPS_AT_ONCE; i++) {
			struct pachd_target one = { target->project,
				arena_fmt(a, "%.*s~%zu", STR_FMT(target->name), step + i) };

			calls[i] = rpc_call(p, METHOD_INSPECT_PIPELINE);
			calls[i].request = inspect_request(a, p->generation->api, &one);
		}
		if (channel_ask(p->channel, calls, STEPS_AT_ONCE, a, err) < 0)
			return -1;
		if (take_steps(p, a, calls, take, ctx))
			return 0;
	}
	return 0;
}

/* A pipeline whose past is being read. */
struct looking_back {
	const struct pachd *pachd;
	struct pachd_version *past;
};

static bool
take_step(void *ctx, const struct ProtobufCMessage *info)
{
	struct looking_back *back = ctx;

	keep_version(back->pachd, info, back->past);
	return !back->past->found.exists && back->past->count < MOST_PAST_VERSIONS;
}

static int
walk_back(struct pachd *p, struct pachd_version *past, struct err *err)
{
	struct looking_back back = { p, past };

	past->found = (struct deployed){ 0 };
	return pachd_walk_back(p, p->arena, &past->target, take_step, &back, err);
}

static int
walk_all_back(struct pachd *p, struct pachd_version *list, size_t count, struct err *err)
{
	for (size_t i = 0; i < count; i++)
		if (walk_back(p, &list[i], err) < 0)
			return err_wrap(err, "cannot read the versions of pipeline '%.*s'",
			    STR_FMT(list[i].target.name));
	return 0;
}

int
pachd_history(struct pachd *p, struct pachd_version *list, size_t count, struct err *err)
{
	struct call *calls = ARENA_ARRAY(p->arena, count, struct call);

	if (p->facts.release < RELEASE(1, 9, 0))
		return walk_all_back(p, list, count, err);
	for (size_t i = 0; i < count; i++) {
		calls[i] = rpc_call(p, METHOD_LIST_PIPELINE);
		calls[i].request = history_request(p, &list[i].target);
	}
	if (channel_ask(p->channel, calls, count, p->arena, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (read_history(p, &calls[i], &list[i], err) < 0)
			return err_wrap(err, "cannot read the versions of pipeline '%.*s'",
			    STR_FMT(list[i].target.name));
	return 0;
}

static int
unreadable(const struct deployed *live, struct err *err)
{
	(void)err_set(err, ERR_REFUSED, "cannot read the stored spec of version %llu",
	    (unsigned long long)live->version);
	return err_hint(err, "push the spec from its git commit instead");
}

/* The spec from the stored request, without the fields that the server added. */
static struct node *
decode_stored(const struct pachd *p, const struct deployed *live)
{
	static const char *const others[] = { "salt", "spec_commit", "details_json" };
	ProtobufCMessage *m =
	    message_read(p->arena, rpc_method(p, METHOD_CREATE_PIPELINE)->request, live->spec);
	struct node *tree = m ? decode_message(p->arena, m, p->facts.release) : NULL;

	for (size_t i = 0; tree && i < COUNT_OF(others); i++)
		node_drop(tree, node_get(tree, others[i]));
	return tree;
}

struct node *
pachd_stored_spec(const struct pachd *p, const struct deployed *live, struct err *err)
{
	struct diags ignored = diags_in(p->arena);
	struct node *tree = NULL;

	if (live->user_json.len > 0) {
		struct doc *doc = doc_parse(p->arena, "user_spec_json", live->user_json, &ignored);

		if (ignored.errors == 0 && doc->count == 1 && doc->first->kind == NODE_OBJECT)
			tree = doc->first;
	} else {
		tree = decode_stored(p, live);
	}
	if (!tree)
		(void)unreadable(live, err);
	return tree;
}
