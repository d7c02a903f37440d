#include "format/yaml_place.h"

#include "base/arena.h"
#include "base/utf8.h"

enum { STEP = 64 }; /* characters between two places that are remembered */

/* How many bytes the first `most` characters of `text` are, which begins with a whole one; all where it has fewer. */
static size_t
bytes_of(struct str text, size_t most, size_t *count)
{
	size_t len = 0, passed = 0;

	for (; len < text.len; len++) {
		if (utf8_is_inside(text.ptr[len]))
			continue;
		if (passed == most)
			break;
		passed++;
	}
	*count = passed;
	return len;
}

/* Moves on to the start of the character `index`, or of the next one that is remembered. */
static void
pass_characters(struct yaml_places *p, size_t index)
{
	size_t next = (p->index / STEP + 1) * STEP, passed, len;

	if (p->index == p->passed_count * STEP) {
		p->passed = arena_grow(
		    p->at.arena, p->passed, p->passed_count, &p->passed_room, sizeof(*p->passed));
		p->passed[p->passed_count++] = p->at;
	}
	len = bytes_of(scan_rest(&p->at), (index < next ? index : next) - p->index, &passed);
	scan_skip(&p->at, len);
	p->index += passed;
}

struct scan *
yaml_place(struct yaml_places *p, yaml_mark_t mark)
{
	if (mark.index < p->index) {
		p->at = p->passed[mark.index / STEP];
		p->index = mark.index / STEP * STEP;
	}
	while (p->index < mark.index && p->at.at < p->at.text.len)
		pass_characters(p, mark.index);
	return &p->at;
}

struct span
yaml_span(struct yaml_places *p, yaml_mark_t start, yaml_mark_t end)
{
	struct span span = scan_span(yaml_place(p, start), 0);

	span.len = yaml_place(p, end)->at - span.offset;
	return span;
}
