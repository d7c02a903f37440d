#include "deploy/report/report.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "deploy/report/changes.h"
#include "deploy/report/closing.h"
#include "deploy/report/outcome.h"
#include "deploy/report/summary.h"
#include "format/doc.h"
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
	const char *paused = is_kept ? ", is paused" : ", stays paused";

	return arena_fmt(run->arena, "%s%s%.*s",
	    step->reprocess && !is_kept ? ", reprocesses all data" : "",
	    step->live && step->live->stopped ? paused : "", STR_FMT(cause(run, step)));
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
	return step->action == ACTION_CREATE ? '+' : step->action == ACTION_UPDATE ? '~' : ' ';
}

void
report_plan(struct run *run, const struct outcome *o)
{
	size_t width = 0;

	if (output_is_json(&run->in))
		return;
	show_repos(run, o);
	for (size_t i = 0; i < o->plan->count; i++) {
		size_t len = step_title(run->arena, &o->plan->steps[i]).len;

		if (len > width && len <= MAX_TITLE_COLUMN)
			width = len;
	}
	for (size_t i = 0; i < o->plan->count; i++) {
		const struct step *step = &o->plan->steps[i];

		ci_action(&run->ci, sign_of(step), step_label(o, step),
		    "%*s  %-*.*s  %.*s  (%s%.*s)", (int)(LABEL_WIDTH - strlen(step_label(o, step))),
		    "", (int)width, STR_FMT(step_title(run->arena, step)),
		    STR_FMT(step_images(run->arena, step)), step_origin(run->arena, step),
		    STR_FMT(remarks(run, step)));
		changes_print(&run->ci, step);
	}
	changes_note_data(&run->ci, o->plan);
	if (value_is_true(&run->in, IN_SHOW_SPECS))
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

void
report_end(struct run *run, const struct outcome *o)
{
	const struct plan *p = o->plan;
	size_t changes = p->created + p->updated;

	if (output_is_json(&run->in))
		return;
	if (!o->facts)
		ci_out(&run->ci, "%zu to push, in this order (offline plan)", p->count);
	else if (changes == 0)
		ci_out(&run->ci, "no changes: %zu unchanged", p->kept);
	else
		ci_out(&run->ci, "%zu %s, %zu %s, %zu unchanged%.*s", p->created,
		    o->planned ? "to create" : "created", p->updated,
		    o->planned ? "to update" : "updated", p->kept, STR_FMT(transactions(run, o)));
}

static void
add_member(struct buf *json, const char *key, struct str value)
{
	json_write_string(json, str_of(key));
	buf_add_char(json, ':');
	json_write_string(json, value);
	buf_add_char(json, ',');
}

static void
add_pipeline(struct run *run, const struct outcome *o, const struct step *step, struct buf *json)
{
	buf_add_char(json, '{');
	add_member(json, "project", step->spec->project);
	add_member(json, "name", step->spec->name);
	add_member(json, "file", step->restores > 0 ? STR("") : str_of(step->spec->file));
	if (step->restores > 0)
		buf_fmt(json, "\"restores\":%llu,", (unsigned long long)step->restores);
	add_member(json, "action", str_of(step_label(o, step)));
	add_member(json, "old_image", step->old_image);
	add_member(json, "new_image", step->new_image);
	if (step->live && step->live->exists)
		buf_fmt(json, "\"old_version\":%llu,", (unsigned long long)step->live->version);
	if (step->new_version > 0)
		buf_fmt(json, "\"new_version\":%llu,", (unsigned long long)step->new_version);
	buf_fmt(json, "\"reprocess\":%s,", step->reprocess ? "true" : "false");
	if (step->live && step->live->stopped)
		buf_add(json, STR("\"paused\":true,"));
	if (step->action == ACTION_UPDATE) {
		if (is_reason(step))
			add_member(json, "reason", step->why);
		buf_add(json, STR("\"diff\":"));
		changes_json(json, step);
		buf_add_char(json, ',');
	}
	if (value_is_true(&run->in, IN_SHOW_SPECS)) {
		buf_add(json, STR("\"spec\":"));
		json_write(json, step->tree);
		buf_add_char(json, ',');
	}
	buf_fmt(json, "\"state\":\"%s\"}", step_state(o, step));
}

static struct str
pipelines_json(struct run *run, const struct outcome *o)
{
	struct buf json = BUF_INIT(MAX_REPORT_BYTES);

	buf_add_char(&json, '[');
	for (size_t i = 0; i < o->plan->count; i++) {
		if (i > 0)
			buf_add_char(&json, ',');
		add_pipeline(run, o, &o->plan->steps[i], &json);
	}
	buf_add_char(&json, ']');
	return buf_take(&json, run->arena);
}

/* The distinct new images, in sending order. */
static struct str
images_json(struct run *run, const struct outcome *o)
{
	struct buf json = BUF_INIT(MAX_REPORT_BYTES);
	const struct rules *rules = &o->work->rules;

	buf_add_char(&json, '[');
	for (size_t i = 0; i < rules->count; i++) {
		if (i > 0)
			buf_add_char(&json, ',');
		json_write_string(&json, rules->list[i].image);
	}
	buf_add_char(&json, ']');
	return buf_take(&json, run->arena);
}

static struct str
number(struct run *run, size_t n)
{
	return arena_fmt(run->arena, "%zu", n);
}

static void
add_repos(struct run *run, const struct plan *p, struct buf *json)
{
	buf_add(json, STR("\"create-repos\":"));
	for (size_t i = 0; i < p->repo_count; i++) {
		buf_add_char(json, i ? ',' : '[');
		json_write_string(
		    json, spec_title(run->arena, p->repos[i].project, p->repos[i].name));
	}
	buf_add(json, STR("],"));
}

static struct str
whole_json(struct run *run, const struct outcome *o, struct str pipelines)
{
	struct buf json = BUF_INIT(MAX_REPORT_BYTES);
	const struct plan *p = o->plan;
	struct tally tally = outcome_tally(o);

	buf_add_char(&json, '{');
	add_member(&json, "sha", o->work->commit.sha);
	buf_fmt(&json, "\"images\":%s,", images_json(run, o).ptr);
	buf_fmt(&json,
	    "\"changed\":%zu,\"created\":%zu,\"updated\":%zu,\"unchanged\":%zu,\"failed\":%zu,",
	    tally.created + tally.updated, tally.created, tally.updated, p->kept, o->failed);
	if (o->transaction.len > 0)
		add_member(&json, "transaction", o->transaction);
	if (o->facts)
		add_member(&json, "server-version", o->facts->text);
	if (p->repo_count > 0)
		add_repos(run, p, &json);
	buf_add(&json, STR("\"pipelines\":"));
	buf_add(&json, pipelines);
	buf_add(&json, STR("}\n"));
	return buf_take(&json, run->arena);
}

int
report_outputs(struct run *run, const struct outcome *o, struct err *err)
{
	const struct plan *p = o->plan;
	struct str pipelines = pipelines_json(run, o), json = whole_json(run, o, pipelines);
	struct tally tally = outcome_tally(o);
	const struct {
		const char *name;
		struct str value;
	} rows[] = {
		{ "sha", o->work->commit.sha },
		{ "images", images_json(run, o) },
		{ "changed", number(run, tally.created + tally.updated) },
		{ "created", number(run, tally.created) },
		{ "updated", number(run, tally.updated) },
		{ "unchanged", number(run, p->kept) },
		{ "failed", number(run, o->failed) },
		{ "pipelines", pipelines },
		{ "transaction", o->transaction },
		{ "plan-json", o->planned ? str_trim(json) : (struct str){ "", 0 } },
		{ "server-version", o->facts ? o->facts->text : (struct str){ "", 0 } },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (ci_output(&run->ci, rows[i].name, rows[i].value, err) < 0)
			return -1;
	if (output_is_json(&run->in))
		ci_result(&run->ci, json);
	closing_write(run, o);
	return summary_write(run, o, NULL, err);
}
