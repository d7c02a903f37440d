/* Deleting repos and projects, and who would miss them. */
#include "base/arena.h"
#include "pachd/pfs/pfs.h"
#include "pachd/pfs/pfs_private.h"

enum {
	LOOK_MS = 15000
}; /* for finding out after a lost answer, also when the deadline has passed */

static bool
is_listed(const struct pfs_ref *list, size_t count, const struct pfs_ref *one)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq(list[i].repo, one->repo) && str_eq(list[i].project, one->project))
			return true;
	return false;
}

/* The reader that a branch belongs to; in 2.x also its pipeline's repos of specs and statistics, under the same
 * name. */
static struct pfs_ref
reader_of(const ProtobufCMessage *branch)
{
	struct pachd_target repo = target_read(message_message(branch, "repo"));

	return (struct pfs_ref){ repo.project, repo.name, message_string(branch, "name") };
}

static void
add_readers(struct arena *a, const struct pfs_ref *at, const ProtobufCMessage *info,
    struct pfs_ref **out, size_t *count, size_t *room)
{
	struct pfs_ref self = { at->project.len > 0 ? at->project : STR("default"), at->repo,
		STR("") };

	for (size_t i = 0; i < message_count(info, "subvenance"); i++) {
		struct pfs_ref one = reader_of(message_list(info, "subvenance")[i]);

		if (is_listed(&self, 1, &one) || is_listed(*out, *count, &one))
			continue;
		*out = arena_grow(a, *out, *count, room, sizeof(**out));
		(*out)[(*count)++] = one;
	}
}

/* The RepoInfo; NULL where the repo does not exist. */
static int
read_repo(struct pachd *p, struct arena *a, const struct pfs_ref *at, ProtobufCMessage **info,
    struct err *err)
{
	ProtobufCMessage *request = rpc_request(p, a, METHOD_INSPECT_REPO);
	struct call call = rpc_call(p, METHOD_INSPECT_REPO);

	*info = NULL;
	pfs_build_repo(p, a, request, "repo", at);
	call.request = message_pack(a, request);
	if (rpc_ask(p, a, &call, err) < 0)
		return pfs_is_missing(&call) ? 0 : -1;
	return rpc_reply(p, a, METHOD_INSPECT_REPO, &call, info, err);
}

int
pfs_readers(struct pachd *p, struct arena *a, const struct pfs_ref *at, struct pfs_ref **out,
    size_t *count, struct err *err)
{
	ProtobufCMessage *repo, *info;
	struct call *calls;
	size_t branches, room = 0;

	*count = 0;
	*out = NULL;
	if (read_repo(p, a, at, &repo, err) < 0)
		return -1;
	branches = message_count(repo, "branches");
	calls = ARENA_ARRAY(a, branches, struct call);
	for (size_t i = 0; i < branches; i++) {
		ProtobufCMessage *request = rpc_request(p, a, METHOD_INSPECT_BRANCH);
		struct pfs_ref branch = { at->project, at->repo,
			message_string(message_list(repo, "branches")[i], "name") };

		pfs_build_branch(p, a, request, &branch);
		calls[i] = rpc_call(p, METHOD_INSPECT_BRANCH);
		calls[i].request = message_pack(a, request);
	}
	if (branches > 0 && channel_ask(p->channel, calls, branches, a, err) < 0)
		return -1;
	for (size_t i = 0; i < branches; i++) {
		if (pfs_is_missing(&calls[i]))
			continue;
		if (calls[i].status != GRPC_OK)
			return rpc_error(p, &calls[i], err);
		if (rpc_reply(p, a, METHOD_INSPECT_BRANCH, &calls[i], &info, err) < 0)
			return -1;
		add_readers(a, at, info, out, count, &room);
	}
	return 0;
}

/* Sends a call that deletes something, once; after a lost answer the call `see` shows whether it is still there. */
static int
delete_one(
    struct pachd *p, struct call *call, struct call *see, enum pfs_deleted *out, struct err *err)
{
	struct err ignored;

	*out = PFS_DELETED;
	if (rpc_send(p, p->arena, call, err) == 0)
		return 0;
	if (call->answered || !call->sent) {
		*out = PFS_WAS_GONE;
		return pfs_is_missing(call) ? 0 : -1;
	}
	channel_grace(p->channel, LOOK_MS);
	return rpc_ask(p, p->arena, see, &ignored) < 0 && pfs_is_missing(see) ? 0 : -1;
}

int
pfs_delete_repo(struct pachd *p, const struct pfs_ref *at, enum pfs_deleted *out, struct err *err)
{
	ProtobufCMessage *request = rpc_request(p, p->arena, METHOD_DELETE_REPO), *reply;
	ProtobufCMessage *look = rpc_request(p, p->arena, METHOD_INSPECT_REPO);
	struct call call = rpc_call(p, METHOD_DELETE_REPO);
	struct call see = rpc_call(p, METHOD_INSPECT_REPO);
	struct err ignored;

	pfs_build_repo(p, p->arena, request, "repo", at);
	pfs_build_repo(p, p->arena, look, "repo", at);
	call.request = message_pack(p->arena, request);
	see.request = message_pack(p->arena, look);
	if (delete_one(p, &call, &see, out, err) < 0)
		return -1;
	if (*out != PFS_DELETED || !call.answered || p->facts.release < RELEASE(2, 8, 0))
		return 0;
	if (rpc_reply(p, p->arena, METHOD_DELETE_REPO, &call, &reply, err) < 0)
		return -1;
	/* the server answers OK with `deleted: false` where the caller has no right, and where there is no such repo (v2.11.6
	 * src/server/pfs/server/driver.go:374-386, 506-510) */
	if (!message_flag(reply, "deleted"))
		*out = rpc_ask(p, p->arena, &see, &ignored) < 0 && pfs_is_missing(&see)
		           ? PFS_WAS_GONE
		           : PFS_KEPT;
	return 0;
}

int
pfs_delete_project(struct pachd *p, struct str name, enum pfs_deleted *out, struct err *err)
{
	ProtobufCMessage *request = rpc_request(p, p->arena, METHOD_DELETE_PROJECT);
	ProtobufCMessage *look = rpc_request(p, p->arena, METHOD_INSPECT_PROJECT);
	struct call call = rpc_call(p, METHOD_DELETE_PROJECT);
	struct call see = rpc_call(p, METHOD_INSPECT_PROJECT);

	build_string(p->arena, build_message(p->arena, request, "project"), "name", name);
	build_string(p->arena, build_message(p->arena, look, "project"), "name", name);
	call.request = message_pack(p->arena, request);
	see.request = message_pack(p->arena, look);
	return delete_one(p, &call, &see, out, err);
}
