/* What people see while a push is waited for: a table on a terminal, a line now and then in a log. */
#include "deploy/wait/live.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/elapsed.h"
#include "base/utf8.h"
#include "deploy/wait/waiter.h"
#include "pipeline/step.h"
#include "session/run.h"

enum {
	ROW_MAX = 4096,
	REASON_MAX = 300,     /* bytes in a table, whose end is cut */
	BEAT_REASON_MAX = 80, /* and in a line of the log */
	BEAT_NAMED = 3,
	NAME_LEAST = 12, /* columns; where less is left, the version is not shown */
	MARGINS = 6      /* columns: two before the name, two behind it, two behind the version */
};

struct str
live_missing(const struct waiter *w, struct arena *a, size_t i)
{
	const struct step *step = &w->plan->steps[i];
	const struct lag *lag = &w->awaited[i].lag;
	struct str state = step->state, job = w->awaited[i].job_state;

	if (w->jobs && job.len > 0 && !str_is(job, "success"))
		return arena_fmt(a, "job %.*s", STR_FMT(job));
	if (!lag->is_waiting && waiter_is_up(state))
		return STR("");
	if (lag->is_waiting && lag->workers_wanted > 0)
		return arena_fmt(a, "%.*s, %lld of %lld worker%s",
		    STR_FMT(state.len ? state : STR("not seen")), (long long)lag->workers_up,
		    (long long)lag->workers_wanted, lag->workers_wanted == 1 ? "" : "s");
	return state.len ? state : STR("not seen");
}

/* One pipeline that lacks something. */
struct row {
	struct str title, version, state, reason;
};

static size_t
rows_of(const struct waiter *w, struct arena *a, struct row *rows)
{
	size_t count = 0;

	for (size_t i = 0; i < w->plan->count; i++) {
		const struct deployed *now = &w->awaited[i].now;
		struct str state = live_missing(w, a, i);

		if (state.len > 0)
			rows[count++] = (struct row){ step_title(a, &w->plan->steps[i]),
				now->exists
				    ? arena_fmt(a, "version %llu", (unsigned long long)now->version)
				    : STR("-"),
				state, now->reason };
	}
	return count;
}

struct widths {
	size_t title, version; /* 0: it is not shown */
};

static size_t
wider(size_t width, struct str text)
{
	size_t count = utf8_count(text);

	return count > width ? count : width;
}

/* States are shown whole: what they leave is for versions and names. */
static struct widths
widths_of(const struct row *rows, size_t count, size_t columns)
{
	struct widths w = { 0 };
	size_t state = 0, left;

	for (size_t i = 0; i < count; i++) {
		w.title = wider(w.title, rows[i].title);
		w.version = wider(w.version, rows[i].version);
		state = wider(state, rows[i].state);
	}
	left = columns > state + MARGINS ? columns - state - MARGINS : 0;
	if (left < w.version + (w.title < NAME_LEAST ? w.title : NAME_LEAST)) {
		w.version = 0;
		left += 2;
	}
	left = left > w.version + 1 ? left - w.version : 1;
	w.title = w.title < left ? w.title : left;
	return w;
}

static void
add_padded(struct buf *line, struct str text, size_t width)
{
	size_t count = utf8_count(text);

	utf8_add_cut(line, text, width);
	for (; count < width; count++)
		buf_add_char(line, ' ');
	buf_add(line, STR("  "));
}

static struct str
row_line(struct arena *a, const struct row *row, struct widths widths)
{
	struct buf line = BUF_INIT(ROW_MAX);

	buf_add(&line, STR("  "));
	add_padded(&line, row->title, widths.title);
	if (widths.version > 0)
		add_padded(&line, row->version, widths.version);
	buf_add(&line, row->state);
	if (row->reason.len > 0) {
		buf_add(&line, STR(": "));
		buf_add(&line, utf8_head(row->reason, REASON_MAX));
	}
	return buf_take(&line, a);
}

/* "1m12s of 10m": of the run, as input 'timeout' is. */
static struct str
spent(const struct waiter *w, struct arena *a, int64_t now_ms)
{
	int64_t all_ms = w->run->opt.timeout_ms;
	int64_t spent_ms = now_ms - (w->run->deadline_ms - all_ms);

	return arena_fmt(a, "%.*s of %.*s", STR_FMT(elapsed_text(a, spent_ms / 1000 * 1000)),
	    STR_FMT(elapsed_text(a, all_ms)));
}

size_t
live_table(
    const struct waiter *w, struct arena *a, size_t columns, int64_t now_ms, struct str **lines)
{
	struct row *rows = ARENA_ARRAY(a, w->plan->count, struct row);
	size_t count = rows_of(w, a, rows);
	struct widths widths = widths_of(rows, count, columns);
	struct str *out = ARENA_ARRAY(a, count + 1, struct str);

	out[0] = arena_fmt(a, "waiting for %.*s: %zu of %zu pipelines are ready",
	    STR_FMT(spent(w, a, now_ms)), w->plan->count - count, w->plan->count);
	for (size_t i = 0; i < count; i++)
		out[i + 1] = row_line(a, &rows[i], widths);
	*lines = out;
	return count + 1;
}

void
live_draw(const struct waiter *w, struct arena *scratch, int64_t now_ms)
{
	struct ci *ci = &w->run->ci;
	struct str *lines;
	size_t count = live_table(w, scratch, ci_redraw_columns(ci), now_ms, &lines);

	ci_redraw(ci, lines, count);
}

void
live_beat(struct waiter *w, struct arena *scratch, int64_t now_ms, int64_t next_ms)
{
	struct row *rows = ARENA_ARRAY(scratch, w->plan->count, struct row);
	struct buf text = BUF_INIT(ROW_MAX);
	size_t count;

	if (next_ms - w->said_ms < LIVE_BEAT_MS)
		return;
	w->said_ms = now_ms;
	count = rows_of(w, scratch, rows);
	for (size_t i = 0; i < count && i < BEAT_NAMED; i++) {
		buf_fmt(&text, "%s%.*s (%.*s%s", i > 0 ? ", " : "", STR_FMT(rows[i].title),
		    STR_FMT(rows[i].state), rows[i].reason.len > 0 ? ", " : "");
		utf8_add_cut(&text, rows[i].reason, BEAT_REASON_MAX);
		buf_add_char(&text, ')');
	}
	if (count > BEAT_NAMED)
		buf_fmt(&text, " and %zu more", count - BEAT_NAMED);
	ci_log(&w->run->ci, "still waiting: %.*s, %.*s",
	    STR_FMT(count > 0 ? buf_str(&text) : STR("jobs further down")),
	    STR_FMT(spent(w, scratch, now_ms)));
	buf_free(&text);
}
