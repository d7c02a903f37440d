#include "deploy/plan/ownership.h"

#include "base/arena.h"
#include "pachd/marks.h"
#include "pachd/pachd.h"
#include "pipeline/step.h"
#include "secret/digest.h"
#include "session/run.h"

enum { MAX_NAMES = 5 };

struct mark
ownership_of(const struct run *run, const struct commit *commit)
{
	const struct event *event = &run->event;
	struct mark owner = { .repository = commit->repository,
		.target = run->target_name ? str_of(run->target_name) : STR(""),
		.commit = commit->source,
		.hash = STR(""),
		.run = event->run_url };

	if (event->repository.len > 0)
		owner.repository = event->repository;
	return owner;
}

bool
ownership_adopt(struct run *run, const struct mark *owner, struct mark *mark)
{
	const struct items *names = &run->opt.renamed_from;

	if (!mark_is_set(owner) || mark_is_from(run->arena, mark, owner->repository))
		return false;
	for (size_t i = 0; i < names->count; i++)
		if (mark_is_from(run->arena, mark, str_of(names->list[i]))) {
			mark->repository = owner->repository;
			return true;
		}
	return false;
}

struct mark
ownership_next(struct run *run, const struct mark *owner, const struct node *tree,
    const struct mark *before, uint64_t restores, const struct mark *restored, uint64_t version)
{
	struct mark next = *owner;
	struct arena *scratch;

	if (restores > 0 && mark_is_set(restored)) {
		next = *restored;
		next.version = version;
		next.is_stopped = false;
		return next;
	}
	if (!mark_is_set(owner) || (restores == 0 && owner->commit.len == 0))
		return (struct mark){ .version = 0 };
	scratch = arena_like(run->arena); /* a basis is as large as the spec */
	next.hash = digest_hex(run->arena, mark_basis(scratch, tree));
	arena_free(scratch);
	if (restores > 0)
		next.commit = STR(""); /* what is put back came from some other one */
	next.version = version;
	next.since = mark_is_same_owner(run->arena, before, &next) && before->since > 0
	                 ? before->since
	                 : version;
	return next;
}

void
ownership_annotate(struct run *run, const struct pachd_facts *facts, const struct work *work)
{
	struct mark owner = ownership_of(run, &work->commit);

	/* a preview is removed by its marks: its pipelines never are without one */
	if (!facts->annotations || (facts->repo_metadata && !work->preview))
		return;
	owner.run = STR(""); /* a spec says the same in every run */
	for (size_t i = 0; i < work->count; i++) {
		struct candidate *one = &work->list[i];
		struct node *tree = node_share(run->arena, one->tree);
		static const struct mark none = { .version = 0 };
		bool exists = one->live && one->live->exists;
		struct mark before = exists ? one->live->mark : none, mark;

		(void)ownership_adopt(run, &owner, &before);
		mark = ownership_next(run, &owner, tree, &before, one->restores, &one->restored,
		    exists ? one->live->version + 1 : 1);
		if (!mark_is_set(&mark))
			continue;
		mark_put(run->arena, tree, &mark);
		one->tree = tree;
	}
}

/* "version 3 (commit 1234567)" */
static struct str
since_text(struct arena *a, const struct mark *mark)
{
	struct str since = arena_fmt(
	    a, "version %llu", (unsigned long long)(mark->since > 0 ? mark->since : mark->version));

	if (mark->commit.len == 0 || mark->since < mark->version)
		return since;
	return arena_fmt(
	    a, "%.*s (commit %.*s)", STR_FMT(since), STR_FMT(str_head(mark->commit, 7)));
}

static void
note_other_owner(struct run *run, const struct step *step)
{
	struct diags *d = &run->diags;
	const struct spec *spec = step->spec;
	struct str owner = mark_owner(run->arena, &step->mark),
	           name = spec_title(run->arena, spec->project, spec->name),
	           plain = mark_plain_name(run->arena, &step->mark);
	struct diag *one = diags_report(d, CHECK_OWNER, spec->file, spec->at,
	    "this pipeline is owned by %.*s since %.*s", STR_FMT(owner),
	    STR_FMT(since_text(run->arena, &step->mark)));

	diag_cause(d, one, owner, name);
	/* whoever may write the mark must not write a command that somebody copies */
	if (str_eq(step->mark.target, str_of(run->target_name ? run->target_name : ""))
	    && str_is_of(plain, CHARS_ALNUM "._/-") && !str_starts(plain, "-"))
		diag_hint(d, one,
		    "remove the spec from one of the two; a push that changes the pipeline takes "
		    "it over. If that is this repository's earlier name: --renamed-from %.*s",
		    STR_FMT(plain));
	else
		diag_hint(d, one,
		    "remove the spec from one of the two; a push that changes the pipeline takes "
		    "it over");
}

/* What is taken over, and how: before 2.10 the mark is in the spec, which is not sent for that alone. */
static void
note_renamed(struct run *run, const struct pachd_facts *facts, const struct plan *plan)
{
	size_t count = 0, kept = 0;

	for (size_t i = 0; i < plan->count; i++) {
		count += plan->steps[i].is_renamed;
		kept += plan->steps[i].is_renamed && plan->steps[i].action == ACTION_KEEP;
	}
	if (count > 0)
		ci_note(&run->ci,
		    "%zu pipeline%s pushed under an earlier name of this repository%s", count,
		    count == 1 ? " was" : "s were",
		    kept == 0 ? ""
		    : facts->repo_metadata
		        ? ": a push marks them with its name of now"
		        : ": keep 'renamed-from' until each has changed, or push "
		          "once with 'only: all'");
}

/* Only what the mark says that input `prune` has stopped: what a user has paused stays so. */
static void
find_start(struct run *run, const struct mark *owner, struct plan *plan, struct step *step)
{
	step->starts = step->live->stopped && step->mark.is_stopped
	               && mark_is_same_owner(run->arena, &step->mark, owner);
	if (!step->starts || step->action != ACTION_KEEP)
		return;
	plan->kept--;
	plan->started++;
}

/* A run that was killed between its push and its marks leaves such a version, too: this is a word, and no refusal. */
static bool
is_edited(struct run *run, const struct mark *owner, const struct step *step)
{
	return step->action == ACTION_UPDATE && step->mark.version != step->live->version
	       && mark_is_same_owner(run->arena, &step->mark, owner);
}

int
ownership_read(struct run *run, struct pachd *cluster, const struct commit *commit,
    struct plan *plan, struct err *err)
{
	struct mark owner = ownership_of(run, commit);
	struct pachd_marked *list = ARENA_ARRAY(run->arena, plan->count, struct pachd_marked);
	struct step **steps = ARENA_ARRAY(run->arena, plan->count, struct step *);
	size_t count = 0;

	if (!mark_is_set(&owner) || owner.commit.len == 0)
		return 0;
	for (size_t i = 0; i < plan->count; i++) {
		struct step *step = &plan->steps[i];

		if (!step->live || !step->live->exists)
			continue;
		steps[count] = step;
		list[count++] = (struct pachd_marked){ .kind = MARKED_PIPELINE,
			.target = { step->spec->project, step->spec->name },
			.live = step->live };
	}
	if (pachd_read_marks(cluster, list, count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		steps[i]->mark = list[i].mark;
		steps[i]->is_renamed = ownership_adopt(run, &owner, &steps[i]->mark)
		                       && mark_is_same_owner(run->arena, &steps[i]->mark, &owner);
		find_start(run, &owner, plan, steps[i]);
		steps[i]->is_edited = is_edited(run, &owner, steps[i]);
	}
	return 0;
}

/* What somebody has changed in the cluster is not overwritten without a word. */
static void
note_edited(struct run *run, const struct plan *plan)
{
	struct str names = STR("");
	size_t count = 0;

	for (size_t i = 0; i < plan->count; i++)
		if (plan->steps[i].is_edited && ++count <= MAX_NAMES)
			names = arena_listed(
			    run->arena, names, step_title(run->arena, &plan->steps[i]));
	if (count > 0)
		ci_note(&run->ci,
		    "edited in the cluster since the last push: %.*s%s; a push replaces that. "
		    "'pachup drift' shows since when and by whom",
		    STR_FMT(names), count > MAX_NAMES ? ", …" : "");
}

void
ownership_note(struct run *run, const struct pachd_facts *facts, const struct commit *commit,
    const struct plan *plan)
{
	struct mark owner = ownership_of(run, commit);

	if (mark_is_set(&owner) && owner.commit.len > 0 && !pachd_keeps_marks(facts))
		ci_log(&run->ci, "pachd %s cannot say which repository owns a pipeline",
		    facts->text.ptr);
	note_renamed(run, facts, plan);
	note_edited(run, plan);
	for (size_t i = 0; i < plan->count; i++)
		if (mark_is_set(&plan->steps[i].mark)
		    && !mark_is_same_owner(run->arena, &plan->steps[i].mark, &owner))
			note_other_owner(run, &plan->steps[i]);
}
