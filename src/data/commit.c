#include "data/commit.h"

#include "base/arena.h"
#include "data/arguments.h"
#include "pachd/grant.h"
#include "pachd/pachctl.h"
#include "pachd/pachd.h"
#include "pipeline/spec.h"
#include "session/run.h"

static int
refuse_unfinished(const char *title, const struct pfs_commit *commit, struct err *err)
{
	(void)err_set(err, ERR_REFUSED, "commit %.*s of '%s' is not finished",
	    STR_FMT(commit->at.ref), title);
	return err_hint(
	    err, "wait for it with input 'wait' (jobs); or read an earlier one, as in %s^", title);
}

static int
fail_commit(
    const struct run *run, const char *title, const struct pfs_commit *commit, struct err *err)
{
	(void)err_set(err, ERR_FAILED, "commit %.*s of '%s' has failed: %.*s",
	    STR_FMT(commit->at.ref), title, STR_FMT(str_head(commit->error, 500)));
	return err_hint(err, "read the logs: pachup logs %s",
	    place_title(run->arena, &commit->at, STR("")).ptr);
}

/* Waits until the commit `out` has ended. */
static int
wait_for_end(struct run *run, struct pachd *cluster, const struct place *place,
    struct pfs_commit *out, struct err *err)
{
	struct pfs_ref at = { place->at.project, place->at.repo, out->at.ref };
	struct str title = place_title(run->arena, &place->at, STR(""));

	if (!out->is_finishing)
		ci_log(
		    &run->ci, "waiting for commit %.*s of '%.*s'", STR_FMT(at.ref), STR_FMT(title));
	if (pfs_commit(cluster, run->arena, &at, true, out, err) == 0)
		return 0;
	if (err->kind == ERR_TIMEOUT) {
		(void)err_set(err, ERR_TIMEOUT,
		    "timed out after %s: commit %.*s of '%.*s' has not ended",
		    value_text(&run->in, IN_TIMEOUT), STR_FMT(at.ref), STR_FMT(title));
		return err_hint(err, "raise input 'timeout', or look who holds it open: %.*s",
		    STR_FMT(pachctl_line(run->arena, pachd_facts(cluster), "inspect", "commit",
		        at.project, at.repo, at.ref)));
	}
	return err_wrap(
	    err, "commit %.*s of '%.*s' has not ended", STR_FMT(at.ref), STR_FMT(title));
}

int
commit_look_up(struct run *run, struct pachd *cluster, const struct place *place, bool waits,
    struct pfs_commit *out, struct err *err)
{
	struct str title = place_title(run->arena, &place->at, STR(""));

	if (pachd_check_project(cluster, place->at.project, err) < 0)
		return -1;
	if (pfs_commit(cluster, run->arena, &place->at, false, out, err) < 0) {
		if (err->kind == ERR_REFUSED)
			(void)err_hint(err, "check the names: pachup ls %.*s",
			    STR_FMT(spec_title(run->arena, place->at.project, place->at.repo)));
		return err_wrap(err, "cannot read '%.*s'", STR_FMT(title));
	}
	if ((out->is_finishing || (out->finished_s == 0 && waits))
	    && wait_for_end(run, cluster, place, out, err) < 0)
		return -1;
	out->at.project = place->at.project;
	out->at.repo = place->at.repo;
	return 0;
}

int
commit_resolve(struct run *run, struct pachd *cluster, const struct place *place, bool waits,
    struct pfs_commit *out, struct err *err)
{
	const char *title = place_title(run->arena, &place->at, STR("")).ptr;

	if (commit_look_up(run, cluster, place, waits, out, err) < 0)
		return -1;
	if (out->error.len > 0)
		return fail_commit(run, title, out, err);
	return out->finished_s == 0 ? refuse_unfinished(title, out, err) : 0;
}
