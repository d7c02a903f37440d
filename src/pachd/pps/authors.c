/* Who made each version of a pipeline and when, where pachd says it: for all but the first version, the commit of
 * its spec does. */
#include "base/arena.h"
#include "pachd/pps/editor.h"
#include "pachd/pps/pps_private.h"

/* InspectCommit for the commit of a version's spec. */
static struct call
ask_spec_commit(struct pachd *p, struct arena *a, const struct pachd_target *target, struct str id)
{
	ProtobufCMessage *m = rpc_request(p, a, METHOD_INSPECT_COMMIT);
	ProtobufCMessage *commit = build_message(a, m, "commit"), *repo;
	struct call call = rpc_call(p, METHOD_INSPECT_COMMIT);

	build_string(a, commit, "id", id);
	repo = build_message(a, commit, "repo");
	build_string(a, repo, "name", target->name);
	build_string(a, repo, "type", STR("spec"));
	build_string(a, build_message(a, repo, "project"), "name", target->project);
	call.request = message_pack(a, m);
	return call;
}

int
authors_read(struct pachd *p, struct arena *a, const struct pachd_target *target,
    struct pps_version *list, size_t count, struct err *err)
{
	struct call *calls = ARENA_ARRAY(a, count, struct call);
	size_t *index = ARENA_ARRAY(a, count, size_t), used = 0;

	if (p->facts.release < RELEASE(2, 11, 0))
		return 0;
	for (size_t i = 0; i < count; i++)
		if (list[i].version > 1 && list[i].spec_commit.len > 0) {
			calls[used] = ask_spec_commit(p, a, target, list[i].spec_commit);
			index[used++] = i;
		}
	if (used > 0 && channel_ask(p->channel, calls, used, a, err) < 0)
		return -1;
	for (size_t i = 0; i < used; i++)
		list[index[i]].created_by = message_string(
		    rpc_answer(p, a, METHOD_INSPECT_COMMIT, &calls[i]), "created_by");
	return 0;
}

int
pps_editors(
    struct pachd *p, struct arena *a, struct pps_editor *list, size_t count, struct err *err)
{
	struct call *calls = ARENA_ARRAY(a, count, struct call);

	for (size_t i = 0; i < count; i++) {
		list[i].by = STR("");
		list[i].since_s = 0;
		if (p->facts.release >= RELEASE(2, 6, 0))
			calls[i] =
			    ask_spec_commit(p, a, &list[i].target, list[i].live->spec_commit);
	}
	if (count == 0 || p->facts.release < RELEASE(2, 6, 0))
		return 0;
	if (channel_ask(p->channel, calls, count, a, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		const ProtobufCMessage *info = rpc_answer(p, a, METHOD_INSPECT_COMMIT, &calls[i]);

		list[i].by = message_string(info, "created_by");
		list[i].since_s = message_int(message_message(info, "started"), "seconds");
	}
	return 0;
}
