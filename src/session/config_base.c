#include "session/config_base.h"

#include "base/arena.h"
#include "git/repo.h"
#include "git/since.h"
#include "session/pull_request.h"
#include "session/run.h"

struct config_base {
	struct arena *arena;
	struct repo *repo;
	struct since *since;
};

static int
open_base(struct run *run, struct config_base *out, struct err *err)
{
	struct pull_request_base base;
	struct repo_head head;

	out->repo = repo_open(run->arena, ".", ci_workspace(&run->ci) != NULL, err);
	if (!out->repo || repo_head(out->repo, run->arena, &head, err) < 0
	    || pull_request_find_base(
	           run->arena, &run->event, out->repo, head.sha, false, &base, err)
	           < 0)
		return -1;
	if (base.sha.len == 0 || !repo_has_commit(out->repo, base.sha)) {
		(void)err_set(err, ERR_REFUSED,
		    "the project file of a pull request is that of its base commit, which is not "
		    "in this clone");
		return err_hint(err, "%s", depth_hint);
	}
	out->since = since_open(out->repo, base.sha, err);
	return out->since ? 0 : -1;
}

struct config_base *
config_base_open(struct run *run, struct err *err)
{
	struct config_base *out = ARENA_NEW(run->arena, struct config_base);

	out->arena = run->arena;
	if (open_base(run, out, err) == 0)
		return out;
	config_base_close(out);
	return NULL;
}

void
config_base_close(struct config_base *base)
{
	if (!base)
		return;
	since_close(base->since);
	repo_close(base->repo);
}

int
config_base_read(
    struct config_base *base, const char *path, struct str *text, bool *is_held, struct err *err)
{
	struct str name;
	bool is_inside;

	*is_held = false;
	if (since_name(base->since, base->arena, path, &name, &is_inside, err) < 0)
		return -1;
	return is_inside ? since_read(base->since, base->arena, name, text, is_held, err) : 0;
}
