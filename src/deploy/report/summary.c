#include "deploy/report/summary.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "ci/markdown.h"
#include "deploy/report/comment.h"
#include "deploy/report/link.h"
#include "deploy/report/page.h"
#include "deploy/report/picture.h"
#include "deploy/report/preview_report.h"
#include "deploy/report/summary_fields.h"
#include "files/fence.h"
#include "files/write.h"
#include "pachd/pachd.h"
#include "pipeline/step.h"
#include "session/run.h"

enum {
	SUMMARY_MAX = 1 << 20, /* what a runner takes of one step */
	MAX_ROWS = 1000,       /* of pipelines in the table */
	MAX_OPEN_ROWS = 25,    /* of pipelines that stay as they are: more are folded */
	MAX_FINDINGS = 100,
	SHORT_SHA = 7,
};

static void
add_cell_end(struct buf *out)
{
	buf_add(out, STR(" | "));
}

/* Behind what came before on its line. */
static void
add_fact(struct buf *out, const char *name, struct str value, struct str url)
{
	if (value.len == 0)
		return;
	if (out->len > 0 && out->ptr[out->len - 1] != '\n')
		buf_add(out, STR(" · "));
	buf_fmt(out, "%s ", name);
	link_markdown(out, value, url);
}

/* The commit by its first digits where they lead to it. */
static void
add_commit(struct buf *out, struct run *run, const char *name, struct str sha)
{
	struct str url = link_commit(run, sha);

	add_fact(out, name, url.len > 0 ? str_head(sha, SHORT_SHA) : sha, url);
}

/* Where this is from, and where it goes: one line. */
static void
add_facts(struct buf *out, struct run *run, const struct commit *commit,
    const struct pachd_facts *facts, struct str transaction)
{
	struct str cluster = page_cluster(run), ref = run->event.ref, none = STR("");
	bool is_tag = str_starts(ref, "refs/tags/");

	if (commit->sha.len + cluster.len + transaction.len + run->event.run_url.len == 0)
		return;
	add_commit(out, run, "commit", commit->sha);
	if (!str_eq(commit->source, commit->sha))
		add_commit(out, run, "specs of commit", commit->source);
	add_fact(out, is_tag ? "tag" : "branch", is_tag ? ref_short(ref) : run->event.branch, none);
	add_fact(out, "cluster", cluster, none);
	add_fact(out, "pachd", facts ? facts->text : none, none);
	add_fact(out, "user", facts ? facts->user : none, none);
	add_fact(out, "transaction", transaction, none);
	buf_add(out, STR("\n\n"));
}

/* What ran, what was pushed, and what runs since that was rolled back. */
static struct str
versions(struct arena *a, const struct step *step)
{
	struct str text = step_versions(a, step, "→");

	if (step->back_version <= step->new_version)
		return text;
	return arena_fmt(a, "%.*s → %llu", STR_FMT(text), (unsigned long long)step->back_version);
}

/* A tag of 40 digits is a commit: the first 7, which lead to it where it is the run's. */
static void
add_image(struct buf *out, struct run *run, struct str sha, struct str image, size_t shown_from)
{
	size_t colon = str_rfind(image, ':');
	struct str tag = str_tail(image, colon < image.len ? colon + 1 : image.len);
	struct str shown = image, url = STR("");

	if (event_sha(run->arena, tag).len > 0) {
		shown = str_head(image, colon + 1 + SHORT_SHA);
		url = str_eq(tag, sha) ? link_commit(run, tag) : STR("");
	}
	link_markdown(out, str_tail(shown, shown_from), url);
}

/* Where the tag starts when both images are the same but for it; else 0. */
static size_t
common_of(struct str old, struct str now)
{
	size_t colon = str_rfind(now, ':'), slash = str_rfind(now, '/');

	if (colon == now.len || (slash < now.len && slash > colon) || old.len <= colon + 1
	    || str_find(now, '@') < now.len || str_find(old, '@') < old.len
	    || !str_eq(str_head(old, colon + 1), str_head(now, colon + 1)))
		return 0;
	return colon + 1;
}

/* A repository that stays is there once, so that the table is not wider than its page. */
static void
add_images(struct buf *out, struct run *run, struct str sha, const struct step *step)
{
	struct str old = step->old_image, now = step->new_image;
	size_t common = common_of(old, now);

	if (old.len == 0 || str_eq(old, now)) {
		add_image(out, run, sha, now, 0);
		return;
	}
	add_image(out, run, sha, old, 0);
	buf_add(out, common > 0 ? STR(" → ") : STR("<br>→ "));
	add_image(out, run, sha, now, common);
}

static void
add_state(struct buf *out, const char *state, struct str reason)
{
	md_text(out, str_of(state));
	if (reason.len == 0)
		return;
	buf_add(out, STR(": "));
	md_text(out, reason);
}

static void
add_step(struct buf *out, struct run *run, const struct outcome *o, const struct step *step)
{
	struct arena *a = run->arena;
	struct str sha = o->work->commit.sha, source = o->work->commit.source, url = STR("");

	buf_add(out, STR("| "));
	md_code(out, step_title(a, step));
	buf_fmt(out, " | %s%s | ", step_label(o, step),
	    step->is_edited ? ", edited in the cluster" : "");
	add_images(out, run, sha, step);
	add_cell_end(out);
	md_text(out, versions(a, step));
	add_cell_end(out);
	add_state(out, step_state(o, step), step->failed ? step->reason : STR(""));
	add_cell_end(out);
	if (!o->planned && step->state.len > 0)
		buf_fmt(out, "%lld", (long long)step->waited_s);
	if (!o->planned)
		add_cell_end(out);
	if (step->restores == 0)
		url = link_spec(run, source.len ? source : sha, step->spec);
	link_markdown(out, str_of(step_origin(a, step)), url);
	buf_add(out, STR(" |\n"));
}

static void
add_head(struct buf *out, const struct outcome *o)
{
	buf_fmt(out,
	    "| pipeline | action | image | version | state | %sfile |\n"
	    "| --- | --- | --- | --- | --- | %s--- |\n",
	    o->planned ? "" : "seconds | ", o->planned ? "" : "---: | ");
}

/* Repos that are created before the pipelines. */
static void
add_repos(struct buf *out, struct run *run, const struct outcome *o)
{
	const char *state = o->planned ? "planned" : o->transaction.len > 0 ? "created" : "";

	for (size_t i = 0; i < o->plan->repo_count; i++) {
		const struct plan_repo *repo = &o->plan->repos[i];

		buf_add(out, STR("| "));
		md_code(out, spec_title(run->arena, repo->project, repo->name));
		buf_fmt(out, " | create repo | | | %s | %sread by ", state, o->planned ? "" : "| ");
		md_code(out, step_title(run->arena, repo->reader));
		buf_add(out, STR(" |\n"));
	}
}

/* Pipelines that left git. */
static void
add_removal(struct buf *out, struct run *run, const struct outcome *o, const struct removal *one)
{
	struct arena *a = run->arena;

	buf_add(out, STR("| "));
	md_code(out, spec_title(a, one->project, one->name));
	buf_fmt(out, " | %s | ", removal_word(one->kind));
	add_image(out, run, STR(""), one->live->image, 0);
	buf_fmt(out, " | %llu | ", (unsigned long long)one->live->version);
	add_state(out, removal_state_word(o, one), one->reason);
	buf_fmt(out, " | %s", o->planned ? "" : "| ");
	link_markdown(out, removal_cause(a, one), link_commit(run, one->commit));
	if (one->kind != REMOVAL_STOP)
		buf_add(
		    out, one->kind == REMOVAL_DELETE ? STR(", data kept") : STR(", with its data"));
	if (one->crons.len > 0) {
		buf_add(out, STR(", with cron repo "));
		md_text(out, one->crons);
	}
	buf_add(out, STR(" |\n"));
}

enum which { ALL_STEPS, CHANGES, KEPT };

static bool
is_of(const struct outcome *o, const struct step *step, enum which which)
{
	bool kept = step_is_kept(step) && o->facts;

	return which == ALL_STEPS || kept == (which == KEPT);
}

static void
add_steps(struct buf *out, struct run *run, const struct outcome *o, enum which which)
{
	size_t count = which == KEPT ? 0 : o->plan->repo_count;

	if (count > 0) {
		add_head(out, o);
		add_repos(out, run, o);
	}
	for (size_t i = 0; i < o->plan->count; i++) {
		if (!is_of(o, &o->plan->steps[i], which) || count++ >= MAX_ROWS)
			continue;
		if (count == 1)
			add_head(out, o);
		add_step(out, run, o, &o->plan->steps[i]);
	}
	for (size_t i = 0; which != KEPT && i < o->plan->removal_count && count < MAX_ROWS; i++) {
		if (count++ == 0)
			add_head(out, o);
		add_removal(out, run, o, &o->plan->removals[i]);
	}
	if (count > MAX_ROWS)
		buf_fmt(out, "\n%zu more are in the log.\n", count - MAX_ROWS);
	if (count > 0)
		buf_add_char(out, '\n');
}

/* What stays as it is would hide what changes. */
static void
add_table(struct buf *out, struct run *run, const struct outcome *o)
{
	bool changes = plan_changes(o->plan) > 0;

	if (!o->facts || o->plan->kept == 0 || (!changes && o->plan->kept <= MAX_OPEN_ROWS)) {
		add_steps(out, run, o, ALL_STEPS);
		return;
	}
	add_steps(out, run, o, CHANGES);
	buf_fmt(out, "<details><summary>%zu unchanged</summary>\n\n", o->plan->kept);
	add_steps(out, run, o, KEPT);
	buf_add(out, STR("</details>\n\n"));
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
	const char *code = checks[one->check].code;

	buf_fmt(out, "| %s ", one->level == DIAG_ERROR ? "error" : "warning");
	if (run->event.documents.len > 0) /* whose anchors are in lower case: "pu057" */
		buf_fmt(out, "[%s](%.*s/checks.md#%.*s) | ", code, STR_FMT(run->event.documents),
		    STR_FMT(arena_lower(run->arena, str_of(code))));
	else
		buf_fmt(out, "%s | ", code);
	link_markdown(out,
	    one->at.line > 0
	        ? arena_fmt(run->arena, "%.*s:%u:%u", STR_FMT(file), one->at.line, one->at.col)
	        : file,
	    link_file(run, run->event.sha, one->file, one->at.line));
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
	size_t changes = plan_changes(o->plan);

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

/* What every summary of a plan begins with. */
static void
add_begin(struct buf *out, struct run *run, const struct outcome *o)
{
	buf_fmt(out, "### %.*s\n\n", STR_FMT(outcome_title(run->arena, o, run->opt.command_name)));
	add_error(out, o->why);
	add_facts(out, run, &o->work->commit, o->facts, o->transaction);
	preview_section(out, run, o);
}

static struct str
whole_text(struct run *run, const struct outcome *o)
{
	struct buf out = BUF_INIT(SUMMARY_MAX);

	add_begin(&out, run, o);
	add_table(&out, run, o);
	if (ci_draws_mermaid(&run->ci))
		add_picture(&out, run->arena, o);
	summary_add_fields(&out, run->arena, o);
	add_findings(&out, run);
	add_next_step(&out, run, o);
	return buf_take(&out, run->arena);
}

struct str
summary_of_target(
    struct run *run, const struct outcome *o, const struct err *err, enum summary_extent extent)
{
	struct buf out = BUF_INIT(SUMMARY_MAX);
	struct str counts = err ? STR("no plan") : outcome_counts(run->arena, o);

	buf_add(&out, STR("### Target "));
	md_text(&out, str_of(run->target_name));
	buf_fmt(&out, ": %.*s\n\n", STR_FMT(counts));
	add_error(&out, err);
	if (err)
		return buf_take(&out, run->arena);
	if (o->facts) {
		add_fact(&out, "cluster", page_cluster(run), STR(""));
		add_fact(&out, "pachd", o->facts->text, STR(""));
		buf_add(&out, STR("\n\n"));
	}
	if (extent == SUMMARY_COUNTS) {
		buf_add(
		    &out, STR("The plan is too long for this text; `pachup plan` shows it.\n\n"));
		return buf_take(&out, run->arena);
	}
	add_steps(&out, run, o, o->facts ? CHANGES : ALL_STEPS);
	summary_add_fields(&out, run->arena, o);
	add_findings(&out, run);
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

	add_begin(&out, run, o);
	buf_add(&out, STR("The plan is too long for a comment; the summary of the run has it"));
	if (run->event.run_url.len > 0)
		buf_fmt(&out, ": %.*s", STR_FMT(run->event.run_url));
	buf_add(&out, STR("\n\n"));
	add_next_step(&out, run, o);
	return buf_take(&out, run->arena);
}

struct str
summary_section(struct run *run, const struct outcome *o, bool is_short)
{
	return is_short ? short_text(run, o) : whole_text(run, o);
}

/* Only plans are commented on, and what kept one from being made. */
static void
write_comment(struct run *run, const struct outcome *o, struct str text)
{
	if (o && (o->planned || o->work->preview))
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
	return ci_has_summary(&run->ci) || comment_is_wanted(run) || run->opt.summary;
}

/* Into the file of input `summary` and onto the page of the run. */
static int
put_summary(struct run *run, struct str text, struct err *lost)
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

/* Whether somebody reads a summary, and none is there yet: then there is one now. */
static bool
is_due(struct run *run)
{
	bool due = !run->has_summary && has_reader(run);

	run->has_summary = run->has_summary || due;
	return due;
}

int
summary_write(struct run *run, const struct outcome *o, const struct err *err, struct err *lost)
{
	struct str text;

	if (!is_due(run))
		return 0;
	text = o ? summary_section(run, o, false) : summary_without_plan(run, err);
	if (comment_is_wanted(run))
		write_comment(run, o, text);
	return put_summary(run, text, lost);
}

int
summary_write_text(
    struct run *run, struct str text, struct str shorter, bool planned, struct err *lost)
{
	if (!is_due(run))
		return 0;
	if (comment_is_wanted(run) && planned)
		comment_write(run, text, shorter);
	return put_summary(run, text, lost);
}
