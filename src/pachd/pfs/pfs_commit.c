/* One commit, and those before it. */

#include "base/arena.h"
#include "pachd/pfs/pfs_private.h"

/* CommitState: FINISHED of the 2.x line, and of 1.x, where 1.7.0 has a bool in its place. */
enum { WAIT_2 = 4, WAIT_1 = 2 };

static int64_t
seconds(const ProtobufCMessage *info, const char *name)
{
	return message_int(message_message(info, name), "seconds");
}

/* The repo that a Commit or Branch names: of a Commit of 2.x its branch does. */
static const ProtobufCMessage *
repo_of(const ProtobufCMessage *named)
{
	const ProtobufCMessage *branch = message_message(named, "branch");

	return message_message(branch ? branch : named, "repo");
}

static struct pfs_ref
read_ref(const ProtobufCMessage *named, struct str id)
{
	struct pachd_target repo = target_read(repo_of(named));

	return (struct pfs_ref){ .project = repo.project, .repo = repo.name, .ref = id };
}

/* Adds a commit; or from 2.0 to 2.5 a branch, which means the commit of the same set. Specs and statistics are not
 * data. */
static void
add_provenance(struct pfs_commit *out, const ProtobufCMessage *named, struct str id)
{
	struct str type = message_string(repo_of(named), "type");
	struct pfs_ref ref = read_ref(named, id);

	if (!str_is(ref.repo, "__spec__") && (type.len == 0 || str_is(type, "user")))
		out->provenance[out->provenance_count++] = ref;
}

static void
add_commit(struct pfs_commit *out, const ProtobufCMessage *commit)
{
	add_provenance(out, commit, message_string(commit, "id"));
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
		add_commit(out, message_list(info, "early_provenance")[i]);
	for (size_t i = 0; i < direct; i++)
		add_commit(out, message_list(info, "direct_provenance")[i]);
	for (size_t i = 0; i < all; i++)
		add_commit(out, message_message(message_list(info, "provenance")[i], "commit"));
	for (size_t i = 0; i < branches; i++)
		add_provenance(out, message_list(info, "branch_provenance")[i], out->at.ref);
}

/* OriginKind AUTO is 1 in the one line and 2 in the other. */
static void
read_commit(
    const struct pachd *p, struct arena *a, const ProtobufCMessage *info, struct pfs_commit *out)
{
	const ProtobufCMessage *commit = message_message(info, "commit");
	const ProtobufCMessage *branch = message_message(info, "branch");
	const ProtobufCMessage *details = message_message(info, "details");

	*out = (struct pfs_commit){ .at = read_ref(commit, message_string(commit, "id")) };
	out->branch = message_string(branch ? branch : message_message(commit, "branch"), "name");
	out->parent = message_string(message_message(info, "parent_commit"), "id");
	out->description = message_string(info, "description");
	out->error = message_string(info, "error");
	out->created_by = message_string(info, "created_by");
	out->started_s = seconds(info, "started");
	out->finished_s = seconds(info, "finished");
	out->is_finishing = out->finished_s == 0 && seconds(info, "finishing") > 0;
	out->size = (uint64_t)(details    ? message_int(details, "size_bytes")
	                       : is_1x(p) ? message_int(info, "size_bytes")
	                                  : message_int(info, "size_bytes_upper_bound"));
	out->is_auto = message_int(message_message(info, "origin"), "kind") == (is_1x(p) ? 1 : 2);
	read_provenance(a, info, out);
}

int
pfs_commit(struct pachd *p, struct arena *a, const struct pfs_ref *at, bool waits,
    struct pfs_commit *out, struct err *err)
{
	ProtobufCMessage *request = rpc_request(p, a, METHOD_INSPECT_COMMIT), *info;
	struct call call = rpc_call(p, METHOD_INSPECT_COMMIT);

	pfs_build_commit(p, a, request, "commit", at);
	if (waits)
		message_set_int(
		    request, is_1x(p) ? "block_state" : "wait", is_1x(p) ? WAIT_1 : WAIT_2);
	call.request = message_pack(a, request);
	if (rpc_ask(p, a, &call, err) < 0
	    || rpc_reply(p, a, METHOD_INSPECT_COMMIT, &call, &info, err) < 0)
		return -1;
	read_commit(p, a, info, out);
	return 0;
}

int
pfs_commits(struct pachd *p, struct arena *a, const struct pfs_ref *at, size_t most,
    struct pfs_commit **out, size_t *count, struct err *err)
{
	ProtobufCMessage *request = rpc_request(p, a, METHOD_LIST_COMMIT);
	struct call call = rpc_call(p, METHOD_LIST_COMMIT);

	pfs_build_repo(p, a, request, "repo", at);
	pfs_build_commit(p, a, request, "to", at);
	message_set_int(request, "number", (int64_t)most);
	call.request = message_pack(a, request);
	if (rpc_ask(p, a, &call, err) < 0)
		return -1;
	*count = call.reply_count < most ? call.reply_count : most;
	*out = ARENA_ARRAY(a, *count, struct pfs_commit);
	for (size_t i = 0; i < *count; i++) {
		const ProtobufCMessage *info =
		    message_read(a, rpc_method(p, METHOD_LIST_COMMIT)->reply, call.replies[i]);

		if (!info)
			return err_set(err, ERR_NETWORK, "the list of commits cannot be read");
		read_commit(p, a, info, &(*out)[i]);
	}
	return 0;
}
