/* What drifted, as text and as JSON. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/moment.h"
#include "deploy/report/changes.h"
#include "drift/drift.h"
#include "drift/words.h"
#include "format/json_builder.h"
#include "pachd/pachd.h"
#include "pipeline/step.h"
#include "session/run.h"

enum { MAX_JSON = 64 << 20, MAX_TITLE_COLUMN = 40, STATE_WIDTH = 22 };

static char
sign_of(enum drift state)
{
	static const char signs[DRIFT_COUNT] = {
		[DRIFT_SAME] = ' ', [DRIFT_STOPPED] = ' ', [DRIFT_MISSING] = '+', [DRIFT_LEFT] = '-'
	};

	return signs[state] ? signs[state] : '~';
}

static void
print_row(const struct drift_report *d, const struct drift_row *row, const struct shared *shared,
    size_t width)
{
	struct run *run = d->run;
	const char *state = drift_text(row->state);
	struct str images = row->step ? step_images(run->arena, row->step) : row->live->image;

	ci_action(&run->ci, sign_of(row->state), state, "%*s  %-*.*s  %.*s  (%.*s)",
	    (int)(STATE_WIDTH - strlen(state)), "", (int)width, STR_FMT(row->title),
	    STR_FMT(images), STR_FMT(drift_remarks(run->arena, row)));
	if (row->step && row->state != DRIFT_MISSING && row->state != DRIFT_SAME)
		changes_print(&run->ci, run->arena, row->step, shared);
}

static bool
is_shown(const struct run *run, const struct drift_row *row)
{
	return drift_is_notable(row) || run->ci.is_verbose;
}

void
drift_note(const struct drift_report *d)
{
	struct run *run = d->run;
	size_t unknown = 0;

	for (size_t i = 0; i < d->count; i++)
		unknown += d->list[i].state == DRIFT_DIFFERS && !mark_is_set(&d->list[i].mark);
	if (!d->has_marks)
		ci_note(&run->ci,
		    "pachd %s keeps no marks of pushes: git and the cluster are compared, and who "
		    "moved is unknown",
		    pachd_facts(d->compared.cluster)->text.ptr);
	else if (!d->has_owner)
		ci_note(&run->ci, "it is unknown from which repository and commit these specs are: "
		                  "git and the cluster are compared, and who moved is unknown");
	else if (unknown > 0)
		ci_note(&run->ci,
		    "%zu pipeline%s no mark of a push: who moved is unknown; a push marks %s",
		    unknown, unknown == 1 ? " has" : "s have", unknown == 1 ? "it" : "them");
}

void
drift_print(const struct drift_report *d)
{
	struct run *run = d->run;
	struct shared shared = shared_make(run->arena, &d->compared.plan);
	size_t width = 0;

	for (size_t i = 0; i < d->count; i++)
		if (is_shown(run, &d->list[i]) && d->list[i].title.len > width
		    && d->list[i].title.len <= MAX_TITLE_COLUMN)
			width = d->list[i].title.len;
	for (size_t i = 0; i < d->count; i++)
		if (is_shown(run, &d->list[i]))
			print_row(d, &d->list[i], &shared, width);
	changes_print_shared(&run->ci, run->arena, &shared);
	ci_out(&run->ci, "%.*s", STR_FMT(drift_title(d)));
}

static void
add_mark(struct json *j, const struct mark *mark)
{
	if (!mark_is_set(mark))
		return;
	json_open(j, "owner", JSON_OBJECT);
	json_string(j, "repository", mark->repository);
	json_string(j, "target", mark->target);
	json_close(j);
	json_uint(j, "pushed_version", mark->version);
	json_string(j, "commit", mark->commit);
	json_string(j, "run", mark->run);
}

static void
add_row(struct json *j, struct run *run, const struct drift_row *row)
{
	const struct deployed *live = row->live;

	json_open(j, NULL, JSON_OBJECT);
	json_string(j, "project", row->project);
	json_string(j, "name", row->name);
	json_text(j, "file", row->step ? row->step->spec->file : "");
	json_text(j, "drift", drift_word(row->state));
	json_uint(j, "version", live->version);
	add_mark(j, &row->mark);
	if (row->by.len > 0)
		json_string(j, "by", row->by);
	if (row->since_s > 0)
		json_string(j, "since", moment_iso(run->arena, row->since_s));
	json_text(j, "state",
	    live->stopped  ? "paused"
	    : live->exists ? live->state.ptr
	                   : "missing");
	if (row->step && row->step->starts)
		json_bool(j, "starts", true);
	json_bool(j, "failed", row->is_failed);
	json_string(j, "reason", live->reason);
	json_open(j, "changed_defaults", JSON_ARRAY);
	for (size_t i = 0; i < row->stale_count; i++)
		json_string(j, NULL, row->stale[i]);
	json_close(j);
	if (row->step && row->state != DRIFT_SAME)
		changes_json(j, run->arena, "diff", row->step);
	json_close(j);
}

static void
add_rows(struct json *j, const char *key, enum json_kind kind, const struct drift_report *d)
{
	json_open(j, key, kind);
	for (size_t i = 0; i < d->count; i++)
		add_row(j, d->run, &d->list[i]);
	json_close(j);
}

static void
add_report(struct json *j, const struct drift_report *d)
{
	json_bool(j, "same", drift_is_none(d));
	json_string(j, "sha", d->work.commit.source);
	json_string(j, "server-version", pachd_facts(d->compared.cluster)->text);
	json_bool(j, "three_way", d->has_marks && d->has_owner);
	json_bool(j, "left_git_is_known", d->is_whole);
	for (enum drift i = 0; i < DRIFT_COUNT; i++)
		json_uint(j, drift_word(i), d->counts[i]);
	add_rows(j, "pipelines", JSON_ROWS, d);
}

int
drift_json(struct run *run, const struct drift_report *list, size_t count, struct err *err)
{
	struct buf text = BUF_INIT(MAX_JSON);
	struct json j = JSON_TO(&text);

	json_open(&j, NULL, JSON_OBJECT);
	if (count == 1) {
		add_report(&j, &list[0]);
	} else {
		json_open(&j, "targets", JSON_OBJECT);
		for (size_t i = 0; i < count; i++) {
			json_open(&j, list[i].run->target_name, JSON_OBJECT);
			add_report(&j, &list[i]);
			json_close(&j);
		}
		json_close(&j);
	}
	json_close(&j);
	(void)json_line(&j);
	return ci_result_take(&run->ci, &text, "the report", err);
}

struct str
drift_rows_json(const struct drift_report *list, size_t count)
{
	struct buf text = BUF_INIT(MAX_JSON);
	struct json j = JSON_TO(&text);

	if (count == 1) {
		add_rows(&j, NULL, JSON_ARRAY, &list[0]);
	} else {
		json_open(&j, NULL, JSON_OBJECT);
		for (size_t i = 0; i < count; i++)
			add_rows(&j, list[i].run->target_name, JSON_ARRAY, &list[i]);
		json_close(&j);
	}
	return buf_take(&text, list[0].run->arena);
}
