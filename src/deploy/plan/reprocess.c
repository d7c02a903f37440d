#include "deploy/plan/reprocess.h"

#include "base/arena.h"
#include "session/run.h"

int
reprocess_read(struct run *run, struct reprocess *out, struct err *err)
{
	*out = (struct reprocess){ .all = REPROCESS_NEVER };
	for (size_t i = 0; i < run->opt.reprocess.count; i++)
		if (reprocess_add(out, run->arena, str_of(run->opt.reprocess.list[i]), err) < 0)
			return -1;
	return 0;
}

int
reprocess_check(
    const struct run *run, const struct reprocess *r, const struct specs *specs, struct err *err)
{
	const struct reprocess_rule *rule = reprocess_unused(r, specs);

	if (!rule)
		return 0;
	(void)err_set(err, ERR_USAGE,
	    "input 'reprocess' names pipeline '%.*s', which is not in the specs",
	    STR_FMT(spec_title(run->arena, rule->project, rule->name)));
	return err_hint(err, "check the name, or remove the item");
}
