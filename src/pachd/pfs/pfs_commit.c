/* One commit, and those before it. */
#include <string.h>

#include "base/arena.h"
#include "pachd/pfs/pfs_private.h"

/* CommitState: FINISHED of the 2.x line, and of 1.x, where 1.7.0 has a bool in its place. */
enum { WAIT_2 = 4, WAIT_1 = 2 };

static int64_t
seconds(const ProtobufCMessage *info, const char *name)
{
	return message_int(message_message(info, name), "seconds");
}

static struct pfs_ref
read_ref(const ProtobufCMessage *commit)
{
	const ProtobufCMessage *branch = message_message(commit, "branch");
	const ProtobufCMessage *repo = message_message(branch ? branch : commit, "repo");
	struct pfs_ref ref = { .repo = message_string(repo, "name"),
		.project = message_string(message_message(repo, "project"), "name"),
		.ref = message_string(commit, "id") };

	if (ref.project.len == 0)
		ref.project = STR("default");
	return ref;
}

/* A branch of 2.0 to 2.5: the commit of the same set is meant. */
static struct pfs_ref
read_branch(const ProtobufCMessage *branch, struct str id)
{
	const ProtobufCMessage *repo = message_message(branch, "repo");
	struct pfs_ref ref = { .repo = message_string(repo, "name"),
		.project = message_string(message_message(repo, "project"), "name"),
		.ref = id };

	if (ref.project.len == 0)
		ref.project = STR("default");
	return ref;
}

/* Specs and statistics are not data. */
static bool
is_data(const struct pfs_ref *ref, const ProtobufCMessage *commit)
{
	const ProtobufCMessage *branch = message_message(commit, "branch");
	struct str type = message_string(message_message(branch ? branch : commit, "repo"), "type");

	return !str_is(ref->repo, "__spec__") && (type.len == 0 || str_is(type, "user"));
}

static void
add_provenance(struct pfs_commit *out, const ProtobufCMessage *commit)
{
	struct pfs_ref ref = read_ref(commit);

	if (is_data(&ref, commit))
		out->provenance[out->provenance_count++] = ref;
}

static void
read_provenance(struct arena *a, const ProtobufCMessage *info, struct pfs_commit *out)
{
	size_t early = message_count(info, "early_provenance");
	size_t direct = message_count(info, "direct_provenance");
	size_t all = message_count(info, "provenance");
	size_t branches = message_count(info, "branch_provenance");

	out->provenance = ARENA_ARRAY(a, early + direct + all + branches, struct pfs_ref);
	for (size_t i = 0; i < early; i++)
		add_provenance(out, message_list(info, "early_provenance")[i]);
	for (size_t i = 0; i < direct; i++)
		add_provenance(out, message_list(info, "direct_provenance")[i]);
	for (size_t i = 0; i < all; i++)
		add_provenance(out, message_message(message_list(info, "provenance")[i], "commit"));
	for (size_t i = 0; i < branches; i++) {
		const ProtobufCMessage *branch = message_list(info, "branch_provenance")[i];
		struct str type = message_string(message_message(branch, "repo"), "type");

		if (type.len == 0 || str_is(type, "user"))
			out->provenance[out->provenance_count++] = read_branch(branch, out->at.ref);
	}
}

/* OriginKind AUTO is 1 in the one line and 2 in the other. */
static void
read_commit(
    const struct pachd *p, struct arena *a, const ProtobufCMessage *info, struct pfs_commit *out)
{
	const ProtobufCMessage *commit = message_message(info, "commit");
	const ProtobufCMessage *branch = message_message(info, "branch");
	const ProtobufCMessage *details = message_message(info, "details");
	bool is_1x = pachd_is_1x(&p->facts);

	*out = (struct pfs_commit){ .at = read_ref(commit) };
	out->branch = message_string(branch ? branch : message_message(commit, "branch"), "name");
	out->parent = message_string(message_message(info, "parent_commit"), "id");
	out->description = message_string(info, "description");
	out->error = message_string(info, "error");
	out->created_by = message_string(info, "created_by");
	out->started_s = seconds(info, "started");
	out->finished_s = seconds(info, "finished");
	out->is_finishing = out->finished_s == 0 && seconds(info, "finishing") > 0;
	out->size = (uint64_t)(details ? message_int(details, "size_bytes")
	                       : is_1x ? message_int(info, "size_bytes")
	                               : message_int(info, "size_bytes_upper_bound"));
	out->is_auto = message_int(message_message(info, "origin"), "kind") == (is_1x ? 1 : 2);
	read_provenance(a, info, out);
}

int
pfs_commit(struct pachd *p, struct arena *a, const struct pfs_ref *at, bool waits,
    struct pfs_commit *out, struct err *err)
{
	ProtobufCMessage *request = rpc_request(p, a, METHOD_INSPECT_COMMIT), *info;
	bool is_1x = pachd_is_1x(&p->facts);
	struct call call = rpc_call(p, METHOD_INSPECT_COMMIT);

	pfs_build_commit(p, a, request, "commit", at);
	if (waits)
		message_set_int(request, is_1x ? "block_state" : "wait", is_1x ? WAIT_1 : WAIT_2);
	call.request = message_pack(a, request);
	if (rpc_ask(p, a, &call, err) < 0
	    || rpc_reply(p, a, METHOD_INSPECT_COMMIT, &call, &info, err) < 0)
		return -1;
	read_commit(p, a, info, out);
	return 0;
}

struct commits {
	const struct pachd *p;
	struct arena *arena;
	struct pfs_commit *list;
	size_t count, room;
};

static int
take_commit(void *ctx, struct str message, struct err *err)
{
	struct commits *c = ctx;
	ProtobufCMessage *info =
	    message_read(c->arena, rpc_method(c->p, METHOD_LIST_COMMIT)->reply, message);

	if (!info)
		return err_set(err, ERR_NETWORK, "the list of commits cannot be read");
	c->list = arena_grow(c->arena, c->list, c->count, &c->room, sizeof(*c->list));
	read_commit(c->p, c->arena, info, &c->list[c->count++]);
	return 0;
}

int
pfs_commits(struct pachd *p, struct arena *a, const struct pfs_ref *at, size_t most,
    struct pfs_commit **out, size_t *count, struct err *err)
{
	ProtobufCMessage *request = rpc_request(p, a, METHOD_LIST_COMMIT);
	struct commits commits = { .p = p, .arena = a };
	struct call call = rpc_call(p, METHOD_LIST_COMMIT);

	pfs_build_repo(p, a, request, "repo", at);
	pfs_build_commit(p, a, request, "to", at);
	message_set_int(request, "number", (int64_t)most);
	call.request = message_pack(a, request);
	if (rpc_ask(p, a, &call, err) < 0)
		return -1;
	for (size_t i = 0; i < call.reply_count && i < most; i++)
		if (take_commit(&commits, call.replies[i], err) < 0)
			return -1;
	*out = commits.list;
	*count = commits.count;
	return 0;
}
