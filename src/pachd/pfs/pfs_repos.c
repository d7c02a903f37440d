/* All repos of a cluster. */
#include <stdlib.h>

#include "base/arena.h"
#include "pachd/pfs/pfs.h"
#include "pachd/pfs/pfs_private.h"

static int
by_title(const void *left, const void *right)
{
	const struct pfs_repo *a = left, *b = right;
	int order = str_cmp(a->project, b->project);

	return order ? order : str_cmp(a->name, b->name);
}

static void
read_repo(struct arena *a, const ProtobufCMessage *info, struct pfs_repo *out)
{
	struct pachd_target repo = target_read(message_message(info, "repo"));
	ProtobufCMessage **branches = message_list(info, "branches");
	size_t count = message_count(info, "branches");

	*out = (struct pfs_repo){ .project = repo.project,
		.name = repo.name,
		.description = message_string(info, "description"),
		.branches = ARENA_ARRAY(a, count, struct str) };
	for (size_t i = 0; i < count; i++)
		out->branches[out->branch_count++] = message_string(branches[i], "name");
}

static int
list_repos(struct pachd *p, struct arena *a, struct str project, struct pfs_repo **out,
    size_t *count, struct err *err)
{
	ProtobufCMessage *request = rpc_request(p, a, METHOD_LIST_REPO);
	struct call call = rpc_call(p, METHOD_LIST_REPO);
	struct rpc_list infos;

	if (!is_1x(p))
		build_string(a, request, "type", STR("user"));
	if (project.len > 0)
		rpc_add_project(a, request, project);
	call.request = message_pack(a, request);
	if (rpc_ask(p, a, &call, err) < 0)
		return call.answered ? err_wrap(err, "cannot list the repos") : -1;
	if (!rpc_read_list(p, a, METHOD_LIST_REPO, "repo_info", &call, &infos))
		return err_set(err, ERR_NETWORK, "cannot parse the list of repos");
	*count = infos.count;
	*out = ARENA_ARRAY(a, infos.count, struct pfs_repo);
	for (size_t i = 0; i < infos.count; i++)
		read_repo(a, infos.list[i], &(*out)[i]);
	if (infos.count > 1)
		qsort(*out, infos.count, sizeof(**out), by_title);
	return 0;
}

int
pfs_repos(struct pachd *p, struct arena *a, struct pfs_repo **out, size_t *count, struct err *err)
{
	return list_repos(p, a, STR(""), out, count, err);
}

int
pfs_project_repos(struct pachd *p, struct arena *a, struct str project, struct pfs_repo **out,
    size_t *count, struct err *err)
{
	return list_repos(p, a, project, out, count, err);
}
