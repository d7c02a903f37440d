#include "pachd/grant.h"

#include "base/arena.h"
#include "pachd/pachd.h"

struct str
pachd_grant(struct arena *a, const struct pachd_facts *facts, const struct pachd_role *role)
{
	struct str user = facts->user;
	bool elsewhere = facts->projects && !str_is(role->project, "default");

	if (pachd_is_1x(facts))
		return arena_fmt(a, "pachctl auth set %.*s %.*s %.*s", STR_FMT(user),
		    STR_FMT(arena_lower(a, str_of(role->name))), STR_FMT(role->repo));
	if (role->repo.len == 0)
		return arena_fmt(a, "pachctl auth set project %.*s %s %.*s", STR_FMT(role->project),
		    role->name, STR_FMT(user));
	return arena_fmt(a, "pachctl auth set repo %.*s %s %.*s%s%.*s", STR_FMT(role->repo),
	    role->name, STR_FMT(user), elsewhere ? " --project " : "",
	    elsewhere ? (int)role->project.len : 0, role->project.ptr);
}

int
pachd_check_project(const struct pachd *p, struct str project, struct err *err)
{
	const struct pachd_facts *facts = pachd_facts(p);

	if (facts->projects || str_is(project, "default"))
		return 0;
	(void)err_set(err, ERR_REFUSED, "project '%.*s' is named, but pachd %.*s has no projects",
	    STR_FMT(project), STR_FMT(facts->text));
	return err_hint(err, "leave it out; projects came with 2.5.0");
}
