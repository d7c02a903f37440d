#include "pachd/pps/output_branch.h"

#include "base/arena.h"
#include "pachd/pfs/pfs_private.h"
#include "pps.pb-c.h"

/* The branch that must have provenance; empty for pipelines without one: stopped ones, spouts, without input. */
static struct str
output_branch(struct arena *a, const struct deployed *live)
{
	const ProtobufCMessage *spec;
	struct str branch;

	if (!live->exists || live->stopped)
		return (struct str){ "", 0 };
	spec = message_read(a, &pps__create_pipeline_request__descriptor, live->spec);
	if (!spec || !message_message(spec, "input") || message_message(spec, "spout"))
		return (struct str){ "", 0 };
	branch = message_string(spec, "output_branch");
	return branch.len > 0 ? branch : STR("master");
}

static bool
is_cut(const struct pachd *p, const struct call *call)
{
	const ProtobufCMessage *info = rpc_answer(p, p->arena, METHOD_INSPECT_BRANCH, call);

	return info ? message_count(info, "direct_provenance") == 0 : is_missing(call);
}

int
pachd_check_outputs(struct pachd *p, struct pachd_output *list, size_t count, struct err *err)
{
	struct call *calls = ARENA_ARRAY(p->arena, count, struct call);
	size_t *asked = ARENA_ARRAY(p->arena, count, size_t), used = 0;

	for (size_t i = 0; i < count && !p->facts.transactions; i++) {
		struct pfs_ref branch = { list[i].target.project, list[i].target.name,
			output_branch(p->arena, list[i].live) };
		ProtobufCMessage *request = rpc_request(p, p->arena, METHOD_INSPECT_BRANCH);

		if (branch.ref.len == 0)
			continue;
		asked[used] = i;
		calls[used] = rpc_call(p, METHOD_INSPECT_BRANCH);
		pfs_build_branch(p, p->arena, request, &branch);
		calls[used++].request = message_pack(p->arena, request);
	}
	if (used == 0)
		return 0;
	if (channel_ask(p->channel, calls, used, p->arena, err) < 0)
		return -1;
	for (size_t i = 0; i < used; i++)
		list[asked[i]].is_cut = is_cut(p, &calls[i]);
	return 0;
}
