/* What set-image leaves: old images in texts and comments, which nothing else reports. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
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

enum { MAX_PATH = 1 << 10 };

static void
add_key(struct buf *out, struct str key)
{
	for (size_t i = 0; i < key.len; i++) {
		if (key.ptr[i] && strchr(".[]=:\\", key.ptr[i]))
			buf_add_char(out, '\\');
		buf_add_char(out, key.ptr[i]);
	}
}

/* The path of a value below `n`, as --set writes it, behind what `out` has. */
static bool
find_path(struct buf *out, const struct node *n, const struct node *wanted)
{
	size_t place = 0;

	for (const struct node *m = n->first; m; m = m->next, place++) {
		size_t len = out->len;

		if (n->kind == NODE_ARRAY) {
			buf_fmt(out, "[%zu]", place);
		} else {
			buf_add(out, len > 0 ? STR(".") : STR(""));
			add_key(out, m->key);
		}
		if (m == wanted || find_path(out, m, wanted))
			return true;
		out->len = len;
	}
	return false;
}

void
edit_keep_lone_tag(struct editing *e, const struct doc *doc, const struct node *tag)
{
	struct setting *all = e->all;
	struct arena *a = all->run->arena;
	struct buf path = BUF_INIT(MAX_PATH);
	bool is_found = false;

	if (!tag || all->lone_tag.len > 0)
		return;
	for (const struct node *n = doc->first; n && !is_found; n = n->next)
		is_found = find_path(&path, n, tag);
	if (is_found && !buf_is_full(&path)) {
		all->lone_tag = arena_fmt(
		    a, "%s:%u:%u", edit_name(e), (unsigned)tag->at.line, (unsigned)tag->at.col);
		all->lone_path = arena_str(a, buf_str(&path));
	}
	buf_free(&path);
}

void
edit_report_template(struct editing *e, struct span at, struct str image)
{
	report(e, &(struct leftover){ .at = at, .image = image, .is_variable = true });
}

void
edit_report_left(struct editing *e)
{
	const struct rules *rules = &e->all->work.rules;

	for (size_t i = 0; i < rules->count; i++) {
		struct leftover m;

		for (size_t from = 0; leftover_next(&m, e->arena, &rules->list[i], e->source, from);
		     from = m.at.offset + m.at.len)
			if (!is_dealt_with(e, &m.at)) {
				if (e->all->left < MAX_LEFT_SHOWN)
					leftover_place(&m, e->source);
				report(e, &m);
			}
	}
}
