#include "deploy/report/summary_fields.h"

#include "base/arena.h"
#include "base/buf.h"
#include "ci/markdown.h"
#include "deploy/report/origin.h"
#include "deploy/report/outcome.h"
#include "deploy/report/shared.h"
#include "pipeline/step.h"

enum {
	MAX_BYTES = 1 << 20,
	MAX_DIFFS = 100,  /* pipelines whose fields are shown */
	MAX_FIELDS = 50,  /* of one pipeline */
	MAX_SHARERS = 10, /* pipelines that are named where several share a change */
	MAX_FIELD_BYTES = 1000,
};

static void
add_value(struct buf *lines, char sign, struct str path, struct str value, struct str from)
{
	struct str shown =
	    str_head(value, value.len < MAX_FIELD_BYTES ? value.len : MAX_FIELD_BYTES);

	if (!value.ptr)
		return;
	buf_fmt(lines, "%c ", sign);
	md_clean(lines, path);
	buf_add(lines, STR(": "));
	md_clean(lines, shown);
	buf_add(lines, shown.len < value.len ? STR("...") : STR(""));
	if (from.len > 0) {
		buf_add(lines, STR("  ("));
		md_clean(lines, from);
		buf_add_char(lines, ')');
	}
	buf_add_char(lines, '\n');
}

/* What several pipelines share, once. */
static void
add_shared(struct buf *out, struct arena *a, const struct shared *shared)
{
	if (shared->count == 0)
		return;
	buf_fmt(out, "<details><summary>%zu change%s that several pipelines share</summary>\n\n",
	    shared->count, shared->count == 1 ? "" : "s");
	for (size_t i = 0; i < shared->count && i < MAX_FIELDS; i++) {
		buf_add(out, STR("- "));
		md_text(out, shared_text(a, shared, i, MAX_SHARERS));
		buf_add_char(out, '\n');
	}
	if (shared->count > MAX_FIELDS)
		buf_fmt(out, "- and %zu more\n", shared->count - MAX_FIELDS);
	buf_add(out, STR("\n</details>\n\n"));
}

static size_t
count_own(const struct step *step, const struct shared *shared)
{
	size_t count = 0;

	for (size_t i = 0; i < step->diff.count; i++)
		count += !shared_has(shared, &step->diff.list[i]);
	return count;
}

static void
add_fields(struct buf *out, struct arena *a, const struct step *step, const struct shared *shared)
{
	struct buf lines = BUF_INIT(MAX_BYTES);
	size_t count = count_own(step, shared), shown = 0;

	for (size_t i = 0; i < step->diff.count && shown < MAX_FIELDS; i++) {
		const struct difference *one = &step->diff.list[i];

		if (shared_has(shared, one))
			continue;
		shown++;
		add_value(&lines, '-', one->path, one->old_value, STR(""));
		add_value(&lines, '+', one->path, one->new_value,
		    step->tree ? origin_of(a, step->tree, one->path) : STR(""));
	}
	if (count > MAX_FIELDS)
		buf_fmt(&lines, "  and %zu more\n", count - MAX_FIELDS);
	buf_add(out, STR("<details><summary>"));
	md_text(out, step_title(a, step));
	buf_fmt(out, ": %zu%s field%s</summary>\n\n", count,
	    count < step->diff.count ? " more" : "", count == 1 ? "" : "s");
	md_fence(out, "diff", buf_str(&lines));
	buf_add(out, STR("\n</details>\n\n"));
	buf_free(&lines);
}

void
summary_add_fields(struct buf *out, struct arena *a, const struct outcome *o)
{
	struct shared shared = shared_make(a, o->plan);
	size_t shown = 0;

	add_shared(out, a, &shared);
	for (size_t i = 0; i < o->plan->count; i++) {
		const struct step *step = &o->plan->steps[i];

		if (step->action != ACTION_UPDATE || count_own(step, &shared) == 0
		    || shown++ >= MAX_DIFFS)
			continue;
		add_fields(out, a, step, &shared);
	}
	if (shown > MAX_DIFFS)
		buf_fmt(
		    out, "The fields of %zu more pipelines are in the log.\n\n", shown - MAX_DIFFS);
}
