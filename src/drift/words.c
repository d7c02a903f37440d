#include "drift/words.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/moment.h"
#include "drift/drift.h"
#include "pipeline/step.h"

enum { MAX_REMARKS = 8 << 10, MAX_REASON = 300, SHORT_SHA = 7 };

struct str
drift_versions(struct arena *a, const struct drift_row *row)
{
	unsigned long long live = row->live->version, pushed = row->mark.version;

	if (!row->live->exists)
		return STR("");
	if (pushed > 0 && live != pushed)
		return arena_fmt(a, "%llu -> %llu", pushed, live);
	return arena_fmt(a, "%llu", live);
}

bool
drift_is_notable(const struct drift_row *row)
{
	return row->state != DRIFT_SAME || row->is_failed || row->live->stopped
	       || row->stale_count > 0;
}

static void
add_words(struct buf *out, struct str text)
{
	if (out->len > 0)
		buf_add(out, STR(", "));
	buf_add(out, text);
}

/* Who pushed it last, where that matters. */
static void
add_push(struct buf *out, struct arena *a, const struct drift_row *row)
{
	if (row->state == DRIFT_NOT_OURS)
		add_words(out, arena_fmt(a, "owned by %.*s", STR_FMT(mark_owner(a, &row->mark))));
	if (row->mark.commit.len > 0 && row->state != DRIFT_SAME)
		add_words(out, arena_fmt(a, "pushed from %.*s",
		                   STR_FMT(str_head(row->mark.commit, SHORT_SHA))));
}

static void
add_state(struct buf *out, struct arena *a, const struct drift_row *row)
{
	if (row->live->stopped && row->state != DRIFT_STOPPED)
		add_words(out, row->step && row->step->starts
		                   ? STR("stopped when it left git, a push starts it")
		                   : STR("paused"));
	else if (row->is_failed)
		add_words(out, arena_fmt(a, "%.*s%s%.*s", STR_FMT(row->live->state),
		                   row->live->reason.len > 0 ? ": " : "",
		                   STR_FMT(str_head(row->live->reason, MAX_REASON))));
	for (size_t i = 0; i < row->stale_count; i++)
		add_words(out, arena_fmt(a, "default of %.*s has changed", STR_FMT(row->stale[i])));
}

/* Why it differs, where no field says that. */
static void
add_why(struct buf *out, const struct drift_row *row)
{
	if (row->step && row->step->action == ACTION_UPDATE && row->step->diff.count == 0)
		add_words(out, row->step->why);
}

struct str
drift_remarks(struct arena *a, const struct drift_row *row)
{
	struct buf out = BUF_INIT(MAX_REMARKS);
	struct str versions = drift_versions(a, row);

	if (row->step)
		add_words(&out, str_of(step_origin(a, row->step)));
	if (versions.len > 0)
		add_words(&out, arena_fmt(a, "version %.*s", STR_FMT(versions)));
	add_push(&out, a, row);
	if (row->since_s > 0)
		add_words(&out, arena_fmt(a, "since %.*s", STR_FMT(moment_text(a, row->since_s))));
	if (row->by.len > 0)
		add_words(&out, arena_fmt(a, "by %.*s", STR_FMT(row->by)));
	add_state(&out, a, row);
	add_why(&out, row);
	return buf_take(&out, a);
}
