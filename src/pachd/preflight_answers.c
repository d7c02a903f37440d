#include "pachd/preflight_answers.h"

#include "auth.pb-c.h"
#include "auth_v2.pb-c.h"
#include "base/arena.h"
#include "pfs.pb-c.h"
#include "pfs_v2.pb-c.h"

static bool
holds(const AuthV2__Permission *list, size_t count, AuthV2__Permission wanted)
{
	for (size_t i = 0; i < count; i++)
		if (list[i] == wanted)
			return true;
	return false;
}

static struct pachd_rights
repo_rights(const AuthV2__Permission *list, size_t count)
{
	return (struct pachd_rights){
		.reported = true,
		.read = holds(list, count, AUTH_V2__PERMISSION__REPO_READ),
		.add_reader = holds(list, count, AUTH_V2__PERMISSION__REPO_ADD_PIPELINE_READER),
		.write = holds(list, count, AUTH_V2__PERMISSION__REPO_WRITE),
		.create_branch = holds(list, count, AUTH_V2__PERMISSION__REPO_CREATE_BRANCH),
		.erase = holds(list, count, AUTH_V2__PERMISSION__REPO_DELETE),
	};
}

static struct pachd_rights
scope_rights(const Pfs__RepoAuthInfo *info)
{
	Auth__Scope scope = info->has_access_level ? info->access_level : AUTH__SCOPE__NONE;
	bool read = scope >= AUTH__SCOPE__READER, write = scope >= AUTH__SCOPE__WRITER;

	return (struct pachd_rights){
		.reported = true,
		.read = read,
		.add_reader = read,
		.write = write,
		.create_branch = write,
		.erase = scope >= AUTH__SCOPE__OWNER,
	};
}

void
preflight_learn_repo(struct arena *a, const ProtobufCMessage *info, struct pachd_repo *out)
{
	ProtobufCMessage **branches = message_list(info, "branches");
	size_t count = message_count(info, "branches");
	const ProtobufCMessage *auth = message_message(info, "auth_info");

	out->known = PACHD_PRESENT;
	out->branches = ARENA_ARRAY(a, count, struct str);
	for (size_t i = 0; i < count; i++)
		out->branches[out->branch_count++] = message_string(branches[i], "name");
	if (auth && auth->descriptor == &pfs__repo_auth_info__descriptor)
		out->rights = scope_rights((const Pfs__RepoAuthInfo *)auth);
	else if (auth)
		out->rights = repo_rights(((const PfsV2__AuthInfo *)auth)->permissions,
		    ((const PfsV2__AuthInfo *)auth)->n_permissions);
}

void
preflight_learn_rights(struct arena *a, const struct call *call, struct pachd_project *out)
{
	const AuthV2__GetPermissionsResponse *m = NULL;

	if (call->status == GRPC_OK)
		m = (const AuthV2__GetPermissionsResponse *)message_read(
		    a, &auth_v2__get_permissions_response__descriptor, call->replies[0]);
	if (!m)
		return;
	out->rights = (struct pachd_rights){
		.reported = true,
		.list_repos =
		    holds(m->permissions, m->n_permissions, AUTH_V2__PERMISSION__PROJECT_LIST_REPO),
		.create_repo = holds(
		    m->permissions, m->n_permissions, AUTH_V2__PERMISSION__PROJECT_CREATE_REPO),
	};
}
