#include "deploy/report/summary.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "ci/markdown.h"
#include "deploy/report/comment.h"
#include "deploy/report/picture.h"
#include "files/fence.h"
#include "files/read.h"
#include "files/write.h"
#include "pachd/pachd.h"
#include "pipeline/step.h"
#include "session/run.h"

enum {
	SUMMARY_MAX = 1 << 20, /* what a runner takes of one step */
	MAX_ROWS = 1000,       /* of pipelines in the table */
	MAX_OPEN_ROWS = 25,    /* of pipelines that stay as they are: more are folded */
	MAX_DIFFS = 100,       /* pipelines whose fields are shown */
	MAX_FIELDS = 50,       /* of one pipeline */
	MAX_FIELD_BYTES = 1000,
	MAX_FINDINGS = 100,
};

static void
add_cell_end(struct buf *out)
{
	buf_add(out, STR(" | "));
}

static void
add_row(struct buf *out, const char *name, struct str value,
    void (*as)(struct buf *out, struct str text))
{
	if (value.len == 0)
		return;
	buf_fmt(out, "| %s | ", name);
	as(out, value);
	buf_add(out, STR(" |\n"));
}

/* Where this is from, and where it goes. */
static void
add_facts(struct buf *out, struct run *run, const struct commit *commit,
    const struct pachd_facts *facts, struct str transaction)
{
	struct str cluster = str_of(run->opt.cluster);

	if (str_find(cluster, '@') < cluster.len)
		cluster = STR(""); /* a password may stand before it */
	if (commit->sha.len + cluster.len + transaction.len + run->event.run_url.len == 0)
		return;
	buf_add(out, STR("| | |\n| --- | --- |\n"));
	add_row(out, "commit", commit->sha, md_code);
	if (!str_eq(commit->source, commit->sha))
		add_row(out, "specs of commit", commit->source, md_code);
	add_row(out, "branch", run->event.branch, md_code);
	add_row(out, "cluster", cluster, md_code);
	add_row(out, "pachd", facts ? facts->text : STR(""), md_code);
	add_row(out, "user", facts ? facts->user : STR(""), md_code);
	add_row(out, "transaction", transaction, md_code);
	buf_add_char(out, '\n');
}

static struct str
versions(struct arena *a, const struct step *step)
{
	unsigned long long old = step->live && step->live->exists ? step->live->version : 0;
	unsigned long long now = step->new_version;

	if (now > 0 && old > 0 && now != old)
		return arena_fmt(a, "%llu → %llu", old, now);
	return now + old > 0 ? arena_fmt(a, "%llu", now > 0 ? now : old) : STR("");
}

static void
add_images(struct buf *out, const struct step *step)
{
	if (step->old_image.len > 0 && !str_eq(step->old_image, step->new_image)) {
		md_code(out, step->old_image);
		buf_add(out, STR(" → "));
	}
	md_code(out, step->new_image);
}

static void
add_step(struct buf *out, struct arena *a, const struct outcome *o, const struct step *step)
{
	buf_add(out, STR("| "));
	md_code(out, step_title(a, step));
	buf_fmt(out, " | %s | ", step_label(o, step));
	add_images(out, step);
	add_cell_end(out);
	md_text(out, versions(a, step));
	add_cell_end(out);
	md_text(out, str_of(step_state(o, step)));
	add_cell_end(out);
	if (!o->planned && step->state.len > 0)
		buf_fmt(out, "%lld", (long long)step->waited_s);
	if (!o->planned)
		add_cell_end(out);
	md_code(out, str_of(step_origin(a, step)));
	buf_add(out, STR(" |\n"));
}

enum which { ALL_STEPS, CHANGES, KEPT };

static bool
is_of(const struct outcome *o, const struct step *step, enum which which)
{
	bool kept = step->action == ACTION_KEEP && o->facts;

	return which == ALL_STEPS || kept == (which == KEPT);
}

static void
add_steps(struct buf *out, struct arena *a, const struct outcome *o, enum which which)
{
	size_t count = 0;

	for (size_t i = 0; i < o->plan->count; i++) {
		if (!is_of(o, &o->plan->steps[i], which) || count++ >= MAX_ROWS)
			continue;
		if (count == 1)
			buf_fmt(out,
			    "| pipeline | action | image | version | state | %sfile |\n"
			    "| --- | --- | --- | --- | --- | %s--- |\n",
			    o->planned ? "" : "seconds | ", o->planned ? "" : "---: | ");
		add_step(out, a, o, &o->plan->steps[i]);
	}
	if (count > MAX_ROWS)
		buf_fmt(out, "\n%zu more are in the log.\n", count - MAX_ROWS);
	if (count > 0)
		buf_add_char(out, '\n');
}

/* Many that stay as they are would hide the others. */
static void
add_table(struct buf *out, struct arena *a, const struct outcome *o)
{
	if (!o->facts || o->plan->kept <= MAX_OPEN_ROWS) {
		add_steps(out, a, o, ALL_STEPS);
		return;
	}
	add_steps(out, a, o, CHANGES);
	buf_fmt(out, "<details><summary>%zu unchanged</summary>\n\n", o->plan->kept);
	add_steps(out, a, o, KEPT);
	buf_add(out, STR("</details>\n\n"));
}

static void
add_value(struct buf *lines, char sign, struct str path, struct str value)
{
	struct str shown =
	    str_head(value, value.len < MAX_FIELD_BYTES ? value.len : MAX_FIELD_BYTES);

	if (!value.ptr)
		return;
	buf_fmt(lines, "%c ", sign);
	md_clean(lines, path);
	buf_add(lines, STR(": "));
	md_clean(lines, shown);
	buf_add(lines, shown.len < value.len ? STR("...\n") : STR("\n"));
}

static void
add_fields(struct buf *out, struct arena *a, const struct step *step)
{
	struct buf lines = BUF_INIT(SUMMARY_MAX);

	for (size_t i = 0; i < step->diff.count && i < MAX_FIELDS; i++) {
		add_value(&lines, '-', step->diff.list[i].path, step->diff.list[i].old_value);
		add_value(&lines, '+', step->diff.list[i].path, step->diff.list[i].new_value);
	}
	if (step->diff.count > MAX_FIELDS)
		buf_fmt(&lines, "  and %zu more\n", step->diff.count - MAX_FIELDS);
	buf_add(out, STR("<details><summary>"));
	md_text(out, step_title(a, step));
	buf_fmt(
	    out, ": %zu field%s</summary>\n\n", step->diff.count, step->diff.count == 1 ? "" : "s");
	md_fence(out, "diff", buf_str(&lines));
	buf_add(out, STR("\n</details>\n\n"));
	buf_free(&lines);
}

static void
add_diffs(struct buf *out, struct arena *a, const struct outcome *o)
{
	size_t shown = 0;

	for (size_t i = 0; i < o->plan->count; i++) {
		const struct step *step = &o->plan->steps[i];

		if (step->action != ACTION_UPDATE || step->diff.count == 0 || shown++ >= MAX_DIFFS)
			continue;
		add_fields(out, a, step);
	}
	if (shown > MAX_DIFFS)
		buf_fmt(
		    out, "The fields of %zu more pipelines are in the log.\n\n", shown - MAX_DIFFS);
}

static void
add_picture(struct buf *out, struct arena *a, const struct outcome *o)
{
	struct buf text = BUF_INIT(SUMMARY_MAX);
	enum picture_extent extent = picture_draw(&text, a, o);

	if (extent != PICTURE_NONE) {
		buf_fmt(out, "<details%s><summary>%s</summary>\n\n",
		    extent == PICTURE_ALL ? " open" : "",
		    extent == PICTURE_ALL ? "Who reads what"
		                          : "What changes, what it reads and who reads it");
		md_fence(out, "mermaid", buf_str(&text));
		buf_add(out, STR("\n</details>\n\n"));
	}
	buf_free(&text);
}

static void
add_finding(struct buf *out, struct run *run, const struct diag *one)
{
	struct str file = ci_in_workspace(&run->ci, one->file);

	buf_fmt(out, "| %s %s | ", one->level == DIAG_ERROR ? "error" : "warning",
	    checks[one->check].code);
	md_code(out, one->at.line > 0 ? arena_fmt(
	                 run->arena, "%.*s:%u:%u", STR_FMT(file), one->at.line, one->at.col)
	                              : file);
	add_cell_end(out);
	md_prose(out, one->what);
	add_cell_end(out);
	md_prose(out, one->hint);
	buf_add(out, STR(" |\n"));
}

static void
add_findings(struct buf *out, struct run *run)
{
	const struct diags *d = &run->ci.reported;

	if (d->count == 0)
		return;
	buf_fmt(out, "#### %zu error%s, %zu warning%s in the specs\n\n", d->errors,
	    d->errors == 1 ? "" : "s", d->count - d->errors, d->count - d->errors == 1 ? "" : "s");
	buf_add(out, STR("| | where | what | hint |\n| --- | --- | --- | --- |\n"));
	for (int level = 0; level < 2; level++)
		for (size_t i = 0; i < d->count && i < MAX_FINDINGS; i++)
			if ((d->list[i].level == DIAG_ERROR) == (level == 0))
				add_finding(out, run, &d->list[i]);
	if (d->count > MAX_FINDINGS)
		buf_fmt(out, "\n%zu more are in the log.\n", d->count - MAX_FINDINGS);
	buf_add_char(out, '\n');
}

/* A failure and its hint, as a quotation. */
static void
add_error(struct buf *out, const struct err *err)
{
	if (!err)
		return;
	buf_add(out, STR("> **Error:** "));
	md_prose(out, str_of(err->text));
	if (err->hint[0]) {
		buf_add(out, STR("\n>\n> **Hint:** "));
		md_prose(out, str_of(err->hint));
	}
	buf_add(out, STR("\n\n"));
}

static void
add_next_step(struct buf *out, const struct run *run, const struct outcome *o)
{
	size_t changes = o->plan->created + o->plan->updated;

	if (!o->planned || changes == 0 || o->why)
		return;
	if (run->event.is_pull_request)
		buf_add(out, STR("**To apply this plan**, merge the pull request: the push to the "
		                 "base branch sends it. "
		                 "Nothing was sent to the cluster.\n"));
	else
		buf_add(out, STR("**To apply this plan**, run `push` with the same inputs and "
		                 "without `dry-run`. "
		                 "Nothing was sent to the cluster.\n"));
}

static void
add_title(struct buf *out, struct run *run, const struct outcome *o)
{
	struct str title = outcome_title(run->arena, o, run->opt.command_name);

	buf_fmt(out, "### %.*s\n\n", STR_FMT(title));
}

static struct str
summary_text(struct run *run, const struct outcome *o, bool with_picture)
{
	struct buf out = BUF_INIT(SUMMARY_MAX);

	add_title(&out, run, o);
	add_error(&out, o->why);
	add_facts(&out, run, &o->work->commit, o->facts, o->transaction);
	add_table(&out, run->arena, o);
	if (with_picture)
		add_picture(&out, run->arena, o);
	add_diffs(&out, run->arena, o);
	add_findings(&out, run);
	add_next_step(&out, run, o);
	return buf_take(&out, run->arena);
}

static struct str
summary_without_plan(struct run *run, const struct err *err)
{
	const struct commit commit = { .sha = run->event.sha, .source = run->event.sha };
	const char *command = run->opt.command_name;
	struct buf out = BUF_INIT(SUMMARY_MAX);

	buf_add(&out, STR("### pachup "));
	md_text(&out, command ? str_of(command) : STR(""));
	buf_fmt(&out, ": %s\n\n", err ? "failed" : "done");
	add_error(&out, err);
	add_facts(&out, run, &commit, NULL, STR(""));
	add_findings(&out, run);
	return buf_take(&out, run->arena);
}

/* What a comment has room for in any case. */
static struct str
short_text(struct run *run, const struct outcome *o)
{
	struct buf out = BUF_INIT(SUMMARY_MAX);

	add_title(&out, run, o);
	add_error(&out, o->why);
	add_facts(&out, run, &o->work->commit, o->facts, o->transaction);
	buf_add(&out, STR("The plan is too long for a comment; the summary of the run has it"));
	if (run->event.run_url.len > 0)
		buf_fmt(&out, ": %.*s", STR_FMT(run->event.run_url));
	buf_add(&out, STR("\n\n"));
	add_next_step(&out, run, o);
	return buf_take(&out, run->arena);
}

/* Only plans are commented on, and what kept one from being made. */
static void
comment(struct run *run, const struct outcome *o, struct str text)
{
	if (o && o->planned)
		comment_write(run, text, short_text(run, o));
	else if (!o && run->event.is_pull_request)
		comment_write(run, text, str_head(text, 0));
}

int
summary_check_place(struct run *run, struct err *err)
{
	const char *path = run->opt.summary;
	const char *dir;

	if (!path)
		return 0;
	if (path_fenced_new(run->arena, path, ci_fence(&run->ci), err) < 0)
		return err_wrap(err, "input 'summary'");
	dir = arena_cstr(run->arena, str_head(str_of(path), str_rfind(str_of(path), '/')));
	if (!strchr(path, '/'))
		dir = ".";
	if (access(*dir ? dir : "/", W_OK | X_OK) == 0)
		return 0;
	(void)err_set(err, ERR_SYSTEM, "input 'summary': cannot write into '%s': %s",
	    *dir ? dir : "/", strerror(errno));
	return err_hint(err, "name a file in a directory that exists and can be written");
}

static bool
has_reader(const struct run *run)
{
	return ci_has_summary(&run->ci) || (run->opt.comment && run->github_token)
	       || run->opt.summary;
}

/* Into the file of input `summary` and onto the page of the run. */
static int
put(struct run *run, struct str text, struct err *lost)
{
	const char *path = run->opt.summary;

	if (path && file_put(run->arena, path, ci_fence(&run->ci), text, lost) < 0) {
		(void)err_wrap(lost, "input 'summary'");
		if (!run->ci.is_writer)
			return -1;
		ci_warn(&run->ci, "%s", lost->text);
	}
	return ci_summary(&run->ci, text, lost);
}

int
summary_write(struct run *run, const struct outcome *o, const struct err *err, struct err *lost)
{
	struct str text;

	if (run->has_summary || !has_reader(run))
		return 0;
	run->has_summary = true;
	text =
	    o ? summary_text(run, o, ci_draws_mermaid(&run->ci)) : summary_without_plan(run, err);
	if (run->opt.comment && run->github_token)
		comment(run, o, text);
	return put(run, text, lost);
}

int
summary_write_text(
    struct run *run, struct str text, struct str shorter, bool planned, struct err *lost)
{
	if (run->has_summary || !has_reader(run))
		return 0;
	run->has_summary = true;
	if (run->opt.comment && run->github_token && planned)
		comment_write(run, text, shorter);
	return put(run, text, lost);
}

struct str
summary_section(struct run *run, const struct outcome *o, bool is_short)
{
	return is_short ? short_text(run, o) : summary_text(run, o, ci_draws_mermaid(&run->ci));
}
