#include "format/yaml_place.h"

#include "base/arena.h"
#include "base/utf8.h"

enum { STEP = 64 }; /* characters between two places that are remembered */

static bool
is_inside_character(const struct scan *s)
{
	return s->at < s->text.len && utf8_is_inside(s->text.ptr[s->at]);
}

/* Moves on to the start of the next character. */
static void
pass_character(struct yaml_places *p)
{
	if (p->index == p->passed_count * STEP) {
		p->passed = arena_grow(
		    p->at.arena, p->passed, p->passed_count, &p->passed_room, sizeof(*p->passed));
		p->passed[p->passed_count++] = p->at;
	}
	do
		scan_skip(&p->at, 1);
	while (is_inside_character(&p->at));
	p->index++;
}

struct scan *
yaml_place(struct yaml_places *p, yaml_mark_t mark)
{
	if (mark.index < p->index) {
		p->at = p->passed[mark.index / STEP];
		p->index = mark.index / STEP * STEP;
	}
	while (p->index < mark.index && p->at.at < p->at.text.len)
		pass_character(p);
	return &p->at;
}

struct span
yaml_span(struct yaml_places *p, yaml_mark_t start, yaml_mark_t end)
{
	struct span span = scan_span(yaml_place(p, start), 0);

	span.len = yaml_place(p, end)->at - span.offset;
	return span;
}
