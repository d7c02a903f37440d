/* What drifted, in Markdown: for the page of a run, and for an issue. */
#include "ci/markdown.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/moment.h"
#include "deploy/report/link.h"
#include "deploy/report/outcome.h"
#include "deploy/report/summary_fields.h"
#include "drift/drift.h"
#include "drift/words.h"
#include "pachd/pachd.h"
#include "pipeline/step.h"
#include "session/run.h"

enum { MAX_MARKDOWN = 1 << 20, MAX_ROWS = 500, SHORT_SHA = 7 };

static void
add_row(struct buf *out, struct run *run, const struct drift_report *d, const struct drift_row *row)
{
	buf_add(out, STR("| "));
	md_code(out, row->title);
	buf_fmt(out, " | %s", drift_text(row->state));
	if (row->live->stopped && row->state != DRIFT_STOPPED)
		buf_add(out,
		    row->step && row->step->starts ? STR(", a push starts it") : STR(", paused"));
	else if (row->is_failed)
		buf_add(out, STR(", failed"));
	buf_add(out, STR(" | "));
	md_text(out, drift_versions(run->arena, row));
	buf_add(out, STR(" | "));
	if (row->mark.commit.len > 0)
		link_markdown(
		    out, str_head(row->mark.commit, SHORT_SHA), link_commit(run, row->mark.commit));
	if (row->state == DRIFT_NOT_OURS) {
		buf_add(out, STR(" of "));
		md_code(out, mark_owner(run->arena, &row->mark));
	}
	buf_add(out, STR(" | "));
	if (row->since_s > 0)
		md_text(out, moment_text(run->arena, row->since_s));
	buf_add(out, STR(" | "));
	md_code(out, row->by);
	buf_add(out, STR(" | "));
	if (row->step)
		link_markdown(out, str_of(step_origin(run->arena, row->step)),
		    link_spec(run, d->work.commit.source, row->step->spec));
	buf_add(out, STR(" |\n"));
}

static void
add_table(struct buf *out, struct run *run, const struct drift_report *d)
{
	size_t count = 0;

	for (size_t i = 0; i < d->count; i++) {
		if (!drift_is_notable(&d->list[i]) || count++ >= MAX_ROWS)
			continue;
		if (count == 1)
			buf_add(out, STR("| pipeline | drift | version | pushed from | since | "
			                 "by | file |\n"
			                 "| --- | --- | --- | --- | --- | --- | --- |\n"));
		add_row(out, run, d, &d->list[i]);
	}
	if (count > MAX_ROWS)
		buf_fmt(out, "\n%zu more are in the log.\n", count - MAX_ROWS);
	if (count > 0)
		buf_add_char(out, '\n');
}

static bool
has_fields(const struct drift_report *d)
{
	for (size_t i = 0; i < d->count; i++)
		if (d->list[i].step && d->list[i].step->diff.count > 0)
			return true;
	return false;
}

static void
add_report(struct buf *out, struct run *run, const struct drift_report *d, bool is_named)
{
	const struct outcome o = { .work = &d->work,
		.plan = &d->compared.plan,
		.facts = pachd_facts(d->compared.cluster),
		.planned = true };

	buf_add(out, STR("### "));
	if (is_named) {
		md_code(out, str_of(run->target_name));
		buf_add_char(out, ' ');
	}
	md_text(out, drift_title(d));
	buf_add(out, STR("\n\n"));
	add_table(out, run, d);
	if (has_fields(d)) {
		buf_add(out, STR("What a push would change, field by field; the cluster's value "
		                 "comes first.\n\n"));
		summary_add_fields(out, run->arena, &o);
	}
}

struct str
drift_markdown(struct run *run, const struct drift_report *list, size_t count)
{
	struct buf out = BUF_INIT(MAX_MARKDOWN);

	for (size_t i = 0; i < count; i++)
		add_report(&out, list[i].run, &list[i], count > 1 || list[i].run->target_name);
	return buf_take(&out, run->arena);
}
