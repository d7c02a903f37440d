/* Why pipelines that left git are kept. */
#include "deploy/plan/pruning.h"
#include "base/arena.h"
#include "pachd/pachd.h"
#include "pipeline/step.h"
#include "session/run.h"

enum { SHORT_SHA = 7 };

static const char *
title_of(const struct pruning *p, const struct leaving *one)
{
	return spec_title(p->run->arena, one->listed->project, one->listed->name).ptr;
}

static const char *
plural(size_t count)
{
	return count == 1 ? "" : "s";
}

/* A pipeline whose mark names the commit; *has_left: it is not in the files. */
static const char *
namer_of(const struct pruning *p, struct str commit, bool *has_left)
{
	*has_left = true;
	for (size_t i = 0; i < p->count; i++)
		if (str_eq(p->list[i].mark.commit, commit))
			return title_of(p, &p->list[i]);
	*has_left = false;
	for (size_t i = 0; i < p->plan->count; i++)
		if (str_eq(p->plan->steps[i].mark.commit, commit))
			return step_title(p->run->arena, &p->plan->steps[i]).ptr;
	return "?";
}

int
prune_refuse_history(const struct pruning *p, const struct left_commits *commits)
{
	struct err *err = p->err;
	struct str lost = str_head(commits->lost, SHORT_SHA);
	struct str begin =
	    arena_fmt(p->run->arena, "%zu pipeline%s of target '%s' may have left git, but ",
	        p->count, plural(p->count), p->run->target_name);
	bool has_left;
	const char *namer = namer_of(p, commits->lost, &has_left);

	switch (commits->history) {
	case LEFT_BEHIND:
		return 0;
	case LEFT_NO_GIT:
		(void)err_set(err, ERR_REFUSED, "%.*swithout a git repository nobody can tell",
		    STR_FMT(begin));
		return err_hint(err, "add a checkout step before this step");
	case LEFT_CUT_OFF:
		(void)err_set(err, ERR_REFUSED,
		    "%.*scommit %.*s, which '%s' was pushed from, is not in this shallow clone",
		    STR_FMT(begin), STR_FMT(lost), namer);
		return err_hint(err, "fetch the whole history: fetch-depth: 0 with "
		                     "actions/checkout, fetchDepth: 0 on "
		                     "Azure, GIT_DEPTH: 0 on GitLab, or git fetch --unshallow");
	case LEFT_ELSEWHERE:
		break;
	}
	(void)err_set(err, ERR_REFUSED,
	    "%.*scommit %.*s, which '%s' was pushed from, does not lead to this one: a rollback, "
	    "another branch or a forced push",
	    STR_FMT(begin), STR_FMT(lost), namer);
	if (has_left)
		return err_hint(err,
		    "push a commit that comes after it; if its history was rewritten, stop or "
		    "delete '%s' with pachctl",
		    namer);
	return err_hint(err,
	    "push a commit that comes after it; if its history was rewritten, push once "
	    "with 'only: all'");
}

void
prune_say_kept(const struct pruning *p, const struct leaving *one, enum removal_verdict verdict)
{
	struct ci *ci = &p->run->ci;
	const char *name = title_of(p, one);
	struct str commit = str_head(one->mark.commit, SHORT_SHA);

	switch (verdict) {
	case REMOVAL_TAKE:
	case REMOVAL_NOT_OURS:
	case REMOVAL_AT_REST:
		return;
	case REMOVAL_NO_COMMIT:
		ci_warn(ci,
		    "pipeline '%s' is not in the target and is kept: its mark names no commit",
		    name);
		return;
	case REMOVAL_NOT_IN_GIT:
		ci_warn(ci,
		    "pipeline '%s' is not in the target and is kept: its mark names commit %.*s, "
		    "which has no spec of it",
		    name, STR_FMT(commit));
		return;
	case REMOVAL_HIDDEN:
		ci_warn(ci,
		    "pipeline '%s' is kept: its spec is in git, but its file %.*s is not checked "
		    "out",
		    name, STR_FMT(one->left.file));
		return;
	case REMOVAL_EDITED:
		ci_warn(ci,
		    "pipeline '%s' left git and is kept: it is at version %llu, but this target "
		    "pushed version %llu last",
		    name, (unsigned long long)one->listed->live.version,
		    (unsigned long long)one->mark.version);
		return;
	case REMOVAL_FOREIGN:
		ci_warn(ci,
		    "pipeline '%s' left git and is kept: '%.*s' pushed version %llu, not '%.*s'; "
		    "'prune: stop' stops it",
		    name, STR_FMT(one->author), (unsigned long long)one->listed->live.version,
		    STR_FMT(pachd_facts(p->cluster)->user));
		return;
	}
}

void
prune_say_reader(const struct pruning *p, size_t read, size_t reader)
{
	struct arena *a = p->run->arena;
	const struct spec *one = &p->specs.list[read], *by = &p->specs.list[reader];
	struct str where = STR("");

	for (size_t i = 0; reader < p->work->specs.count && i < by->input_count; i++)
		if (str_eq(by->inputs[i].repo, one->name))
			where = arena_fmt(a, " (%s:%u:%u)", by->file,
			    (unsigned)by->inputs[i].at.line, (unsigned)by->inputs[i].at.col);
	ci_warn(&p->run->ci, "pipeline '%.*s' left git and is kept: '%.*s' reads it%.*s",
	    STR_FMT(spec_title(a, one->project, one->name)),
	    STR_FMT(spec_title(a, by->project, by->name)), STR_FMT(where));
}
