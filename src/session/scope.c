#include "session/scope.h"

#include "secret/sealed.h"
#include "session/run.h"

static int
check_target(const struct run *run, unsigned use, const char *what, struct err *err)
{
	struct str mine = run->sealed->target;
	const char *asked = run->target ? run->target_name : NULL;

	if (mine.len == 0 || !(use & FOR_TARGETS) || (asked && str_is(mine, asked)))
		return 0;
	if (!asked && use & FOR_TOKEN)
		return 0;
	if (asked) {
		(void)err_set(err, ERR_USAGE,
		    "the token in %s is sealed for target '%.*s', not for target '%s'", what,
		    STR_FMT(mine), asked);
		return err_hint(
		    err, "give that target's token, or seal one with --target %s", asked);
	}
	(void)err_set(err, ERR_USAGE,
	    "the token in %s is sealed for target '%.*s', and this run has no target", what,
	    STR_FMT(mine));
	return err_hint(err, "add --target %.*s", STR_FMT(mine));
}

struct str
scope_project(const struct run *run)
{
	return run->opt.project ? str_of(run->opt.project) : STR("default");
}

int
scope_check(const struct run *run, unsigned use, const char *what, struct err *err)
{
	struct str mine = run->sealed->project;

	if (check_target(run, use, what, err) < 0)
		return -1;
	if (mine.len == 0 || use & FOR_TOKEN || !(use & inputs[IN_PROJECT].used)
	    || str_eq(mine, scope_project(run)))
		return 0;
	(void)err_set(err, ERR_USAGE,
	    "the token in %s is sealed for project '%.*s', not for project '%.*s'", what,
	    STR_FMT(mine), STR_FMT(scope_project(run)));
	return err_hint(
	    err, "set input 'project' to %.*s, or give the token of that project", STR_FMT(mine));
}

int
scope_check_project(const struct run *run, struct str project, struct str title, struct err *err)
{
	struct str mine = run->sealed ? run->sealed->project : STR("");

	if (mine.len == 0 || str_eq(mine, project))
		return 0;
	(void)err_set(err, ERR_USAGE,
	    "'%.*s' is not in project '%.*s', which the token is sealed for", STR_FMT(title),
	    STR_FMT(mine));
	return err_hint(err, "give the token of project '%.*s'", STR_FMT(project));
}
