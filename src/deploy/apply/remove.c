#include "deploy/apply/remove.h"

#include "base/arena.h"
#include "deploy/apply/ends.h"
#include "pachd/marks.h"
#include "pachd/pachd.h"
#include "pachd/pfs/pfs.h"
#include "pachd/pps/delete.h"
#include "pachd/pps/poll.h"
#include "pachd/pps/stop.h"
#include "pipeline/removal.h"
#include "session/run.h"

enum { MAX_REASON_BYTES = 600 };

struct removing {
	struct run *run;
	struct pachd *cluster;
	struct plan *plan;
	struct removal *one;
	struct pachd_target target;
	struct str name; /* as messages call it */
};

static int
fail_removal(const struct removing *r, enum removal_state state, struct err *err)
{
	r->one->state = state;
	r->one->reason = arena_fmt(r->run->arena, "%.*s", MAX_REASON_BYTES, err->text);
	return err_wrap(err, "cannot %s pipeline '%.*s', which left git",
	    removal_word(r->one->kind), STR_FMT(r->name));
}

/* Whether another pipeline of the plan leaves with it. */
static bool
leaves_too(const struct removing *r, const struct pfs_ref *reader)
{
	for (size_t i = 0; i < r->plan->removal_count; i++) {
		const struct removal *other = &r->plan->removals[i];

		if (other->state == REMOVAL_DONE && str_eq(other->name, reader->repo)
		    && str_eq(other->project, reader->project))
			return true;
	}
	return false;
}

/* Where the output repo stays, the server does not look at who reads it. */
static int
check_readers(const struct removing *r, struct err *err)
{
	const struct pfs_ref at = { r->one->project, r->one->name, STR("") };
	struct arena *scratch = arena_like(r->run->arena);
	struct pfs_ref *readers;
	size_t count;
	int rc = pfs_readers(r->cluster, scratch, &at, &readers, &count, err);

	for (size_t i = 0; rc == 0 && i < count; i++) {
		if (leaves_too(r, &readers[i]))
			continue;
		(void)err_set(err, ERR_REFUSED, "'%.*s' reads it since the plan was made",
		    STR_FMT(spec_title(r->run->arena, readers[i].project, readers[i].repo)));
		rc = err_hint(err, "push that pipeline's spec as well, or remove it first");
	}
	arena_free(scratch);
	return rc;
}

/* 1: there is nothing to do any more. */
static int
look_again(const struct removing *r, bool *was_stopped, struct err *err)
{
	struct deployed now;

	if (pachd_inspect(r->cluster, r->run->arena, &r->target, 1, &now, err) < 0)
		return fail_removal(r, REMOVAL_UNKNOWN, err);
	*was_stopped = now.exists && now.stopped;
	if (!now.exists || (r->one->kind == REMOVAL_STOP && now.stopped)) {
		ci_log(&r->run->ci, "pipeline '%.*s' is %s already", STR_FMT(r->name),
		    now.exists ? "stopped" : "deleted");
		return 1;
	}
	if (now.version != r->one->live->version) {
		(void)err_set(err, ERR_SUPERSEDED, "somebody else pushed version %llu of it",
		    (unsigned long long)now.version);
		return fail_removal(r, REMOVAL_FAILED, err);
	}
	return check_readers(r, err) < 0 ? fail_removal(r, REMOVAL_FAILED, err) : 0;
}

/* A refused delete of 2.x leaves the pipeline stopped. */
static void
start_again(const struct removing *r)
{
	struct err err;

	if (pachd_start(r->cluster, &r->target, &err) == 0)
		ci_warn(&r->run->ci,
		    "pachd stopped pipeline '%.*s' before it refused to delete it; it was started "
		    "again",
		    STR_FMT(r->name));
	else
		ci_warn(&r->run->ci,
		    "pachd stopped pipeline '%.*s' before it refused to delete it, and it cannot "
		    "be started again: %s",
		    STR_FMT(r->name), err.text);
}

static int
delete_one(const struct removing *r, bool was_stopped, struct err *err)
{
	bool keeps = r->one->kind == REMOVAL_DELETE;
	struct pps_deletion gone;

	ci_log(&r->run->ci, "deleting pipeline '%.*s'; its jobs go with it, which may take minutes",
	    STR_FMT(r->name));
	ci_flush(&r->run->ci);
	if (pps_delete(r->cluster, &r->target, keeps, &gone, err) == 0) {
		if (gone.words.len > 0)
			ci_warn(&r->run->ci, "pipeline '%.*s' is deleted, but pachd says: %.*s",
			    STR_FMT(r->name), STR_FMT(str_head(gone.words, MAX_REASON_BYTES)));
		ci_log(&r->run->ci, "deleted pipeline '%.*s'%s", STR_FMT(r->name),
		    keeps ? "; its repo and its data are kept" : " and its data");
		return 0;
	}
	if (gone.is_unknown || err->kind == ERR_TIMEOUT || err->kind == ERR_NETWORK
	    || err->kind == ERR_INTERRUPTED) {
		if (gone.is_stopped && !was_stopped)
			ci_warn(&r->run->ci,
			    "pipeline '%.*s' is stopped and not deleted yet; the next push goes on",
			    STR_FMT(r->name));
		return fail_removal(r, gone.is_unknown ? REMOVAL_UNKNOWN : REMOVAL_FAILED, err);
	}
	if (gone.is_stopped && !was_stopped)
		start_again(r);
	return fail_removal(r, REMOVAL_FAILED, err);
}

/* Written before the stop, so that a run that is killed between the two leaves no pipeline behind that nobody knows the
 * stop of. In 2.10 and later; before, there is no place for it. */
static void
note_stop(const struct removing *r, bool is_stopped)
{
	struct pachd_marked marked = {
		.kind = MARKED_PIPELINE, .target = r->target, .mark = r->one->mark
	};
	struct err err;

	marked.mark.is_stopped = is_stopped;
	if (pachd_write_marks(r->cluster, &marked, 1, &err) < 0)
		ci_warn(&r->run->ci,
		    "cannot record that pipeline '%.*s' is stopped because it left git: %s; it "
		    "stays paused when its spec comes back",
		    STR_FMT(r->name), err.text);
}

static int
stop_one(const struct removing *r, struct err *err)
{
	struct err unheard;
	struct deployed now;

	note_stop(r, true);
	if (pachd_stop(r->cluster, &r->target, err) < 0) {
		bool is_known =
		    pachd_inspect(r->cluster, r->run->arena, &r->target, 1, &now, &unheard) == 0;

		if (is_known && now.exists && !now.stopped)
			note_stop(r, false);
		if (!is_known || (now.exists && !now.stopped))
			return fail_removal(r, is_known ? REMOVAL_FAILED : REMOVAL_UNKNOWN, err);
	}
	ci_log(&r->run->ci,
	    "stopped pipeline '%.*s'; to start it again: pachctl start pipeline %.*s%s",
	    STR_FMT(r->name), STR_FMT(r->one->name),
	    spec_project_flag(r->run->arena, r->one->project));
	return 0;
}

static int
remove_one(const struct removing *r, struct err *err)
{
	bool was_stopped = false;
	int rc = look_again(r, &was_stopped, err);

	if (rc == 0)
		rc = r->one->kind == REMOVAL_STOP ? stop_one(r, err)
		                                  : delete_one(r, was_stopped, err);
	if (rc < 0)
		return -1;
	r->one->state = REMOVAL_DONE;
	return 0;
}

int
remove_all(struct run *run, struct pachd *cluster, struct plan *plan, struct err *err)
{
	struct err first = { .kind = ERR_NONE };
	size_t done = 0;

	for (size_t i = 0; i < plan->removal_count; i++) {
		struct removal *one = &plan->removals[i];
		struct removing r = { .run = run,
			.cluster = cluster,
			.plan = plan,
			.one = one,
			.target = { one->project, one->name },
			.name = spec_title(run->arena, one->project, one->name) };
		struct err failure = { .kind = ERR_NONE };

		if (ends_check(run, err, "after %zu of %zu pipelines that left git", done,
		        plan->removal_count)
		    < 0)
			return -1;
		if (remove_one(&r, &failure) == 0)
			done++;
		else
			ends_keep(run, &first, &failure);
	}
	if (first.kind == ERR_NONE)
		return 0;
	*err = first;
	return -1;
}
