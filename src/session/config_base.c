#include "session/config_base.h"

#include "base/arena.h"
#include "git/repo.h"
#include "git/since.h"
#include "session/run.h"

static const char depth_hint[] = "fetch the whole history: fetch-depth: 0 with actions/checkout, "
                                 "fetchDepth: 0 on Azure, GIT_DEPTH: 0 on "
                                 "GitLab";

/* The commit that the pull request goes to: the first parent of the merge that is checked out, else the event's. */
static int
find_base(struct run *run, struct repo *repo, struct str *base, struct err *err)
{
	const struct event *event = &run->event;
	struct repo_head head;
	struct str parents[2];
	size_t count;

	*base = event->before;
	if (repo_head(repo, run->arena, &head, err) < 0
	    || repo_parents(repo, run->arena, head.sha, parents, &count, err) < 0)
		return -1;
	if (count == 2 && event->head.len > 0 && str_eq(parents[1], event->head))
		*base = parents[0];
	if (base->len > 0 && repo_has_commit(repo, *base))
		return 0;
	(void)err_set(err, ERR_REFUSED,
	    "the project file of a pull request is that of its base commit, which is not in this "
	    "clone");
	return err_hint(err, "%s", depth_hint);
}

static int
read_at(struct run *run, struct repo *repo, struct str base, const char *path, struct str *text,
    bool *is_held, struct err *err)
{
	struct since *since = since_open(repo, base, err);
	struct str name;
	bool is_inside;
	int rc;

	if (!since)
		return -1;
	rc = since_name(since, run->arena, path, &name, &is_inside, err);
	*is_held = false;
	if (rc == 0 && is_inside)
		rc = since_read(since, run->arena, name, text, is_held, err);
	since_close(since);
	return rc;
}

int
config_base_read(
    struct run *run, const char *path, struct str *text, bool *is_held, struct err *err)
{
	struct repo *repo = repo_open(run->arena, ".", ci_workspace(&run->ci) != NULL, err);
	struct str base;
	int rc = -1;

	if (!repo)
		return -1;
	if (find_base(run, repo, &base, err) == 0)
		rc = read_at(run, repo, base, path, text, is_held, err);
	repo_close(repo);
	return rc;
}
