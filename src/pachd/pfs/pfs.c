#include "pachd/pfs/pfs.h"

#include <string.h>

#include "base/arena.h"
#include "pachd/pfs/pfs_private.h"
#include "pfs.pb-c.h"
#include "pfs_v2.pb-c.h"

static const struct pfs_line pfs_1 = {
	.inspect_branch = "/pfs.API/InspectBranch",
	.create_branch = "/pfs.API/CreateBranch",
	.create_repo = "/pfs.API/CreateRepo",
	.inspect_commit = "/pfs.API/InspectCommit",
	.list_commit = "/pfs.API/ListCommitStream",
	.list_file = "/pfs.API/ListFileStream",
	.walk_file = "/pfs.API/WalkFile",
	.inspect_file = "/pfs.API/InspectFile",
	.get_file = "/pfs.API/GetFile",
	.put = "/pfs.API/PutFile",
	.inspect_branch_request = &pfs__inspect_branch_request__descriptor,
	.create_branch_request = &pfs__create_branch_request__descriptor,
	.create_repo_request = &pfs__create_repo_request__descriptor,
	.inspect_commit_request = &pfs__inspect_commit_request__descriptor,
	.list_commit_request = &pfs__list_commit_request__descriptor,
	.list_file_request = &pfs__list_file_request__descriptor,
	.walk_file_request = &pfs__walk_file_request__descriptor,
	.inspect_file_request = &pfs__inspect_file_request__descriptor,
	.get_file_request = &pfs__get_file_request__descriptor,
	.put_request = &pfs__put_file_request__descriptor,
	.branch_info = &pfs__branch_info__descriptor,
	.commit_info = &pfs__commit_info__descriptor,
	.file_info = &pfs__file_info__descriptor,
};

static const struct pfs_line pfs_2 = {
	.inspect_branch = "/pfs_v2.API/InspectBranch",
	.create_branch = "/pfs_v2.API/CreateBranch",
	.create_repo = "/pfs_v2.API/CreateRepo",
	.inspect_commit = "/pfs_v2.API/InspectCommit",
	.list_commit = "/pfs_v2.API/ListCommit",
	.list_file = "/pfs_v2.API/ListFile",
	.walk_file = "/pfs_v2.API/WalkFile",
	.inspect_file = "/pfs_v2.API/InspectFile",
	.get_file = "/pfs_v2.API/GetFile",
	.put = "/pfs_v2.API/ModifyFile",
	.inspect_branch_request = &pfs_v2__inspect_branch_request__descriptor,
	.create_branch_request = &pfs_v2__create_branch_request__descriptor,
	.create_repo_request = &pfs_v2__create_repo_request__descriptor,
	.inspect_commit_request = &pfs_v2__inspect_commit_request__descriptor,
	.list_commit_request = &pfs_v2__list_commit_request__descriptor,
	.list_file_request = &pfs_v2__list_file_request__descriptor,
	.walk_file_request = &pfs_v2__walk_file_request__descriptor,
	.inspect_file_request = &pfs_v2__inspect_file_request__descriptor,
	.get_file_request = &pfs_v2__get_file_request__descriptor,
	.put_request = &pfs_v2__modify_file_request__descriptor,
	.branch_info = &pfs_v2__branch_info__descriptor,
	.commit_info = &pfs_v2__commit_info__descriptor,
	.file_info = &pfs_v2__file_info__descriptor,
};

const struct pfs_line *
pfs_line_of(const struct pachd *p)
{
	return pachd_is_1x(&p->facts) ? &pfs_1 : &pfs_2;
}

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
	                   || str_holds(call->message, STR("has no head")))));
}

static bool
is_there(const struct call *call)
{
	return call->answered
	       && (call->status == GRPC_ALREADY_EXISTS
	           || (call->status == GRPC_UNKNOWN
	               && str_holds(call->message, STR("already exists"))));
}

int
pfs_ask(struct pachd *p, struct arena *a, struct call *call, struct err *err)
{
	if (channel_ask(p->channel, call, 1, a, err) < 0)
		return -1;
	return call->status == GRPC_OK ? 0 : rpc_error(p, call, err);
}

int
pfs_answer(const struct call *call, struct arena *a, const ProtobufCMessageDescriptor *type,
    ProtobufCMessage **out, struct err *err)
{
	*out = call->reply_count > 0 ? message_read(a, type, call->replies[0]) : NULL;
	return *out ? 0 : err_set(err, ERR_NETWORK, "the cluster's answer cannot be read");
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
	const struct pfs_line *line = pfs_line_of(p);
	ProtobufCMessage *request = message_new(a, line->inspect_branch_request);
	ProtobufCMessage *branch = build_message(a, request, "branch"), *info;
	struct call call = { .method = line->inspect_branch };
	int rc;

	*out = (struct pfs_branch){ .head = STR("") };
	pfs_build_repo(p, a, branch, "repo", at);
	build_string(a, branch, "name", at->ref);
	call.request = message_pack(a, request);
	rc = pfs_ask(p, a, &call, err);
	if (rc < 0 && pfs_is_missing(&call)) {
		out->has_repo = !names_repo(&call);
		return 0;
	}
	if (rc < 0 || pfs_answer(&call, a, line->branch_info, &info, err) < 0)
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
	*made = PFS_MADE;
	if (channel_run(p->channel, call, 1, a, err) < 0)
		return -1;
	if (call->status == GRPC_OK)
		return 0;
	*made = PFS_WAS_THERE;
	return is_there(call) ? 0 : rpc_error(p, call, err);
}

int
pfs_make_project(struct pachd *p, struct str name, enum pfs_made *made, struct err *err)
{
	ProtobufCMessage *request =
	    message_new(p->arena, &pfs_v2__create_project_request__descriptor);
	struct call call = { .method = "/pfs_v2.API/CreateProject" };

	build_string(p->arena, build_message(p->arena, request, "project"), "name", name);
	call.request = message_pack(p->arena, request);
	return make(p, p->arena, &call, made, err);
}

int
pfs_make_repo(struct pachd *p, const struct pfs_ref *at, enum pfs_made *made, struct err *err)
{
	const struct pfs_line *line = pfs_line_of(p);
	ProtobufCMessage *request = message_new(p->arena, line->create_repo_request);
	struct call call = { .method = line->create_repo };

	pfs_build_repo(p, p->arena, request, "repo", at);
	call.request = message_pack(p->arena, request);
	return make(p, p->arena, &call, made, err);
}

int
pfs_make_branch(struct pachd *p, const struct pfs_ref *at, struct err *err)
{
	const struct pfs_line *line = pfs_line_of(p);
	ProtobufCMessage *request = message_new(p->arena, line->create_branch_request);
	ProtobufCMessage *branch = build_message(p->arena, request, "branch");
	struct call call = { .method = line->create_branch };
	enum pfs_made made;

	pfs_build_repo(p, p->arena, branch, "repo", at);
	build_string(p->arena, branch, "name", at->ref);
	call.request = message_pack(p->arena, request);
	return make(p, p->arena, &call, &made, err);
}
