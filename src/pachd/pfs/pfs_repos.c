/* All repos of a cluster. */
#include <stdlib.h>

#include "base/arena.h"
#include "pachd/pfs/pfs.h"
#include "pachd/pfs/pfs_private.h"

struct listing {
	struct arena *arena;
	struct pfs_repo *list;
	size_t count, room;
};

static int
by_title(const void *left, const void *right)
{
	const struct pfs_repo *a = left, *b = right;
	int order = str_cmp(a->project, b->project);

	return order ? order : str_cmp(a->name, b->name);
}

static void
add_repo(struct listing *l, const ProtobufCMessage *info)
{
	const ProtobufCMessage *repo = message_message(info, "repo");
	ProtobufCMessage **branches = message_list(info, "branches");
	size_t count = message_count(info, "branches");
	struct pfs_repo *one;

	l->list = arena_grow(l->arena, l->list, l->count, &l->room, sizeof(*l->list));
	one = &l->list[l->count++];
	*one = (struct pfs_repo){ .project = STR("default"),
		.name = message_string(repo, "name"),
		.description = message_string(info, "description"),
		.branches = ARENA_ARRAY(l->arena, count, struct str) };
	if (message_message(repo, "project"))
		one->project = message_string(message_message(repo, "project"), "name");
	for (size_t i = 0; i < count; i++)
		one->branches[one->branch_count++] = message_string(branches[i], "name");
}

static int
list(struct pachd *p, struct arena *a, struct str project, struct pfs_repo **out, size_t *count,
    struct err *err)
{
	ProtobufCMessage *request = rpc_request(p, a, METHOD_LIST_REPO);
	const struct method *method = rpc_method(p, METHOD_LIST_REPO);
	struct call call = rpc_call(p, METHOD_LIST_REPO);
	struct listing l = { .arena = a };

	if (!pachd_is_1x(&p->facts))
		build_string(a, request, "type", STR("user"));
	if (project.len > 0)
		build_string(a, build_element(a, request, "projects"), "name", project);
	call.request = message_pack(a, request);
	if (rpc_ask(p, a, &call, err) < 0)
		return call.answered ? err_wrap(err, "cannot list the repos") : -1;
	for (size_t i = 0; i < call.reply_count; i++) {
		ProtobufCMessage *m = message_read(a, method->reply, call.replies[i]);

		if (!m)
			return err_set(err, ERR_NETWORK, "cannot parse the list of repos");
		if (method->streams)
			add_repo(&l, m);
		for (size_t k = 0; !method->streams && k < message_count(m, "repo_info"); k++)
			add_repo(&l, message_list(m, "repo_info")[k]);
	}
	if (l.count > 1)
		qsort(l.list, l.count, sizeof(*l.list), by_title);
	*out = l.list;
	*count = l.count;
	return 0;
}

int
pfs_repos(struct pachd *p, struct arena *a, struct pfs_repo **out, size_t *count, struct err *err)
{
	return list(p, a, STR(""), out, count, err);
}

int
pfs_project_repos(struct pachd *p, struct arena *a, struct str project, struct pfs_repo **out,
    size_t *count, struct err *err)
{
	return list(p, a, project, out, count, err);
}
