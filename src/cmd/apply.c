/* What push and rollback do once they know their plan. */
#include <string.h>

#include "base/arena.h"
#include "cmd/outcome.h"
#include "cmd/run.h"
#include "cmd/version.h"
#include "pachd/pachd.h"

int
apply_reprocess(struct run *run, struct reprocess *out, struct err *err)
{
	*out = (struct reprocess){ .all = REPROCESS_NEVER };
	for (size_t i = 0; i < run->in.count[IN_REPROCESS]; i++)
		if (reprocess_add(out, run->arena, str_of(run->in.list[IN_REPROCESS][i]), err) < 0)
			return -1;
	return 0;
}

int
apply_check_reprocess(
    const struct run *run, const struct reprocess *r, const struct specs *specs, struct err *err)
{
	const struct reprocess_rule *rule = reprocess_unused(r, specs);

	if (!rule)
		return 0;
	(void)err_set(err, ERR_USAGE, "input 'reprocess' names pipeline '%.*s', and no spec is its",
	    STR_FMT(spec_title(run->arena, rule->project, rule->name)));
	return err_mend(err, "check its spelling, or take the item out");
}

/* Whether the run's end means that what was pushed does not work. What is not known to have failed, what
 * somebody else has replaced, and what a user has stopped waiting for stays. */
static bool
has_failed(const struct err *err)
{
	return err->kind == ERR_FAILED || err->kind == ERR_TIMEOUT;
}

static bool
wants_undo(const struct run *run)
{
	return strcmp(run->in.text[IN_ON_FAILURE], "rollback") == 0;
}

/* What is done and what is not, one line for each. */
static void
tell_each(struct run *run, const struct plan *plan, size_t done)
{
	ci_warn(&run->ci, "%zu of %zu changes were made before it failed", done,
	    plan->created + plan->updated);
	for (size_t i = 0; i < plan->count; i++) {
		const struct step *step = &plan->steps[i];
		struct str title = step_title(run->arena, step);

		if (step->new_version > 0)
			ci_log(&run->ci, "done: pipeline '%.*s' is at version %llu", STR_FMT(title),
			    (unsigned long long)step->new_version);
		else if (step->action != ACTION_KEEP)
			ci_log(&run->ci, "%s: pipeline '%.*s'",
			    step->unknown ? "not known" : "not done", STR_FMT(title));
	}
}

/* What the log says when not all of it went through. */
static void
tell_broken(struct run *run, const struct plan *plan, const struct pachd_result *result)
{
	if (result->done > 0)
		tell_each(run, plan, result->done);
	else if (result->repos > 0)
		ci_warn(&run->ci, "no pipeline was changed; %zu input repo%s created and stay%s",
		    result->repos, result->repos == 1 ? " was" : "s were",
		    result->repos == 1 ? "s" : "");
	else if (!result->unknown)
		ci_log(&run->ci, "the cluster is as it was");
}

/* Where it came from, on what was pushed: only CI knows that well enough. What runs does not hang on it, so
 * a failure is only told. */
static void
put_marks(struct run *run, struct pachd *cluster, const struct outcome *o)
{
	const struct event *event = &run->event;
	struct str sha = o->work->commit.sha;
	const struct pachd_mark marks[] = {
		{ "pachup/repository", event->repository },
		/* a rollback knows what it puts back, but not where that came from */
		{ "pachup/commit", sha.len > 0 ? sha : STR("unknown, rolled back") },
		{ "pachup/run", event->run_url },
		{ "pachup/version", STR(PACHUP_VERSION) },
	};
	struct err err;

	if (event->repository.len > 0
	    && pachd_put_marks(cluster, o->plan, marks, COUNT_OF(marks), &err) < 0)
		ci_warn(&run->ci, "the commit could not be noted on the pipelines: %s", err.text);
}

/* Proves that what was sent runs. *undo: it does not, and what was before is to be put back. */
static int
prove(struct run *run, struct pachd *cluster, const struct outcome *o, struct plan *plan,
    bool *undo, struct err *err)
{
	const char *excuse = NULL;
	bool wanted = *undo;
	int rc;

	if (wanted && strcmp(run->in.text[IN_WAIT], "none") == 0)
		ci_note(&run->ci, "input 'on-failure' has nothing to go by: without input 'wait' "
		                  "nobody sees whether what was pushed works");
	report_end(run, o);
	put_marks(run, cluster, o);
	rc = wait_for(run, cluster, plan, o->transaction, &excuse, err);
	*undo = wanted && rc < 0 && has_failed(err) && !excuse;
	if (excuse)
		ci_note(&run->ci, "%s%s", excuse, wanted ? ": nothing is rolled back" : "");
	return rc;
}

/* What the push has created for its pipelines to read is not taken away again. */
static void
tell_repos(struct run *run, const struct plan *plan)
{
	for (size_t i = 0; i < plan->repo_count; i++)
		ci_note(&run->ci, "repo '%.*s', which this push has created, stays",
		    STR_FMT(spec_title(run->arena, plan->repos[i].project, plan->repos[i].name)));
}

/* Undoes and tells what there is to tell after a failure. */
static void
end_badly(struct run *run, struct pachd *cluster, struct outcome *o, bool undo, struct err *err)
{
	struct err unheard;

	o->broken = true;
	for (size_t i = 0; i < o->plan->count; i++)
		o->failed += o->plan->steps[i].failed;
	if (undo) {
		undo_push(run, cluster, o->plan, err);
		tell_repos(run, o->plan);
	}
	if (report_outputs(run, o, &unheard) < 0)
		ci_warn(&run->ci, "the outputs could not be written: %s", unheard.text);
}

int
apply_plan(
    struct run *run, struct pachd *cluster, struct plan *plan, struct outcome *o, struct err *err)
{
	struct pachd_result result;
	int rc = pachd_apply(cluster, plan, &result, err);
	bool undo = wants_undo(run);

	o->transaction = result.transaction;
	o->transactions = result.transactions;
	o->failed = plan->created + plan->updated - result.done;
	if (rc < 0) {
		tell_broken(run, plan, &result);
		undo = undo && result.done > 0;
	} else {
		rc = prove(run, cluster, o, plan, &undo, err);
	}
	if (rc == 0)
		return report_outputs(run, o, err) < 0 ? -1 : EXIT_DONE;
	end_badly(run, cluster, o, undo, err);
	return -1;
}

int
apply_nothing(struct run *run, struct outcome *o, struct err *err)
{
	bool changes = o->facts && o->plan->created + o->plan->updated > 0;
	bool counts = run->in.command_in_argv || value_is_true(&run->in, IN_FAIL_ON_CHANGES);

	o->planned = true;
	report_end(run, o);
	if (report_outputs(run, o, err) < 0)
		return -1;
	return changes && counts ? EXIT_CHANGES : EXIT_DONE;
}
