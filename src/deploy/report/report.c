#include "deploy/report/report.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "deploy/report/changes.h"
#include "deploy/report/closing.h"
#include "deploy/report/origin.h"
#include "deploy/report/outcome.h"
#include "deploy/report/plan_page.h"
#include "deploy/report/preview_report.h"
#include "deploy/report/sections.h"
#include "deploy/report/summary.h"
#include "format/doc.h"
#include "format/json_builder.h"
#include "pachd/pachd.h"
#include "pipeline/step.h"
#include "session/run.h"

enum { MAX_TITLE_COLUMN = 40, MAX_REPORT_BYTES = 64 << 20, LABEL_WIDTH = 9 };

/* Why it is unknown whether the pipeline differs: a whole clause, where a field is one word. */
static bool
is_reason(const struct step *step)
{
	return str_find(step->why, ' ') < step->why.len;
}

/* Why it is an update, where the lines below it do not say that. */
static struct str
cause(struct run *run, const struct step *step)
{
	if (step->action != ACTION_UPDATE || step->why.len == 0)
		return (struct str){ "", 0 };
	if (is_reason(step))
		return arena_fmt(run->arena, ", %.*s", STR_FMT(step->why));
	if (step->diff.count > 0)
		return (struct str){ "", 0 };
	return arena_fmt(run->arena, ", %.*s differs", STR_FMT(step->why));
}

/* What is special about it, each behind a comma. */
static struct str
remarks(struct run *run, const struct step *step)
{
	bool is_kept = step->action == ACTION_KEEP;
	const char *paused = step->starts
	                         ? is_kept ? ", was stopped when it left git" : ", is started again"
	                     : is_kept ? ", is paused"
	                               : ", stays paused";

	return arena_fmt(run->arena, "%s%s%s%.*s", step->is_edited ? ", edited in the cluster" : "",
	    step->reprocess && !is_kept ? ", reprocesses all data" : "",
	    step->live && step->live->stopped ? paused : "", STR_FMT(cause(run, step)));
}

/* Below a spec: which of its fields are from a values file. */
static void
show_origins(struct run *run, const struct node *spec)
{
	struct origins all = origins_of(run->arena, spec);

	for (size_t i = 0; i < all.count; i++)
		ci_out(
		    &run->ci, "# %.*s: %.*s", STR_FMT(all.list[i].path), STR_FMT(all.list[i].from));
}

static void
show_specs(struct run *run, const struct outcome *o)
{
	ci_group(&run->ci, "specs");
	for (size_t i = 0; i < o->plan->count; i++) {
		const struct step *step = &o->plan->steps[i];
		struct buf text = BUF_INIT(MAX_REPORT_BYTES);

		if (step->action == ACTION_KEEP && o->facts)
			continue;
		json_write_pretty(&text, step->tree);
		buf_add_char(&text, '\n');
		ci_raw(&run->ci, buf_str(&text));
		buf_free(&text);
		show_origins(run, step->tree);
	}
	ci_group_end(&run->ci);
}

static void
show_repos(struct run *run, const struct outcome *o)
{
	for (size_t i = 0; i < o->plan->repo_count; i++) {
		const struct plan_repo *repo = &o->plan->repos[i];

		ci_action(&run->ci, '+', "create repo", "  %.*s  (read by %.*s, %s)",
		    STR_FMT(spec_title(run->arena, repo->project, repo->name)),
		    STR_FMT(step_title(run->arena, repo->reader)), repo->reader->spec->file);
	}
}

static char
sign_of(const struct step *step)
{
	return step->action == ACTION_CREATE ? '+' : step_is_kept(step) ? ' ' : '~';
}

/* Those that left git, and what goes with them. */
static void
show_removals(struct run *run, const struct outcome *o, size_t width)
{
	size_t deleted = 0;

	for (size_t i = 0; i < o->plan->removal_count; i++) {
		const struct removal *one = &o->plan->removals[i];
		const char *word = removal_word(one->kind);

		deleted += one->kind != REMOVAL_STOP;
		ci_action(&run->ci, '-', word, "%*s  %-*.*s  (%.*s%s%.*s%s%s%.*s)",
		    (int)(LABEL_WIDTH - strlen(word)), "", (int)width,
		    STR_FMT(spec_title(run->arena, one->project, one->name)),
		    STR_FMT(removal_cause(run->arena, one)), one->file.len > 0 ? ", " : "",
		    STR_FMT(one->file),
		    one->kind == REMOVAL_DELETE      ? "; its data is kept"
		    : one->kind == REMOVAL_WITH_DATA ? "; with its data"
		                                     : "",
		    one->crons.len > 0 ? "; with cron repo " : "", STR_FMT(one->crons));
	}
	if (deleted > 0)
		ci_note(&run->ci,
		    "with a deleted pipeline go its jobs, logs, statistics and earlier versions");
}

static size_t
widen(size_t width, struct str title)
{
	return title.len > width && title.len <= MAX_TITLE_COLUMN ? title.len : width;
}

void
report_plan(struct run *run, const struct outcome *o)
{
	size_t width = 0;
	struct shared shared;

	if (output_is_json(&run->in))
		return;
	shared = shared_make(run->arena, o->plan);
	if (o->work->preview)
		preview_print(run, o->work->preview);
	show_repos(run, o);
	for (size_t i = 0; i < o->plan->count; i++)
		width = widen(width, step_title(run->arena, &o->plan->steps[i]));
	for (size_t i = 0; i < o->plan->removal_count; i++)
		width = widen(width, spec_title(run->arena, o->plan->removals[i].project,
		                         o->plan->removals[i].name));
	for (size_t i = 0; i < o->plan->count; i++) {
		const struct step *step = &o->plan->steps[i];

		ci_action(&run->ci, sign_of(step), step_label(o, step),
		    "%*s  %-*.*s  %.*s  (%s%.*s)", (int)(LABEL_WIDTH - strlen(step_label(o, step))),
		    "", (int)width, STR_FMT(step_title(run->arena, step)),
		    STR_FMT(step_images(run->arena, step)), step_origin(run->arena, step),
		    STR_FMT(remarks(run, step)));
		changes_print(&run->ci, run->arena, step, &shared);
	}
	changes_print_shared(&run->ci, run->arena, &shared);
	show_removals(run, o, width);
	changes_note_data(&run->ci, o->plan);
	if (run->opt.show_specs)
		show_specs(run, o);
}

static struct str
transactions(struct run *run, const struct outcome *o)
{
	if (o->transactions > 1)
		return arena_fmt(run->arena, ", in %zu transactions", o->transactions);
	if (o->transaction.len > 0)
		return arena_fmt(run->arena, ", in transaction %.*s", STR_FMT(o->transaction));
	return (struct str){ "", 0 };
}

/* What is removed comes last, after the wait. */
static struct str
others(struct run *run, const struct outcome *o)
{
	const struct plan *p = o->plan;
	size_t started = outcome_tally(o).started;
	struct str text = STR("");

	if (started > 0)
		text =
		    arena_fmt(run->arena, ", %zu %s", started, o->planned ? "to start" : "started");
	if (p->removal_count == 0)
		return text;
	return arena_fmt(run->arena, "%.*s, %zu to %s", STR_FMT(text), p->removal_count,
	    removal_word(p->removals[0].kind));
}

void
report_end(struct run *run, const struct outcome *o)
{
	const struct plan *p = o->plan;
	size_t changes = p->created + p->updated;

	if (output_is_json(&run->in))
		return;
	if (!o->facts)
		ci_out(&run->ci, "%zu to push, in this order (offline plan, checked for pachd %s)",
		    p->count, run->opt.server_version ? run->opt.server_version : "2.11");
	else if (changes == 0)
		ci_out(&run->ci, "%s: %zu unchanged%.*s",
		    plan_changes(p) > 0 ? "nothing to push" : "no changes", p->kept,
		    STR_FMT(others(run, o)));
	else
		ci_out(&run->ci, "%zu %s, %zu %s, %zu unchanged%.*s%.*s", p->created,
		    o->planned ? "to create" : "created", p->updated,
		    o->planned ? "to update" : "updated", p->kept, STR_FMT(others(run, o)),
		    STR_FMT(transactions(run, o)));
}

/* Which fields of the spec are from a values file, and from which line. */
static void
add_origins(struct json *j, struct arena *a, const struct step *step)
{
	struct origins all = origins_of(a, step->tree);

	if (all.count == 0)
		return;
	json_open(j, "values", JSON_OBJECT);
	for (size_t i = 0; i < all.count; i++)
		json_string(j, arena_cstr(a, all.list[i].path), all.list[i].from);
	json_close(j);
}

static void
add_pipeline(struct json *j, struct run *run, const struct outcome *o, const struct step *step)
{
	json_open(j, NULL, JSON_OBJECT);
	json_string(j, "project", step->spec->project);
	json_string(j, "name", step->spec->name);
	json_text(j, "file", step->restores > 0 ? "" : step->spec->file);
	if (step->restores > 0)
		json_uint(j, "restores", step->restores);
	json_text(j, "action", step_label(o, step));
	json_string(j, "old_image", step->old_image);
	json_string(j, "new_image", step->new_image);
	if (step->live && step->live->exists)
		json_uint(j, "old_version", step->live->version);
	if (step->is_edited)
		json_uint(j, "pushed_version", step->mark.version);
	if (step->new_version > 0)
		json_uint(j, "new_version", step->new_version);
	json_bool(j, "reprocess", step->reprocess);
	if (step->live && step->live->stopped)
		json_bool(j, "paused", true);
	if (step->starts)
		json_bool(j, "starts", true);
	if (step->action == ACTION_UPDATE) {
		if (is_reason(step))
			json_string(j, "reason", step->why);
		changes_json(j, run->arena, "diff", step);
	}
	if (run->opt.show_specs) {
		json_node(j, "spec", step->tree);
		add_origins(j, run->arena, step);
	}
	json_text(j, "state", step_state(o, step));
	json_close(j);
}

static void
add_removal(struct json *j, const struct outcome *o, const struct removal *one)
{
	json_open(j, NULL, JSON_OBJECT);
	json_string(j, "project", one->project);
	json_string(j, "name", one->name);
	json_string(j, "file", one->file);
	json_text(j, "action", removal_word(one->kind));
	if (one->kind != REMOVAL_STOP)
		json_bool(j, "keeps_data", one->kind == REMOVAL_DELETE);
	json_string(j, "left_git", one->commit);
	json_string(j, "old_image", one->live->image);
	json_string(j, "new_image", STR(""));
	json_uint(j, "old_version", one->live->version);
	if (one->live->stopped)
		json_bool(j, "paused", true);
	if (one->reason.len > 0)
		json_string(j, "reason", one->reason);
	json_text(j, "state", removal_state_word(o, one));
	json_close(j);
}

static struct str
pipelines_json(struct run *run, const struct outcome *o)
{
	struct buf text = BUF_INIT(MAX_REPORT_BYTES);
	struct json j = JSON_TO(&text);

	json_open(&j, NULL, JSON_ARRAY);
	for (size_t i = 0; i < o->plan->count; i++)
		add_pipeline(&j, run, o, &o->plan->steps[i]);
	for (size_t i = 0; i < o->plan->removal_count; i++)
		add_removal(&j, o, &o->plan->removals[i]);
	json_close(&j);
	return buf_take(&text, run->arena);
}

/* The images of the image lines, in their order. */
static struct str
images_json(struct run *run, const struct outcome *o)
{
	struct buf text = BUF_INIT(MAX_REPORT_BYTES);
	struct json j = JSON_TO(&text);
	const struct rules *rules = &o->work->rules;

	json_open(&j, NULL, JSON_ARRAY);
	for (size_t i = 0; i < rules->count; i++)
		json_string(&j, NULL, rules->list[i].image);
	json_close(&j);
	return buf_take(&text, run->arena);
}

static void
add_repos(struct json *j, struct run *run, const struct plan *p)
{
	json_open(j, "create-repos", JSON_ARRAY);
	for (size_t i = 0; i < p->repo_count; i++)
		json_string(j, NULL, spec_title(run->arena, p->repos[i].project, p->repos[i].name));
	json_close(j);
}

static struct str
whole_json(struct run *run, const struct outcome *o, const struct section *one)
{
	struct buf text = BUF_INIT(MAX_REPORT_BYTES);
	struct json j = JSON_TO(&text);

	json_open(&j, NULL, JSON_OBJECT);
	json_string(&j, "sha", one->sha);
	json_raw(&j, "images", one->images);
	json_uint(&j, "changed", tally_sum(&one->tally));
	json_uint(&j, "created", one->tally.created);
	json_uint(&j, "updated", one->tally.updated);
	if (one->tally.started > 0)
		json_uint(&j, "started", one->tally.started);
	if (one->prunes) {
		json_uint(&j, "stopped", one->tally.stopped);
		json_uint(&j, "deleted", one->tally.deleted);
	}
	json_uint(&j, "unchanged", one->kept);
	json_uint(&j, "failed", one->failed);
	if (one->transaction.len > 0)
		json_string(&j, "transaction", one->transaction);
	if (o->facts)
		json_string(&j, "server-version", one->version);
	if (o->plan->repo_count > 0)
		add_repos(&j, run, o->plan);
	if (o->work->preview)
		preview_json(&j, o->work->preview);
	json_raw(&j, "pipelines", one->pipelines);
	json_close(&j);
	(void)json_line(&j);
	return buf_take(&text, run->arena);
}

/* What was pushed is not undone by a page that cannot be written. */
static int
write_page(struct run *run, const struct outcome *o, struct err *err)
{
	if (plan_page_write(run, o, err) == 0)
		return 0;
	if (o->planned)
		return -1;
	ci_warn(&run->ci, "%s", err->text);
	return 0;
}

/* All but its Markdown. */
static struct section
section_of(struct run *run, const struct outcome *o)
{
	struct section one = { .sha = o->work->commit.sha,
		.images = images_json(run, o),
		.pipelines = pipelines_json(run, o),
		.transaction = o->transaction,
		.version = o->facts ? o->facts->text : STR(""),
		.tally = outcome_tally(o),
		.kept = o->plan->kept,
		.failed = o->failed,
		.prunes = run->opt.prune != PRUNE_FALSE,
		.planned = o->planned };

	one.json = whole_json(run, o, &one);
	return one;
}

int
report_outputs(struct run *run, const struct outcome *o, struct err *err)
{
	struct section one = section_of(run, o);

	if (write_page(run, o, err) < 0)
		return -1;
	if (run->sections) {
		one.markdown = summary_section(run, o, false);
		one.shorter = summary_section(run, o, true);
		sections_add(run, &one);
		return 0;
	}
	if (section_write_outputs(run, &one, err) < 0)
		return -1;
	if (output_is_json(&run->in))
		ci_result(&run->ci, one.json);
	else if (o->work->preview && !o->planned)
		preview_print_jobs(run, o->work->preview);
	closing_write(run, o);
	return summary_write(run, o, NULL, err);
}
