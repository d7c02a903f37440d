#include "pachd/preflight.h"

#include "pachd/preflight_calls.h"

#include <stdlib.h>
#include <string.h>

#include "auth.pb-c.h"
#include "auth_v2.pb-c.h"
#include "base/arena.h"
#include "pfs.pb-c.h"
#include "pfs_v2.pb-c.h"
#include "pps.pb-c.h"
#include "pps_v2.pb-c.h"

/* A list costs the server all repos of the projects, a single question costs a call. */
enum { MAX_SINGLE_REPOS = 16, CALLS_PER_PROJECT = 2 };

static bool
is_list(const struct pachd_preflight *asked)
{
	return asked->repo_count > MAX_SINGLE_REPOS;
}

size_t
preflight_calls(const struct pachd_preflight *asked)
{
	return (is_list(asked) ? 1 : asked->repo_count) + asked->secret_count
	       + CALLS_PER_PROJECT * asked->project_count + (asked->wants_id ? 1 : 0);
}

struct str
inspect_repo_request(struct arena *a, const struct api *api, const struct pachd_target *target)
{
	Pfs__Repo one = PFS__REPO__INIT;
	Pfs__InspectRepoRequest request_one = PFS__INSPECT_REPO_REQUEST__INIT;
	PfsV2__Project project = PFS_V2__PROJECT__INIT;
	PfsV2__Repo two = PFS_V2__REPO__INIT;
	PfsV2__InspectRepoRequest request_two = PFS_V2__INSPECT_REPO_REQUEST__INIT;

	one.name = two.name = arena_cstr(a, target->name);
	request_one.repo = &one;
	if (api == &api_1)
		return message_pack(a, &request_one.base);
	two.type = arena_cstr(a, STR("user"));
	project.name = arena_cstr(a, target->project);
	two.project = &project; /* before 2.5 an unknown field, which servers pass over */
	request_two.repo = &two;
	return message_pack(a, &request_two.base);
}

/* Of all projects that are asked for: before 2.5 of the whole cluster. */
static struct str
list_request(struct arena *a, const struct api *api, const struct pachd_preflight *asked)
{
	PfsV2__ListRepoRequest request = PFS_V2__LIST_REPO_REQUEST__INIT;
	PfsV2__Project *projects = ARENA_ARRAY(a, asked->repo_count, PfsV2__Project);
	PfsV2__Project **list = ARENA_ARRAY(a, asked->repo_count, PfsV2__Project *);

	if (api == &api_1)
		return (struct str){ "", 0 };
	for (size_t i = 0; i < asked->repo_count; i++) {
		struct str name = asked->repos[i].target.project;
		bool known = i > 0 && str_eq(name, asked->repos[i - 1].target.project);

		for (size_t j = 0; !known && j < request.n_projects; j++)
			known = str_is(name, list[j]->name);
		if (known)
			continue;
		pfs_v2__project__init(&projects[i]);
		projects[i].name = arena_cstr(a, name);
		list[request.n_projects++] = &projects[i];
	}
	request.projects = list;
	request.type = arena_cstr(a, STR("user"));
	return message_pack(a, &request.base);
}

static struct str
secret_request(struct arena *a, const struct api *api, struct str name)
{
	Pps__SecretMount one = PPS__SECRET_MOUNT__INIT;
	Pps__InspectSecretRequest request_one = PPS__INSPECT_SECRET_REQUEST__INIT;
	PpsV2__Secret two = PPS_V2__SECRET__INIT;
	PpsV2__InspectSecretRequest request_two = PPS_V2__INSPECT_SECRET_REQUEST__INIT;

	one.name = two.name = arena_cstr(a, name);
	request_one.secret = &one;
	request_two.secret = &two;
	return api == &api_1 ? message_pack(a, &request_one.base)
	                     : message_pack(a, &request_two.base);
}

static struct str
project_request(struct arena *a, struct str name)
{
	PfsV2__Project project = PFS_V2__PROJECT__INIT;
	PfsV2__InspectProjectRequest request = PFS_V2__INSPECT_PROJECT_REQUEST__INIT;

	project.name = arena_cstr(a, name);
	request.project = &project;
	return message_pack(a, &request.base);
}

static struct str
rights_request(struct arena *a, struct str project)
{
	AuthV2__Resource resource = AUTH_V2__RESOURCE__INIT;
	AuthV2__GetPermissionsRequest request = AUTH_V2__GET_PERMISSIONS_REQUEST__INIT;

	resource.has_type = 1;
	resource.type = AUTH_V2__RESOURCE_TYPE__PROJECT;
	resource.name = arena_cstr(a, project);
	request.resource = &resource;
	return message_pack(a, &request.base);
}

static size_t
ask_repos(const struct preflight *q, struct arena *a)
{
	const struct pachd_preflight *asked = q->asked;

	if (is_list(asked)) {
		q->calls[0] = (struct call){
			.method = q->api->list_repo,
			.request = list_request(a, q->api, asked),
			.streams = q->api == &api_2,
		};
		return 1;
	}
	for (size_t i = 0; i < asked->repo_count; i++)
		q->calls[i] = (struct call){
			.method = q->api->inspect_repo,
			.request = inspect_repo_request(a, q->api, &asked->repos[i].target),
		};
	return asked->repo_count;
}

/* The project that every cluster has. */
static bool
is_built_in(struct str project)
{
	return str_is(project, "default");
}

size_t
preflight_ask(const struct preflight *q, struct arena *a)
{
	const struct pachd_preflight *asked = q->asked;
	size_t n = ask_repos(q, a);

	for (size_t i = 0; i < asked->secret_count; i++)
		q->calls[n++] = (struct call){
			.method = q->api->inspect_secret,
			.request = secret_request(a, q->api, asked->secrets[i].name),
		};
	if (asked->wants_id)
		q->calls[n++] = (struct call){ .method = q->api->inspect_cluster };
	for (size_t i = 0; i < asked->project_count && q->api == &api_2; i++) {
		struct str name = asked->projects[i].name;

		if (!is_built_in(name))
			q->calls[n++] = (struct call){ .method = "/pfs_v2.API/InspectProject",
				.request = project_request(a, name) };
		if (asked->has_login)
			q->calls[n++] = (struct call){ .method = "/auth_v2.API/GetPermissions",
				.request = rights_request(a, name) };
	}
	return n;
}

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
	};
}

/* From a RepoInfo of either line. */
static void
learn_repo(struct arena *a, const ProtobufCMessage *info, struct pachd_repo *out)
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

/* A refusal that says that the very thing is not there: codes from 2.1 on, texts before. */
static bool
is_missing(const struct call *call)
{
	return call->status == GRPC_NOT_FOUND
	       || (call->status == GRPC_UNKNOWN && call->message.ptr
	           && strstr(call->message.ptr, "not found"));
}

enum pachd_presence
preflight_known(const struct call *call)
{
	if (call->status == GRPC_OK)
		return PACHD_PRESENT;
	return is_missing(call) ? PACHD_MISSING : PACHD_UNKNOWN;
}

static const ProtobufCMessageDescriptor *
repo_info(const struct preflight *q)
{
	return q->api == &api_1 ? &pfs__repo_info__descriptor : &pfs_v2__repo_info__descriptor;
}

static void
learn_single(const struct preflight *q, struct arena *a)
{
	for (size_t i = 0; i < q->asked->repo_count; i++) {
		const struct call *call = &q->calls[i];
		const ProtobufCMessage *info = NULL;

		if (call->status == GRPC_OK)
			info = message_read(a, repo_info(q), call->replies[0]);
		if (info)
			learn_repo(a, info, &q->asked->repos[i]);
		else if (call->status != GRPC_OK)
			q->asked->repos[i].known = preflight_known(call);
	}
}

static int
by_target(const void *left, const void *right)
{
	const struct pachd_target *a = &(*(struct pachd_repo *const *)left)->target,
	                          *b = &(*(struct pachd_repo *const *)right)->target;
	int order = str_cmp(a->name, b->name);

	return order ? order : str_cmp(a->project, b->project);
}

static void
sort_in(const struct preflight *q, struct arena *a, const ProtobufCMessage *info,
    struct pachd_repo *const *sorted)
{
	const ProtobufCMessage *repo = message_message(info, "repo");
	struct pachd_repo key = { .target = {
		                      .project =
		                          message_string(message_message(repo, "project"), "name"),
		                      .name = message_string(repo, "name"),
		                  } };
	struct pachd_repo *wanted = &key, *const * found;

	if (key.target.project.len == 0)
		key.target.project = STR("default");
	found = bsearch(&wanted, sorted, q->asked->repo_count, sizeof(wanted), by_target);
	if (found && (*found)->known != PACHD_PRESENT)
		learn_repo(a, info, *found);
}

static void
learn_list(const struct preflight *q, struct arena *a)
{
	const struct call *call = q->calls;
	size_t count = q->asked->repo_count;
	struct pachd_repo **sorted = ARENA_ARRAY(a, count, struct pachd_repo *);
	const ProtobufCMessageDescriptor *type =
	    q->api == &api_1 ? &pfs__list_repo_response__descriptor : repo_info(q);

	if (call->status != GRPC_OK)
		return;
	for (size_t i = 0; i < count; i++) {
		sorted[i] = &q->asked->repos[i];
		sorted[i]->known = PACHD_MISSING;
	}
	qsort(sorted, count, sizeof(struct pachd_repo *), by_target);
	for (size_t i = 0; i < call->reply_count; i++) {
		const ProtobufCMessage *m = message_read(a, type, call->replies[i]);
		ProtobufCMessage **list = m ? message_list(m, "repo_info") : NULL;

		if (m && q->api == &api_2)
			sort_in(q, a, m, sorted);
		for (size_t j = 0; list && j < message_count(m, "repo_info"); j++)
			sort_in(q, a, list[j], sorted);
	}
}

static void
learn_rights(struct arena *a, const struct call *call, struct pachd_project *out)
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

/* In the order of preflight_ask(). */
static void
learn_projects(const struct preflight *q, struct arena *a, const struct call *next)
{
	for (size_t i = 0; i < q->asked->project_count; i++) {
		struct pachd_project *one = &q->asked->projects[i];

		one->known = is_built_in(one->name) ? PACHD_PRESENT : preflight_known(next++);
		if (q->asked->has_login)
			learn_rights(a, next++, one);
	}
}

/* A list leaves out the repos of projects whose repos the user may not see (2.6+). */
static void
doubt_list(struct pachd_preflight *asked)
{
	for (size_t i = 0; i < asked->repo_count; i++)
		for (size_t k = 0; k < asked->project_count; k++) {
			const struct pachd_project *project = &asked->projects[k];
			struct pachd_repo *repo = &asked->repos[i];

			if (repo->known == PACHD_MISSING && project->rights.reported
			    && !project->rights.list_repos
			    && str_eq(project->name, repo->target.project))
				repo->known = PACHD_UNKNOWN;
		}
}

/* Both lines call it `id`. */
static struct str
cluster_id(const struct preflight *q, struct arena *a, const struct call *call)
{
	if (call->status != GRPC_OK)
		return (struct str){ "", 0 };
	return message_string(message_read(a, q->api->cluster_info, call->replies[0]), "id");
}

void
preflight_read(const struct preflight *q, struct arena *a, bool has_projects)
{
	struct pachd_preflight *asked = q->asked;
	size_t n = is_list(asked) ? 1 : asked->repo_count;

	if (is_list(asked))
		learn_list(q, a);
	else
		learn_single(q, a);
	for (size_t i = 0; i < asked->secret_count; i++)
		asked->secrets[i].known = preflight_known(&q->calls[n++]);
	if (asked->wants_id)
		asked->id = cluster_id(q, a, &q->calls[n++]);
	if (has_projects)
		learn_projects(q, a, &q->calls[n]);
	if (is_list(asked))
		doubt_list(asked);
}
