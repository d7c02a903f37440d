#include "deploy/plan/prune.h"

#include "base/arena.h"
#include "deploy/plan/ownership.h"
#include "deploy/plan/pruning.h"
#include "pachd/marks.h"
#include "pachd/pachd.h"
#include "pachd/pps/delete.h"
#include "pachd/pps/history.h"
#include "pachd/pps/pps.h"
#include "session/config.h"
#include "session/run.h"
#include "wire/release.h"

static int
refuse_part(const struct run *run, enum input_id id, struct err *err)
{
	(void)err_set(err, ERR_USAGE, "input 'prune' needs target '%s' whole: without input '%s'",
	    run->target_name, inputs[id].name);
	return err_hint(err, "push the whole target, what is unchanged is not sent again; or set "
	                     "'prune' to false");
}

int
prune_check_inputs(const struct run *run, struct err *err)
{
	enum input_id part;

	if (run->opt.prune == PRUNE_FALSE)
		return 0;
	if (!run->target) {
		(void)err_set(err, ERR_USAGE,
		    "input 'prune' needs a target of pachup.yaml: only a target says which "
		    "pipelines there should be");
		return err_hint(err, "name one with --target, or set 'prune' to false");
	}
	part = config_find_part(run);
	if (part == INPUT_COUNT && run->opt.since)
		part = IN_SINCE;
	return part < INPUT_COUNT ? refuse_part(run, part, err) : 0;
}

static struct removal_facts
facts_of(const struct pruning *p, const struct leaving *one, bool was_in_git)
{
	return (struct removal_facts){ .kind = p->kind,
		.live = &one->listed->live,
		.mark = &one->mark,
		.owner = &p->owner,
		.was_in_git = was_in_git,
		.is_unchecked_out = one->left.is_unchecked,
		.author = one->author,
		.user = pachd_facts(p->cluster)->user };
}

/* Pipelines that the files do not have and whose marks are ours. */
static int
find_candidates(struct pruning *p)
{
	if (others_find(p->run, p->cluster, p->work, &p->others, &p->other_count, p->err) < 0)
		return -1;
	p->list = ARENA_ARRAY(p->run->arena, p->other_count, struct leaving);
	for (size_t i = 0; i < p->other_count; i++) {
		struct leaving one = { .listed = p->others[i].listed, .mark = p->others[i].mark };
		struct removal_facts facts = facts_of(p, &one, true);
		enum removal_verdict first = removal_decide(p->run->arena, &facts);

		if (first != REMOVAL_NOT_OURS && first != REMOVAL_AT_REST)
			p->list[p->count++] = one;
	}
	return 0;
}

static void
add_commit(struct str *list, size_t *count, struct str commit)
{
	for (size_t i = 0; i < *count; i++)
		if (str_eq(list[i], commit))
			return;
	if (commit.len > 0)
		list[(*count)++] = commit;
}

/* All commits that this target was pushed from, as far as marks say so. */
static struct left_commits
commits_of(const struct pruning *p)
{
	size_t count = 0;
	struct str *list = ARENA_ARRAY(p->run->arena, p->count + p->plan->count, struct str);

	for (size_t i = 0; i < p->count; i++)
		add_commit(list, &count, p->list[i].mark.commit);
	for (size_t i = 0; i < p->plan->count; i++) {
		const struct mark *mark = &p->plan->steps[i].mark;

		if (str_eq(mark->target, p->owner.target)
		    && mark_is_same_owner(p->run->arena, mark, &p->owner))
			add_commit(list, &count, mark->commit);
	}
	return (struct left_commits){ .list = list, .count = count };
}

/* Nothing is pruned over such a history, which is said; the push itself may be what is needed most. 1, or -1 with input
 * `strict`. */
static int
go_on_without(const struct pruning *p)
{
	struct run *run = p->run;

	if (run->opt.strict)
		return err_wrap(p->err, "input 'prune'");
	if (run->event.is_pull_request) /* its branch may be behind what was pushed since */
		ci_note(&run->ci, "nothing is pruned: %s", p->err->text);
	else
		ci_warn(&run->ci, "nothing is pruned: %s; %s", p->err->text, p->err->hint);
	return 1;
}

/* What git says of each. 1: nothing is pruned, and that was said. */
static int
ask_git(struct pruning *p)
{
	struct left_commits commits = commits_of(p);
	struct left *list = ARENA_ARRAY(p->run->arena, p->count, struct left);

	for (size_t i = 0; i < p->count; i++)
		list[i] = (struct left){ .project = p->list[i].listed->project,
			.name = p->list[i].listed->name,
			.commit = p->list[i].mark.commit };
	if (left_find(p->run, &commits, list, p->count, p->err) < 0)
		return err_wrap(p->err, "input 'prune'");
	for (size_t i = 0; i < p->count; i++)
		p->list[i].left = list[i];
	return prune_refuse_history(p, &commits) == 0 ? 0 : go_on_without(p);
}

/* Who made the live version, where deleting depends on it. */
static int
ask_authors(struct pruning *p)
{
	static const struct pps_past last = { .most = 1, .jobs = true };

	for (size_t i = 0; i < p->count; i++) {
		struct leaving *one = &p->list[i];
		const struct pachd_target target = { one->listed->project, one->listed->name };
		struct pps_version *versions;
		size_t count;

		one->author = STR("");
		if (p->kind == REMOVAL_STOP || pachd_facts(p->cluster)->release < RELEASE(2, 11, 0))
			continue;
		if (pps_versions(
		        p->cluster, p->run->arena, &target, &last, &versions, &count, p->err)
		    < 0)
			return -1;
		if (count > 0 && versions[0].version == one->listed->live.version)
			one->author = versions[0].created_by;
	}
	return 0;
}

static void
judge_leaving(struct pruning *p)
{
	for (size_t i = 0; i < p->count; i++) {
		struct leaving *one = &p->list[i];
		struct removal_facts facts = facts_of(p, one, one->left.file.len > 0);
		enum removal_verdict verdict = removal_decide(p->run->arena, &facts);

		one->is_taken = verdict == REMOVAL_TAKE;
		prune_say_kept(p, one, verdict);
	}
}

/* The specs of all pipelines of the cluster that the files do not have. -1: one of them cannot be read, and may read
 * anything. */
static int
read_others(struct pruning *p)
{
	struct arena *a = p->run->arena;
	struct diags ignored = diags_in(a);

	for (size_t i = 0; i < p->other_count; i++) {
		const struct pachd_listed *one = p->others[i].listed;
		size_t before = p->specs.count;
		struct node *tree = pachd_stored_spec(p->cluster, &one->live, p->err);

		if (tree)
			spec_read(&p->specs, a, "the cluster", tree, one->project, &ignored);
		if (p->specs.count == before)
			return err_set(p->err, ERR_REFUSED,
			    "input 'prune': nobody can tell what pipeline '%.*s' reads: its spec "
			    "cannot be read",
			    STR_FMT(spec_title(a, one->project, one->name)));
		p->rest[before] = p->kind == REMOVAL_STOP && one->live.stopped;
		for (size_t k = 0; k < p->count; k++)
			if (p->list[k].listed == one) {
				p->list[k].spec = before;
				p->gone[before] = p->list[k].is_taken;
			}
	}
	return 0;
}

static int
read_specs(struct pruning *p)
{
	const struct specs *files = &p->work->specs;
	size_t room = files->count + p->other_count;

	p->gone = ARENA_ARRAY(p->run->arena, room, bool);
	p->rest = ARENA_ARRAY(p->run->arena, room, bool);
	p->specs.list = ARENA_ARRAY(p->run->arena, room, struct spec);
	p->specs.count = files->count;
	p->specs.room = room;
	for (size_t i = 0; i < files->count; i++)
		p->specs.list[i] = files->list[i];
	for (size_t i = 0; i < p->plan->count; i++) {
		const struct step *step = &p->plan->steps[i];

		p->rest[step->spec - files->list] =
		    p->kind == REMOVAL_STOP && step->live && step->live->stopped && !step->starts;
	}
	return read_others(p);
}

/* The repos that pachd has made for schedules, where they go with the pipeline: they do not stay in 2.x, whatever is asked
 * for. */
static struct str
crons_of(const struct pruning *p, const struct spec *spec)
{
	struct str text = STR("");

	if (p->kind == REMOVAL_STOP
	    || (p->kind == REMOVAL_DELETE && pachd_is_1x(pachd_facts(p->cluster))))
		return text;
	for (size_t i = 0; i < spec->input_count; i++)
		if (spec->inputs[i].tick_repo.len > 0)
			text = arena_listed(p->run->arena, text, spec->inputs[i].tick_repo);
	return text;
}

static const struct leaving *
candidate_at(const struct pruning *p, size_t spec)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->list[i].is_taken && p->list[i].spec == spec)
			return &p->list[i];
	return NULL;
}

/* Puts those that go into the plan, readers first. */
static void
add_removals(struct pruning *p)
{
	struct arena *a = p->run->arena;
	size_t *stays_for = ARENA_ARRAY(a, p->specs.count, size_t);
	size_t *order = ARENA_ARRAY(a, p->specs.count, size_t);
	size_t count = removal_order(a, &p->specs, p->gone, p->rest, stays_for, order);

	for (size_t i = 0; i < p->specs.count; i++)
		if (stays_for[i] != SIZE_MAX)
			prune_say_reader(p, i, stays_for[i]);
	p->plan->removals = ARENA_ARRAY(a, count, struct removal);
	for (size_t i = 0; i < count; i++) {
		const struct leaving *one = candidate_at(p, order[i]);

		if (one)
			p->plan->removals[p->plan->removal_count++] =
			    (struct removal){ .project = one->listed->project,
				    .name = one->listed->name,
				    .kind = p->kind,
				    .commit = one->left.gone,
				    .file = one->left.file,
				    .spec = &p->specs.list[order[i]],
				    .crons = crons_of(p, &p->specs.list[order[i]]),
				    .live = &one->listed->live,
				    .mark = one->mark,
				    .reason = STR("") };
	}
}

static int
check_limit(const struct pruning *p)
{
	size_t count = p->plan->removal_count;
	size_t total = p->work->all_count + count;
	size_t limit =
	    p->run->opt.prune_limit > 0 ? (size_t)p->run->opt.prune_limit : removal_limit(total);

	if (count <= limit)
		return 0;
	for (size_t i = 0; i < count; i++) {
		const struct removal *one = &p->plan->removals[i];

		ci_detail(&p->run->ci, "%s %.*s (%.*s)", removal_word(one->kind),
		    STR_FMT(spec_title(p->run->arena, one->project, one->name)),
		    STR_FMT(removal_cause(p->run->arena, one)));
	}
	(void)err_set(p->err, ERR_REFUSED,
	    "input 'prune' would %s %zu of %zu pipelines of target '%s'; without being asked it "
	    "takes %zu at most",
	    removal_word(p->kind), count, total, p->run->target_name, limit);
	return err_hint(p->err, "if that is right, add --prune-limit %zu", count);
}

/* What the cluster cannot do. 1: nothing is pruned, and that was said. */
static int
check_release(const struct pruning *p)
{
	const struct pachd_facts *facts = pachd_facts(p->cluster);

	if (p->kind == REMOVAL_DELETE && !pps_can_keep_repo(facts)) {
		(void)err_set(p->err, ERR_REFUSED,
		    "input 'prune': pachd %.*s cannot delete a pipeline and keep its data",
		    STR_FMT(facts->text));
		return err_hint(p->err, "upgrade to 1.10.0 or later, or set 'prune' to false");
	}
	if (pachd_keeps_marks(facts))
		return 0;
	ci_warn(&p->run->ci,
	    "nothing is pruned: pachd %.*s cannot say which repository owns a pipeline; input "
	    "'since' names those that left git, which you can stop: pachctl stop pipeline NAME",
	    STR_FMT(facts->text));
	return 1;
}

/* Whether the run may prune at all. */
static bool
is_allowed(struct run *run, const struct work *work, bool planning)
{
	const char *untrusted = run->event.untrusted;

	if (run->opt.prune == PRUNE_FALSE || !run->target)
		return false;
	if (untrusted)
		ci_note(&run->ci, "nothing is pruned: %s", untrusted);
	else if (run->event.is_pull_request && !planning)
		ci_note(&run->ci, "nothing is pruned: this is a pull request");
	else if (work->preview)
		ci_note(&run->ci, "nothing is pruned: target '%s' is a preview", run->target_name);
	else if (work->error_count > 0)
		ci_warn(&run->ci, "nothing is pruned: input 'keep-going' leaves out pipelines");
	else
		return true;
	return false;
}

static int
find_all(struct pruning *p)
{
	int rc = check_release(p);

	if (rc != 0)
		return rc;
	if (!mark_is_set(&p->owner) || p->owner.target.len == 0) {
		(void)err_set(p->err, ERR_REFUSED,
		    "input 'prune': it is not known which repository the specs are from");
		return err_hint(p->err, "run it in a git repository with a remote 'origin'");
	}
	if (find_candidates(p) < 0)
		return -1;
	if (p->count == 0)
		return 1;
	rc = ask_git(p);
	return rc != 0 ? rc : ask_authors(p);
}

int
prune_plan(struct run *run, struct pachd *cluster, const struct work *work, bool planning,
    struct plan *plan, struct err *err)
{
	struct pruning p = {
		.run = run, .cluster = cluster, .work = work, .plan = plan, .err = err
	};
	int rc;

	if (!is_allowed(run, work, planning))
		return 0;
	p.kind = run->opt.prune == PRUNE_STOP     ? REMOVAL_STOP
	         : run->opt.prune == PRUNE_DELETE ? REMOVAL_DELETE
	                                          : REMOVAL_WITH_DATA;
	p.owner = ownership_of(run, &work->commit);
	rc = find_all(&p);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	judge_leaving(&p);
	if (read_specs(&p) < 0)
		return -1;
	add_removals(&p);
	return check_limit(&p);
}
