/* What is done and what is not, one line for each. */
#include "deploy/apply/apply.h"

#include "base/arena.h"
#include "base/version.h"
#include "pachd/apply/apply.h"
#include "pachd/apply/metadata.h"
#include "pachd/pachd.h"
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

/* What the log says when not all of it went through. */
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
apply_put_metadata(
    struct run *run, struct pachd *cluster, const struct commit *commit, const struct plan *plan)
{
	const struct event *event = &run->event;
	struct str sha = commit->source,
	           repository = event->repository.len > 0 ? event->repository : commit->repository;
	const struct pachd_metadata marks[] = {
		{ "pachup/repository", repository },
		/* a rollback knows what it puts back, but not where that came from */
		{ "pachup/commit", sha.len > 0 ? sha : STR("unknown, rolled back") },
		{ "pachup/run", event->run_url },
		{ "pachup/version", STR(PACHUP_VERSION) },
	};
	struct err err;

	if (repository.len > 0
	    && pachd_put_metadata(cluster, plan, marks, COUNT_OF(marks), &err) < 0)
		ci_warn(&run->ci, "cannot record the commit on the pipelines: %s", err.text);
}

void
apply_log_repos(struct run *run, const struct plan *plan)
{
	for (size_t i = 0; i < plan->repo_count; i++)
		ci_note(&run->ci, "repo '%.*s' was created by this push and is kept",
		    STR_FMT(spec_title(run->arena, plan->repos[i].project, plan->repos[i].name)));
}
