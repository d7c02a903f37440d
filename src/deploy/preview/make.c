/* The writes before the pipelines' transaction, each of which may be the last. */
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/elapsed.h"
#include "base/moment.h"
#include "deploy/preview/inside.h"
#include "deploy/preview/look.h"
#include "pachd/pachd.h"
#include "pachd/pfs/copies.h"
#include "pachd/pfs/projects.h"
#include "session/run.h"

/* Whether the answer was lost, so that what was asked for must be looked at again. */
static bool
is_lost(const struct err *err)
{
	return err->kind == ERR_NETWORK;
}

static int
may_not_create(struct preview *preview, struct pachd *cluster, struct err *err)
{
	struct str user = pachd_facts(cluster)->user;

	(void)err_wrap(err, "cannot create project '%.*s'", STR_FMT(preview->project));
	if (err->kind != ERR_REFUSED || user.len == 0)
		return -1;
	return err_hint(err,
	    "ask an administrator to run: pachctl auth set cluster projectCreator %.*s",
	    STR_FMT(user));
}

/* Creates the project with its label, in one step. One that exists is this preview's, and its time begins anew. */
static int
make_project(struct preview *preview, struct pachd *cluster, struct err *err)
{
	struct str label = preview_label_text(preview->run->arena, &preview->label);
	bool was_there = preview->is_there;
	struct err why;

	if (was_there) {
		if (pfs_describe_project(cluster, preview->project, label, &why) < 0)
			ci_warn(&preview->run->ci,
			    "project '%.*s' does not say that it was used today: %s",
			    STR_FMT(preview->project), why.text);
		return 0;
	}
	if (pfs_make_described(cluster, preview->project, label, &was_there, err) < 0
	    && !is_lost(err))
		return may_not_create(preview, cluster, err);
	if (!was_there && err->kind == ERR_NONE)
		return 0;
	why = *err;
	err->kind = ERR_NONE;
	if (preview_check_project(preview, cluster, err) < 0)
		return -1;
	if (preview->is_there)
		return 0;
	*err = why;
	return err_wrap(err, "cannot create project '%.*s'", STR_FMT(preview->project));
}

static struct pfs_ref
place_of(const struct preview *preview, const struct preview_input *input)
{
	return (struct pfs_ref){ preview->project, input->repo, input->into };
}

/* Repos with two branches are made once. */
static bool
is_first_of_repo(const struct preview *preview, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (str_eq(preview->inputs[k].repo, preview->inputs[i].repo))
			return false;
	return true;
}

/* After a lost answer, or a refusal: whether all of them are as they were to be. */
static int
look_again(struct preview *preview, struct pachd *cluster, struct preview_input **list,
    size_t count, enum copy_state wanted, struct err *err)
{
	struct err why = *err;
	size_t left = 0;

	preview->is_there = true;
	for (size_t i = 0; i < count; i++) {
		if (preview_find_state(preview, cluster, list[i], err) < 0)
			return -1;
		left += list[i]->state != wanted && list[i]->state != COPY_SAME;
	}
	if (left == 0) {
		err->kind = ERR_NONE;
		return 0;
	}
	*err = why;
	return -1;
}

static bool
needs_commit(const struct preview_input *input)
{
	return input->state != COPY_SAME && input->state != COPY_OPEN;
}

/* The next inputs that can be started together: one of each repo. */
static size_t
choose_round(const struct preview *preview, struct preview_input **round)
{
	size_t count = 0;

	for (size_t i = 0; i < preview->input_count; i++) {
		struct preview_input *input = &preview->inputs[i];
		bool is_taken = !needs_commit(input);

		for (size_t k = 0; k < count; k++)
			is_taken = is_taken || str_eq(round[k]->repo, input->repo);
		if (!is_taken)
			round[count++] = input;
	}
	return count;
}

static int
start_round(struct preview *preview, struct pachd *cluster, struct preview_input **round,
    size_t count, struct err *err)
{
	struct arena *a = preview->run->arena;
	struct pfs_start *list = ARENA_ARRAY(a, count, struct pfs_start);
	struct preview_label label = preview->label;
	struct str id;

	label.until_s = 0;
	for (size_t i = 0; i < count; i++)
		list[i] = (struct pfs_start){
			.at = place_of(preview, round[i]),
			.makes_repo =
			    round[i]->state == COPY_NEW
			    && is_first_of_repo(preview, (size_t)(round[i] - preview->inputs)),
			.description = round[i]->about,
			.about_repo = preview_label_text(a, &label),
		};
	if (pfs_start_commits(cluster, a, list, count, &id, err) < 0)
		return is_lost(err) ? look_again(preview, cluster, round, count, COPY_OPEN, err)
		                    : -1;
	for (size_t i = 0; i < count; i++) {
		round[i]->state = COPY_OPEN;
		round[i]->commit = id;
	}
	return 0;
}

/* Begins a commit in each branch that does not hold its copy: in one transaction, but for several branches of one repo, whose
 * commits would have one id (addCommit in src/server/pfs/server/driver.go of 2.6.0 and later refuses that). */
static int
start_copies(struct preview *preview, struct pachd *cluster, struct err *err)
{
	struct preview_input **round =
	    ARENA_ARRAY(preview->run->arena, preview->input_count, struct preview_input *);
	size_t count;

	while ((count = choose_round(preview, round)) > 0)
		if (start_round(preview, cluster, round, count, err) < 0)
			return -1;
	return 0;
}

/* Paths that are to be copied. */
struct picking {
	struct arena *arena;
	const struct pfs_ref *from;
	struct pfs_copy *list;
	size_t count, room;
	struct str last; /* the last file in the order of names */
};

static void
pick_path(struct picking *p, const struct pfs_ref *from, struct str path)
{
	p->list = arena_grow(p->arena, p->list, p->count, &p->room, sizeof(*p->list));
	p->list[p->count++] = (struct pfs_copy){ from, path };
}

static int
take_match(void *ctx, const struct pfs_file *file, struct err *err)
{
	struct picking *p = ctx;

	(void)err;
	pick_path(p, p->from, arena_str(p->arena, file->path));
	return 0;
}

static int
take_last(void *ctx, const struct pfs_file *file, struct err *err)
{
	struct picking *p = ctx;

	(void)err;
	if (!file->is_dir && str_cmp(file->path, p->last) > 0)
		p->last = arena_str(p->arena, file->path);
	return 0;
}

static int
pick_globs(const struct preview *preview, struct pachd *cluster, const struct preview_input *input,
    struct picking *p, struct err *err)
{
	for (size_t i = 0; i < input->paths.count; i++) {
		size_t before = p->count;

		if (pfs_glob(cluster, p->from, str_of(input->paths.list[i]), take_match, p, err)
		    < 0)
			return -1;
		if (p->count == before)
			ci_warn(&preview->run->ci, "'%s' matches no file of '%.*s'",
			    input->paths.list[i], STR_FMT(input->repo));
	}
	return 0;
}

/* A pipeline with a cron input has something to do: production's last tick, or one of now, named as pachd names it:
 * "/2026-11-30T06:00:00Z" (cronTick in src/server/pps/server/monitor.go of 2.11.6). */
static int
pick_tick(
    struct pachd *cluster, const struct preview_input *input, struct picking *p, struct err *err)
{
	bool is_missing;

	if (input->has_source
	    && pfs_list(cluster, p->from, STR("/"), take_last, p, &is_missing, err) < 0
	    && !is_missing)
		return -1;
	err->kind = ERR_NONE;
	if (p->last.len > 0)
		pick_path(p, p->from, p->last);
	else
		pick_path(p, NULL,
		    arena_fmt(
		        p->arena, "/%.*s", STR_FMT(moment_iso(p->arena, (int64_t)time(NULL)))));
	return 0;
}

static int
fill_copy(struct preview *preview, struct pachd *cluster, const struct preview_input *input,
    struct err *err)
{
	struct arena *a = preview->run->arena;
	const struct pfs_open into = { { preview->project, input->repo, input->commit },
		input->into };
	struct picking p = { .arena = a, .from = &input->source.at, .last = STR("") };
	int rc = 0;

	if (input->is_tick)
		rc = pick_tick(cluster, input, &p, err);
	else if (input->has_source && input->paths.count > 0)
		rc = pick_globs(preview, cluster, input, &p, err);
	else if (input->has_source)
		pick_path(&p, p.from, STR("/"));
	if (rc < 0)
		return -1;
	ci_log(
	    &preview->run->ci, "copying %.*s", STR_FMT(str_tail(input->about, strlen("copy of "))));
	rc = pfs_fill_commit(cluster, &into, p.list, p.count, err);
	if (rc < 0 && is_lost(err)) { /* a second time puts the same in the same place */
		err->kind = ERR_NONE;
		rc = pfs_fill_commit(cluster, &into, p.list, p.count, err);
	}
	return rc < 0 ? err_wrap(err, "cannot fill the %.*s", STR_FMT(input->about)) : 0;
}

/* A commit that cannot be filled or finished may be what another run of the same pull request has finished meanwhile: it
 * wants the same. */
static int
find_finished(struct preview *preview, struct pachd *cluster, struct preview_input **list,
    size_t count, struct err *err)
{
	bool is_refused = err->kind == ERR_REFUSED;

	if (!is_refused && !is_lost(err))
		return -1;
	if (look_again(preview, cluster, list, count, COPY_SAME, err) == 0) {
		for (size_t i = 0; i < count && is_refused; i++)
			ci_note(&preview->run->ci, "another run has made the %.*s",
			    STR_FMT(list[i]->about));
		return 0;
	}
	return is_refused ? err_hint(err, "push again; another run may make the same copies") : -1;
}

static int
finish_copies(struct preview *preview, struct pachd *cluster, struct err *err)
{
	struct arena *a = preview->run->arena;
	struct pfs_finish *list = ARENA_ARRAY(a, preview->input_count, struct pfs_finish);
	struct preview_input **filled =
	    ARENA_ARRAY(a, preview->input_count, struct preview_input *);
	int64_t started_ms = clock_ms();
	size_t count = 0;

	for (size_t i = 0; i < preview->input_count; i++) {
		struct preview_input *input = &preview->inputs[i];

		if (input->state != COPY_OPEN)
			continue;
		if (fill_copy(preview, cluster, input, err) < 0) {
			if (find_finished(preview, cluster, &input, 1, err) < 0)
				return -1;
			continue;
		}
		filled[count] = input;
		list[count++] = (struct pfs_finish){
			.at = { { preview->project, input->repo, input->commit }, input->into },
			.description = input->about,
		};
	}
	if (count == 0)
		return 0;
	if (pfs_finish_commits(cluster, list, count, err) < 0)
		return find_finished(preview, cluster, filled, count, err);
	ci_log(&preview->run->ci, "%zu cop%s in project '%.*s', after %.*s", count,
	    count == 1 ? "y is" : "ies are", STR_FMT(preview->project),
	    STR_FMT(elapsed_text(a, clock_ms() - started_ms)));
	return 0;
}

int
preview_make(struct preview *preview, struct pachd *cluster, struct err *err)
{
	err->kind = ERR_NONE;
	if (make_project(preview, cluster, err) < 0)
		return -1;
	if (preview->clears && inside_delete(preview->run, cluster, preview->inside, err) < 0)
		return err_wrap(err, "cannot empty project '%.*s'", STR_FMT(preview->project));
	if (start_copies(preview, cluster, err) < 0)
		return err_wrap(
		    err, "cannot begin the copies in project '%.*s'", STR_FMT(preview->project));
	if (finish_copies(preview, cluster, err) < 0)
		return err_wrap(err, "cannot copy into project '%.*s'", STR_FMT(preview->project));
	return 0;
}
