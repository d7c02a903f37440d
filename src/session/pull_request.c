#include "session/pull_request.h"

#include "ci/event.h"
#include "git/since.h"

const char depth_hint[] =
    "fetch the whole history: fetch-depth: 0 with actions/checkout, "
    "fetchDepth: 0 on Azure, GIT_DEPTH: 0 on GitLab, or git fetch --unshallow";

int
pull_request_find_base(struct arena *a, const struct event *event, struct repo *repo,
    struct str head, bool trusts_merge, struct pull_request_base *out, struct err *err)
{
	struct str parents[2];
	size_t count;

	if (repo_parents(repo, a, head, parents, &count, err) < 0)
		return -1;
	*out = (struct pull_request_base){ .sha = event->before };
	if (count != 2)
		return 0;
	if (event->head.len > 0 ? str_eq(parents[1], event->head) : trusts_merge)
		*out = (struct pull_request_base){ .sha = parents[0], .is_parent = true };
	return 0;
}
