#include "pachd/pfs/pfs.h"

#include <string.h>

#include "base/arena.h"
#include "pachd/pfs/pfs_private.h"

void
pfs_build_repo(const struct pachd *p, struct arena *a, ProtobufCMessage *message, const char *name,
    const struct pfs_ref *at)
{
	ProtobufCMessage *repo = build_message(a, message, name);

	build_string(a, repo, "name", at->repo);
	if (pachd_is_1x(&p->facts))
		return;
	build_string(a, repo, "type", STR("user"));
	if (p->facts.projects)
		build_string(a, build_message(a, repo, "project"), "name", at->project);
}

/* 32 small hex digits. */
static bool
is_id(struct str ref)
{
	for (size_t i = 0; i < ref.len; i++)
		if (!memchr("0123456789abcdef", ref.ptr[i], 16))
			return false;
	return ref.len == 32;
}

/* 2.x: a branch goes by its name, an id or an expression as the id. */
void
pfs_build_commit(const struct pachd *p, struct arena *a, ProtobufCMessage *message,
    const char *name, const struct pfs_ref *at)
{
	ProtobufCMessage *commit = build_message(a, message, name), *branch;
	bool is_branch = !is_id(at->ref) && str_find(at->ref, '^') == at->ref.len
	                 && str_find(at->ref, '~') == at->ref.len;

	if (pachd_is_1x(&p->facts)) {
		pfs_build_repo(p, a, commit, "repo", at);
		build_string(a, commit, "id", at->ref);
		return;
	}
	branch = build_message(a, commit, "branch");
	pfs_build_repo(p, a, branch, "repo", at);
	if (is_branch)
		build_string(a, branch, "name", at->ref);
	else
		build_string(a, commit, "id", at->ref);
	if (p->facts.release >= RELEASE(2, 6, 0))
		pfs_build_repo(p, a, commit, "repo", at);
}

void
pfs_build_file(const struct pachd *p, struct arena *a, ProtobufCMessage *message,
    const struct pfs_ref *at, struct str path)
{
	ProtobufCMessage *file = build_message(a, message, "file");

	pfs_build_commit(p, a, file, "commit", at);
	build_string(a, file, "path", path);
}

bool
pfs_is_missing(const struct call *call)
{
	return call->answered
	       && (call->status == GRPC_NOT_FOUND
	           || (call->status == GRPC_UNKNOWN
	               && (str_holds(call->message, STR("not found"))
	                   || str_holds(call->message, STR("no file(s) found"))
	                   || str_holds(call->message, STR("has no head")))));
}

bool
pfs_is_there(const struct call *call)
{
	return call->answered
	       && (call->status == GRPC_ALREADY_EXISTS
	           || (call->status == GRPC_UNKNOWN
	               && str_holds(call->message, STR("already exists"))));
}

static bool
names_repo(const struct call *call)
{
	return str_starts(call->message, "repo ");
}

/* In 1.x every branch that comes of others names them, and the pipeline's own spec. */
static bool
is_made(const ProtobufCMessage *info)
{
	return message_count(info, "provenance") > 0
	       || message_count(info, "direct_provenance") > 0;
}

int
pfs_branch(struct pachd *p, struct arena *a, const struct pfs_ref *at, struct pfs_branch *out,
    struct err *err)
{
	ProtobufCMessage *request = rpc_request(p, a, METHOD_INSPECT_BRANCH);
	ProtobufCMessage *branch = build_message(a, request, "branch"), *info;
	struct call call = rpc_call(p, METHOD_INSPECT_BRANCH);
	int rc;

	*out = (struct pfs_branch){ .head = STR("") };
	pfs_build_repo(p, a, branch, "repo", at);
	build_string(a, branch, "name", at->ref);
	call.request = message_pack(a, request);
	rc = rpc_ask(p, a, &call, err);
	if (rc < 0 && pfs_is_missing(&call)) {
		out->has_repo = !names_repo(&call);
		return 0;
	}
	if (rc < 0 || rpc_reply(p, a, METHOD_INSPECT_BRANCH, &call, &info, err) < 0)
		return -1;
	out->has_repo = out->exists = true;
	out->is_output = is_made(info);
	out->head = message_string(message_message(info, "head"), "id");
	return 0;
}

/* What makes something: sent once; what is there already is as good. */
static int
make(struct pachd *p, struct arena *a, struct call *call, enum pfs_made *made, struct err *err)
{
	int rc = rpc_send(p, a, call, err);

	*made = rc == 0 ? PFS_MADE : PFS_WAS_THERE;
	return rc == 0 || pfs_is_there(call) ? 0 : -1;
}

int
pfs_make_project(struct pachd *p, struct str name, enum pfs_made *made, struct err *err)
{
	ProtobufCMessage *request = rpc_request(p, p->arena, METHOD_CREATE_PROJECT);
	struct call call = rpc_call(p, METHOD_CREATE_PROJECT);

	build_string(p->arena, build_message(p->arena, request, "project"), "name", name);
	call.request = message_pack(p->arena, request);
	return make(p, p->arena, &call, made, err);
}

int
pfs_make_repo(struct pachd *p, const struct pfs_ref *at, enum pfs_made *made, struct err *err)
{
	ProtobufCMessage *request = rpc_request(p, p->arena, METHOD_CREATE_REPO);
	struct call call = rpc_call(p, METHOD_CREATE_REPO);

	pfs_build_repo(p, p->arena, request, "repo", at);
	call.request = message_pack(p->arena, request);
	return make(p, p->arena, &call, made, err);
}

int
pfs_make_branch(struct pachd *p, const struct pfs_ref *at, struct err *err)
{
	ProtobufCMessage *request = rpc_request(p, p->arena, METHOD_CREATE_BRANCH);
	ProtobufCMessage *branch = build_message(p->arena, request, "branch");
	struct call call = rpc_call(p, METHOD_CREATE_BRANCH);
	enum pfs_made made;

	pfs_build_repo(p, p->arena, branch, "repo", at);
	build_string(p->arena, branch, "name", at->ref);
	call.request = message_pack(p->arena, request);
	return make(p, p->arena, &call, &made, err);
}
