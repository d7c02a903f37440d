/* What set-image leaves: old images in texts and comments, which nothing else reports. */
#include "base/arena.h"
#include "edit/edit.h"
#include "retag/leftover.h"
#include "session/run.h"

void
edit_see(struct editing *e, struct span at)
{
	e->seen = arena_grow(e->arena, e->seen, e->seen_count, &e->seen_room, sizeof(*e->seen));
	e->seen[e->seen_count++] = at;
}

static bool
is_within(const struct span *inner, const struct span *outer)
{
	return inner->offset >= outer->offset
	       && inner->offset + inner->len <= outer->offset + outer->len;
}

static bool
is_dealt_with(const struct editing *e, const struct span *at)
{
	for (size_t i = 0; i < e->seen_count; i++)
		if (is_within(at, &e->seen[i]))
			return true;
	for (size_t i = 0; i < e->count; i++) {
		const struct span *edit = &e->edits[i].at;

		/* an edit may be of the tag alone */
		if (edit->offset < at->offset + at->len && edit->offset + edit->len > at->offset)
			return true;
	}
	return false;
}

static void
report(struct editing *e, const struct leftover *m)
{
	if (++e->all->left > MAX_LEFT_SHOWN)
		return;
	ci_note(&e->all->run->ci, "%s:%u:%u still names %.*s (in a %s)", edit_name(e), m->at.line,
	    m->at.col, STR_FMT(m->image),
	    m->is_variable ? "template"
	    : m->in_remark ? "comment"
	                   : "text");
}

void
edit_report_left(struct editing *e)
{
	const struct rules *rules = &e->all->work.rules;

	for (size_t i = 0; i < rules->count; i++) {
		struct leftover m;

		for (size_t from = 0; leftover_next(&m, e->arena, &rules->list[i], e->source, from);
		     from = m.at.offset + m.at.len)
			if (!is_dealt_with(e, &m.at))
				report(e, &m);
	}
}
