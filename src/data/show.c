#include "data/show.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/moment.h"
#include "session/run.h"

enum { LIVE_MS = 100, LOG_MS = 10000 };

struct str
size_text(struct arena *a, uint64_t bytes)
{
	static const char *const units[] = { "B", "KB", "MB", "GB", "TB", "PB", "EB" };
	uint64_t tenths = bytes * 10;
	size_t unit = 0;

	if (bytes < 1000)
		return arena_fmt(a, "%llu B", (unsigned long long)bytes);
	if (bytes > UINT64_MAX / 10)
		tenths = UINT64_MAX;
	for (; tenths >= 10000 && unit + 1 < COUNT_OF(units); unit++)
		tenths = (tenths + 500) / 1000;
	return arena_fmt(a, "%llu.%llu %s", (unsigned long long)tenths / 10,
	    (unsigned long long)tenths % 10, units[unit]);
}

struct str
time_text(struct arena *a, int64_t seconds)
{
	struct str text = moment_iso(a, seconds);

	return seconds > 0 && text.len > 0 ? text : STR("-");
}

struct transfer
transfer_begin(struct run *run, const char *verb, uint64_t total)
{
	int64_t now = clock_ms();
	bool is_redrawn = ci_can_redraw(&run->ci);

	return (struct transfer){ .run = run,
		.verb = verb,
		.total = total,
		.started_ms = now,
		.next_ms = now + (is_redrawn ? LIVE_MS : LOG_MS),
		.is_redrawn = is_redrawn };
}

static struct str
progress_line(const struct transfer *t, struct arena *a, int64_t now)
{
	struct str line = arena_fmt(a, "%s %.*s", t->verb, STR_FMT(size_text(a, t->done)));
	uint64_t ms = (uint64_t)(now > t->started_ms ? now - t->started_ms : 1);

	if (t->total > 0)
		line = arena_fmt(a, "%.*s of %.*s (%llu %%)", STR_FMT(line),
		    STR_FMT(size_text(a, t->total)),
		    (unsigned long long)(t->done / (t->total / 100 + 1)));
	return arena_fmt(a, "%.*s, %zu file%s, %.*s/s", STR_FMT(line), t->files,
	    t->files == 1 ? "" : "s", STR_FMT(size_text(a, t->done / ms * 1000)));
}

void
transfer_add(struct transfer *t, uint64_t bytes, size_t files)
{
	int64_t now = clock_ms();
	struct arena *scratch;
	struct str line;

	t->done += bytes;
	t->files = files;
	if (now < t->next_ms)
		return;
	t->next_ms = now + (t->is_redrawn ? LIVE_MS : LOG_MS);
	scratch = arena_like(t->run->arena);
	line = progress_line(t, scratch, now);
	if (t->is_redrawn)
		ci_redraw(&t->run->ci, &line, 1);
	else
		ci_log(&t->run->ci, "%.*s", STR_FMT(line));
	arena_free(scratch);
}

void
transfer_end(struct transfer *t)
{
	if (t->is_redrawn)
		ci_redraw(&t->run->ci, NULL, 0);
}
