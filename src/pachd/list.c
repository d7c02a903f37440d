#include "pachd/list.h"

#include <stdlib.h>

#include "base/arena.h"
#include "pachd/rpc.h"
#include "wire/build.h"

static int
by_title(const void *left, const void *right)
{
	const struct pachd_listed *a = left, *b = right;
	int order = str_cmp(a->project, b->project);

	return order ? order : str_cmp(a->name, b->name);
}

static int
list_pipelines(
    struct pachd *p, struct str project, struct pachd_listed **out, size_t *count, struct err *err)
{
	ProtobufCMessage *request = rpc_request(p, p->arena, METHOD_LIST_PIPELINE);
	struct call call = rpc_call(p, METHOD_LIST_PIPELINE);
	struct rpc_list infos;

	if (p->generation->api == API_2) {
		build_flag(request, "details");
		if (project.len > 0)
			rpc_add_project(p->arena, request, project);
		call.request = message_pack(p->arena, request);
	}
	if (rpc_ask(p, p->arena, &call, err) < 0)
		return call.answered ? err_wrap(err, "cannot list the pipelines") : -1;
	if (!rpc_read_list(p, p->arena, METHOD_LIST_PIPELINE, "pipeline_info", &call, &infos))
		return err_set(err, ERR_NETWORK, "cannot parse the list of pipelines");
	*count = infos.count;
	*out = ARENA_ARRAY(p->arena, infos.count, struct pachd_listed);
	for (size_t i = 0; i < infos.count; i++) {
		struct pachd_target target =
		    target_read(message_message(infos.list[i], "pipeline"));

		(*out)[i] = (struct pachd_listed){ .project = target.project, .name = target.name };
		deployed_read(p->arena, p->generation->api, infos.list[i], &(*out)[i].live);
	}
	if (infos.count > 1)
		qsort(*out, infos.count, sizeof(**out), by_title);
	return 0;
}

int
pachd_list(struct pachd *p, struct pachd_listed **out, size_t *count, struct err *err)
{
	return list_pipelines(p, STR(""), out, count, err);
}

int
pachd_list_project(
    struct pachd *p, struct str project, struct pachd_listed **out, size_t *count, struct err *err)
{
	return list_pipelines(p, project, out, count, err);
}

const struct pachd_listed *
pachd_listed_find(
    const struct pachd_listed *list, size_t count, struct str project, struct str name)
{
	const struct pachd_listed key = { .project = project, .name = name };

	return count > 0 ? bsearch(&key, list, count, sizeof(*list), by_title) : NULL;
}
