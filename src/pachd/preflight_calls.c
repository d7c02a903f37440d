#include "pachd/preflight_calls.h"

#include "auth_v2.pb-c.h"
#include "pachd/rpc.h"
#include "wire/build.h"

/* A user's repo; before 2.5 its project is an unknown field, which servers ignore. */
static void
build_repo(
    struct arena *a, ProtobufCMessage *message, enum api api, const struct pachd_target *target)
{
	ProtobufCMessage *repo = build_message(a, message, "repo");

	build_string(a, repo, "name", target->name);
	if (api == API_1)
		return;
	build_string(a, repo, "type", STR("user"));
	build_string(a, build_message(a, repo, "project"), "name", target->project);
}

struct str
inspect_repo_request(struct arena *a, enum api api, const struct pachd_target *target)
{
	ProtobufCMessage *m = message_new(a, method_of(api, METHOD_INSPECT_REPO)->request);

	build_repo(a, m, api, target);
	return message_pack(a, m);
}

struct str
list_repos_request(struct arena *a, enum api api, const struct pachd_preflight *asked)
{
	ProtobufCMessage *m = message_new(a, method_of(api, METHOD_LIST_REPO)->request);

	if (api == API_1)
		return STR("");
	for (size_t i = 0; i < asked->repo_count; i++)
		rpc_add_project(a, m, asked->repos[i].target.project);
	build_string(a, m, "type", STR("user"));
	return message_pack(a, m);
}

struct str
branch_request(struct arena *a, const struct pachd_repo *repo)
{
	ProtobufCMessage *m = message_new(a, method_of(API_2, METHOD_INSPECT_BRANCH)->request);
	ProtobufCMessage *branch = build_message(a, m, "branch");

	build_repo(a, branch, API_2, &repo->target);
	build_string(a, branch, "name", repo->branch);
	return message_pack(a, m);
}

struct str
secret_request(struct arena *a, enum api api, struct str name)
{
	ProtobufCMessage *m = message_new(a, method_of(api, METHOD_INSPECT_SECRET)->request);

	build_string(a, build_message(a, m, "secret"), "name", name);
	return message_pack(a, m);
}

struct str
project_request(struct arena *a, struct str name)
{
	ProtobufCMessage *m = message_new(a, method_of(API_2, METHOD_INSPECT_PROJECT)->request);

	build_string(a, build_message(a, m, "project"), "name", name);
	return message_pack(a, m);
}

struct str
rights_request(struct arena *a, struct str project)
{
	ProtobufCMessage *m = message_new(a, method_of(API_2, METHOD_GET_PERMISSIONS)->request);
	ProtobufCMessage *resource = build_message(a, m, "resource");

	message_set_int(resource, "type", AUTH_V2__RESOURCE_TYPE__PROJECT);
	build_string(a, resource, "name", project);
	return message_pack(a, m);
}
