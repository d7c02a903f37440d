#include "pachd/pps/output_branch.h"

#include "base/arena.h"
#include "pachd/rpc.h"
#include "pfs.pb-c.h"
#include "pps.pb-c.h"

/* The branch that must have provenance; empty when none need have any: spouts and stopped pipelines. */
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

static struct str
inspect_branch_request(struct arena *a, struct str repo, struct str name)
{
	Pfs__Repo in = PFS__REPO__INIT;
	Pfs__Branch branch = PFS__BRANCH__INIT;
	Pfs__InspectBranchRequest request = PFS__INSPECT_BRANCH_REQUEST__INIT;

	in.name = arena_cstr(a, repo);
	branch.repo = &in;
	branch.name = arena_cstr(a, name);
	request.branch = &branch;
	return message_pack(a, &request.base);
}

static bool
is_cut(struct arena *a, const struct call *call)
{
	const Pfs__BranchInfo *info;

	if (call->status == GRPC_NOT_FOUND)
		return true;
	if (call->status != GRPC_OK) /* in 1.x nearly every refusal comes as UNKNOWN */
		return call->status == GRPC_UNKNOWN && str_holds(call->message, STR("not found"));
	info = (const Pfs__BranchInfo *)message_read(
	    a, &pfs__branch_info__descriptor, call->replies[0]);
	return info && info->n_direct_provenance == 0;
}

int
pachd_check_outputs(struct pachd *p, struct pachd_output *list, size_t count, struct err *err)
{
	struct call *calls = ARENA_ARRAY(p->arena, count, struct call);
	size_t *asked = ARENA_ARRAY(p->arena, count, size_t), used = 0;

	for (size_t i = 0; i < count && !p->facts.transactions; i++) {
		struct str branch = output_branch(p->arena, list[i].live);

		if (branch.len == 0)
			continue;
		asked[used] = i;
		calls[used] = rpc_call(p, METHOD_INSPECT_BRANCH);
		calls[used++].request =
		    inspect_branch_request(p->arena, list[i].target.name, branch);
	}
	if (used == 0)
		return 0;
	if (channel_ask(p->channel, calls, used, p->arena, err) < 0)
		return -1;
	for (size_t i = 0; i < used; i++)
		list[asked[i]].is_cut = is_cut(p->arena, &calls[i]);
	return 0;
}
