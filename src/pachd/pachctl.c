#include "pachd/pachctl.h"

#include "base/arena.h"
#include "pachd/pachd.h"
#include "pipeline/spec.h"
#include "wire/release.h"

struct str
pachctl_line(struct arena *a, const struct pachd_facts *facts, const char *verb, const char *noun,
    struct str project, struct str name, struct str ref)
{
	bool is_old = facts->release > 0 && facts->release < RELEASE(1, 9, 0);
	const char *before = ref.len == 0 ? "" : is_old ? " " : "@";

	return arena_fmt(a, "pachctl %s%s%s %.*s%s%.*s%s", verb, is_old ? "-" : " ", noun,
	    STR_FMT(name), before, STR_FMT(ref), spec_project_flag(a, project));
}
