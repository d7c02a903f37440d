#include "pachd/preflight_calls.h"

#include "auth_v2.pb-c.h"
#include "base/arena.h"
#include "pfs.pb-c.h"
#include "pfs_v2.pb-c.h"
#include "pps.pb-c.h"
#include "pps_v2.pb-c.h"

struct str
inspect_repo_request(struct arena *a, enum api api, const struct pachd_target *target)
{
	Pfs__Repo one = PFS__REPO__INIT;
	Pfs__InspectRepoRequest request_one = PFS__INSPECT_REPO_REQUEST__INIT;
	PfsV2__Project project = PFS_V2__PROJECT__INIT;
	PfsV2__Repo two = PFS_V2__REPO__INIT;
	PfsV2__InspectRepoRequest request_two = PFS_V2__INSPECT_REPO_REQUEST__INIT;

	one.name = two.name = arena_cstr(a, target->name);
	request_one.repo = &one;
	if (api == API_1)
		return message_pack(a, &request_one.base);
	two.type = arena_cstr(a, STR("user"));
	project.name = arena_cstr(a, target->project);
	two.project = &project; /* before 2.5 an unknown field, which servers pass over */
	request_two.repo = &two;
	return message_pack(a, &request_two.base);
}

/* Of all projects that are asked for: before 2.5 of the whole cluster. */
struct str
list_repos_request(struct arena *a, enum api api, const struct pachd_preflight *asked)
{
	PfsV2__ListRepoRequest request = PFS_V2__LIST_REPO_REQUEST__INIT;
	PfsV2__Project *projects = ARENA_ARRAY(a, asked->repo_count, PfsV2__Project);
	PfsV2__Project **list = ARENA_ARRAY(a, asked->repo_count, PfsV2__Project *);

	if (api == API_1)
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

struct str
secret_request(struct arena *a, enum api api, struct str name)
{
	Pps__SecretMount one = PPS__SECRET_MOUNT__INIT;
	Pps__InspectSecretRequest request_one = PPS__INSPECT_SECRET_REQUEST__INIT;
	PpsV2__Secret two = PPS_V2__SECRET__INIT;
	PpsV2__InspectSecretRequest request_two = PPS_V2__INSPECT_SECRET_REQUEST__INIT;

	one.name = two.name = arena_cstr(a, name);
	request_one.secret = &one;
	request_two.secret = &two;
	return api == API_1 ? message_pack(a, &request_one.base)
	                    : message_pack(a, &request_two.base);
}

struct str
project_request(struct arena *a, struct str name)
{
	PfsV2__Project project = PFS_V2__PROJECT__INIT;
	PfsV2__InspectProjectRequest request = PFS_V2__INSPECT_PROJECT_REQUEST__INIT;

	project.name = arena_cstr(a, name);
	request.project = &project;
	return message_pack(a, &request.base);
}

struct str
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

struct str
branch_request(struct arena *a, const struct pachd_repo *repo)
{
	PfsV2__Project project = PFS_V2__PROJECT__INIT;
	PfsV2__Repo one = PFS_V2__REPO__INIT;
	PfsV2__Branch branch = PFS_V2__BRANCH__INIT;
	PfsV2__InspectBranchRequest request = PFS_V2__INSPECT_BRANCH_REQUEST__INIT;

	project.name = arena_cstr(a, repo->target.project);
	one.name = arena_cstr(a, repo->target.name);
	one.type = arena_cstr(a, STR("user"));
	one.project = &project;
	branch.repo = &one;
	branch.name = arena_cstr(a, repo->branch);
	request.branch = &branch;
	return message_pack(a, &request.base);
}
