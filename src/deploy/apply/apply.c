#include "deploy/apply/apply.h"

#include "base/arena.h"
#include "pachd/apply/apply.h"
#include "pipeline/step.h"
#include "session/run.h"

static void
log_each(struct run *run, const struct plan *plan, size_t done)
{
	ci_warn(&run->ci, "%zu of %zu changes were applied before the failure", done,
	    plan->created + plan->updated);
	for (size_t i = 0; i < plan->count; i++) {
		const struct step *step = &plan->steps[i];
		struct str title = step_title(run->arena, step);

		if (step->new_version > 0)
			ci_detail(&run->ci, "%s: pipeline '%.*s' is at version %llu",
			    step->half_done ? "half applied" : "applied", STR_FMT(title),
			    (unsigned long long)step->new_version);
		else if (step->action != ACTION_KEEP)
			ci_detail(&run->ci, "%s: pipeline '%.*s'",
			    step->half_done ? "half applied"
			    : step->unknown ? "unknown"
			                    : "not applied",
			    STR_FMT(title));
	}
}

void
apply_log_partial(struct run *run, const struct plan *plan, const struct pachd_result *result)
{
	if (result->done > 0 || result->half_done)
		log_each(run, plan, result->done);
	else if (result->repos > 0)
		ci_warn(&run->ci, "no pipeline was changed; %zu input repo%s created and kept",
		    result->repos, result->repos == 1 ? " was" : "s were");
	else if (!result->unknown)
		ci_detail(&run->ci, "the cluster is unchanged");
}

void
apply_log_repos(struct run *run, const struct plan *plan)
{
	for (size_t i = 0; i < plan->repo_count; i++)
		ci_note(&run->ci, "repo '%.*s' was created by this push and is kept",
		    STR_FMT(spec_title(run->arena, plan->repos[i].project, plan->repos[i].name)));
}
