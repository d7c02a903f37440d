#include "pachd/pfs/pfs.h"

#include "pachd/pfs/pfs_private.h"

void
pfs_build_repo(const struct pachd *p, struct arena *a, ProtobufCMessage *message, const char *name,
    const struct pfs_ref *at)
{
	ProtobufCMessage *repo = build_message(a, message, name);

	build_string(a, repo, "name", at->repo);
	if (is_1x(p))
		return;
	build_string(a, repo, "type", STR("user"));
	if (p->facts.projects)
		build_string(a, build_message(a, repo, "project"), "name", at->project);
}

void
pfs_build_branch(
    const struct pachd *p, struct arena *a, ProtobufCMessage *message, const struct pfs_ref *at)
{
	ProtobufCMessage *branch = build_message(a, message, "branch");

	pfs_build_repo(p, a, branch, "repo", at);
	build_string(a, branch, "name", at->ref);
}

/* 32 small hex digits. */
static bool
is_id(struct str ref)
{
	return ref.len == 32 && str_is_of(ref, CHARS_HEX);
}

/* 2.x: a branch goes into `branch`, an id or an expression into `id`. */
void
pfs_build_commit(const struct pachd *p, struct arena *a, ProtobufCMessage *message,
    const char *name, const struct pfs_ref *at)
{
	ProtobufCMessage *commit = build_message(a, message, name), *branch;
	bool is_branch = !is_id(at->ref) && str_find(at->ref, '^') == at->ref.len
	                 && str_find(at->ref, '~') == at->ref.len;

	if (is_1x(p)) {
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
	       && (is_missing(call)
	           || (call->status == GRPC_UNKNOWN
	               && (call_says(call, "no file(s) found") || call_says(call, "has no head"))));
}

bool
pfs_is_there(const struct call *call)
{
	return call->answered
	       && (call->status == GRPC_ALREADY_EXISTS
	           || (call->status == GRPC_UNKNOWN && call_says(call, "already exists")));
}

static bool
names_repo(const struct call *call)
{
	return str_starts(call->message, "repo ");
}

/* Whether a pipeline makes the branch: its inputs are its provenance, in 1.x with the spec of the pipeline. */
static bool
is_output(const ProtobufCMessage *info)
{
	return message_count(info, "provenance") > 0
	       || message_count(info, "direct_provenance") > 0;
}

int
pfs_branch(struct pachd *p, struct arena *a, const struct pfs_ref *at, struct pfs_branch *out,
    struct err *err)
{
	ProtobufCMessage *request = rpc_request(p, a, METHOD_INSPECT_BRANCH), *info;
	struct call call = rpc_call(p, METHOD_INSPECT_BRANCH);
	int rc;

	*out = (struct pfs_branch){ .head = STR("") };
	pfs_build_branch(p, a, request, at);
	call.request = message_pack(a, request);
	rc = rpc_ask(p, a, &call, err);
	if (rc < 0 && pfs_is_missing(&call)) {
		out->has_repo = !names_repo(&call);
		return 0;
	}
	if (rc < 0 || rpc_reply(p, a, METHOD_INSPECT_BRANCH, &call, &info, err) < 0)
		return -1;
	out->has_repo = out->exists = true;
	out->is_output = is_output(info);
	out->head = message_string(message_message(info, "head"), "id");
	return 0;
}

/* Sends a call that creates something, once; what exists already is as good. */
static int
send_create(struct pachd *p, enum method_id id, const ProtobufCMessage *request,
    enum pfs_made *made, struct err *err)
{
	struct call call = rpc_call(p, id);
	int rc;

	call.request = message_pack(p->arena, request);
	rc = rpc_send(p, p->arena, &call, err);
	*made = rc == 0 ? PFS_MADE : PFS_WAS_THERE;
	return rc == 0 || pfs_is_there(&call) ? 0 : -1;
}

int
pfs_make_project(struct pachd *p, struct str name, enum pfs_made *made, struct err *err)
{
	ProtobufCMessage *request = rpc_request(p, p->arena, METHOD_CREATE_PROJECT);

	build_string(p->arena, build_message(p->arena, request, "project"), "name", name);
	return send_create(p, METHOD_CREATE_PROJECT, request, made, err);
}

int
pfs_make_repo(struct pachd *p, const struct pfs_ref *at, enum pfs_made *made, struct err *err)
{
	ProtobufCMessage *request = rpc_request(p, p->arena, METHOD_CREATE_REPO);

	pfs_build_repo(p, p->arena, request, "repo", at);
	return send_create(p, METHOD_CREATE_REPO, request, made, err);
}

int
pfs_make_branch(struct pachd *p, const struct pfs_ref *at, struct err *err)
{
	ProtobufCMessage *request = rpc_request(p, p->arena, METHOD_CREATE_BRANCH);
	enum pfs_made made;

	pfs_build_branch(p, p->arena, request, at);
	return send_create(p, METHOD_CREATE_BRANCH, request, &made, err);
}
