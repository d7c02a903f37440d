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

	if (run->is_beyond_link) {
		(void)err_set(err, ERR_REFUSED,
		    "a symbolic link leads to the working directory '%.300s', which a pull request "
		    "can have made",
		    run->opt.working_directory);
		return err_hint(err, "name the directory itself");
	}
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

/* Removes the last part of a path; false where it has none. */
static bool
go_up(struct str *name)
{
	size_t slash = str_rfind(*name, '/');

	if (name->len == 0)
		return false;
	*name = str_head(*name, slash < name->len ? slash : 0);
	return true;
}

/*
 * The name that the path has in commits. Links of the work tree are not followed: with a link, whoever opened the pull
 * request could choose which file of the base counts.
 */
static int
name_of(
    struct config_base *base, const char *path, struct str *name, bool *is_inside, struct err *err)
{
	struct str rest = str_of(path), part;
	size_t slash = str_rfind(rest, '/');
	const char *dir = ".";

	if (str_starts(rest, "/")) {
		dir = arena_cstr(base->arena, str_head(rest, slash + 1));
		rest = str_tail(rest, slash + 1);
	}
	if (since_name(base->since, base->arena, dir, name, is_inside, err) < 0)
		return -1;
	while (*is_inside && str_split(&rest, '/', &part)) {
		if (str_is(part, ".."))
			*is_inside = go_up(name);
		else if (part.len > 0 && !str_is(part, "."))
			*name = arena_fmt(base->arena, "%.*s%s%.*s", STR_FMT(*name),
			    name->len > 0 ? "/" : "", STR_FMT(part));
	}
	return 0;
}

int
config_base_read(
    struct config_base *base, const char *path, struct str *text, bool *is_held, struct err *err)
{
	struct str name;
	bool is_inside;

	*is_held = false;
	if (name_of(base, path, &name, &is_inside, err) < 0)
		return -1;
	return is_inside ? since_read(base->since, base->arena, name, text, is_held, err) : 0;
}
