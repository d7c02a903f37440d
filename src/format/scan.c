#include "format/scan.h"

#include <stdarg.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/utf8.h"

enum {
	SHOWN_MOST = 40,
	FEW_MEMBERS =
	    32, /* keys of objects with so many are compared without memory of the arena */
};

int
scan_peek(const struct scan *s)
{
	return s->at < s->text.len ? (unsigned char)s->text.ptr[s->at] : -1;
}

struct str
scan_rest(const struct scan *s)
{
	return str_tail(s->text, s->at);
}

bool
scan_eat(struct scan *s, char c)
{
	if (scan_peek(s) != (unsigned char)c)
		return false;
	s->at++;
	return true;
}

void
scan_skip(struct scan *s, size_t len)
{
	struct str passed = str_head(scan_rest(s), len);
	size_t end = s->at + passed.len;

	for (size_t i; (i = str_find(passed, '\n')) < passed.len;
	     passed = str_tail(passed, i + 1)) {
		s->line++;
		s->line_at = end - passed.len + i + 1;
	}
	s->at = end;
}

struct span
scan_span(const struct scan *s, size_t len)
{
	return (struct span){
		.line = s->line,
		.col = (uint32_t)(s->at - s->line_at + 1),
		.offset = s->at,
		.len = str_head(scan_rest(s), len).len,
	};
}

size_t
scan_word(const struct scan *s)
{
	return str_span(scan_rest(s), CHARS_ALNUM "_");
}

/* Words that people write for JSON's constants. */
static bool
is_constant(const struct scan *s, struct str word)
{
	return str_is_one_of(arena_lower(s->arena, word),
	    "true|false|null|yes|no|on|off|none|nil|undefined|nan|inf|infinity");
}

struct str
scan_found(const struct scan *s)
{
	struct str rest = scan_rest(s);
	size_t word = scan_word(s);
	uint32_t point;

	if (rest.len == 0)
		return STR("the end of the file");
	if (str_starts(rest, "\xef\xbb\xbf"))
		return STR("a byte order mark");
	if ((unsigned char)rest.ptr[0] < 0x20 || rest.ptr[0] == 0x7f)
		return arena_fmt(s->arena, "byte 0x%02x", (unsigned char)rest.ptr[0]);
	if (word > 1 && !is_constant(s, str_head(rest, word)))
		return STR("a word without quotes");
	rest = str_head(rest, word ? word : utf8_first(rest, &point));
	return arena_fmt(s->arena, "'%.*s'", STR_FMT(rest));
}

struct str
scan_short(const struct scan *s, struct str text)
{
	struct str head = utf8_head(text, SHOWN_MOST);

	return head.len == text.len ? text : arena_fmt(s->arena, "%.*s...", STR_FMT(head));
}

void
scan_error(
    const struct scan *s, enum check check, struct span at, const char *hint, const char *fmt, ...)
{
	struct str what;
	va_list args;

	va_start(args, fmt);
	what = arena_vfmt(s->arena, fmt, args);
	va_end(args);
	diag_hint(
	    s->diags, diags_error(s->diags, check, s->file, at, "%.*s", STR_FMT(what)), "%s", hint);
}

static void
report_twice(
    const struct scan *s, const struct node *first, const struct node *second, bool are_alike)
{
	struct str key = scan_short(s, second->key);
	unsigned line = first->key_at.line, col = first->key_at.col;
	struct diag *one;

	if (are_alike)
		one = diags_warn(s->diags, CHECK_DUPLICATE_KEY, s->file, second->key_at,
		    "duplicate key \"%.*s\" with the same value, first at %u:%u", STR_FMT(key),
		    line, col);
	else
		one = diags_error(s->diags, CHECK_DUPLICATE_KEY, s->file, second->key_at,
		    "duplicate key \"%.*s\", first at %u:%u", STR_FMT(key), line, col);
	diag_hint(s->diags, one, "keep one of them");
}

/* A member of an object, and its index among the members. */
struct member {
	struct node *node;
	size_t index;
};

static int
by_key(const void *left, const void *right)
{
	const struct member *a = left, *b = right;
	int order = str_cmp(a->node->key, b->node->key);

	return order ? order : (a->index > b->index) - (a->index < b->index);
}

/* Takes out the members whose indices are marked. */
static void
drop_members(struct node *object, const bool *is_gone)
{
	struct node **tail = &object->first;
	size_t index = 0;

	for (struct node *n = object->first; n; n = n->next, index++) {
		*tail = n;
		if (is_gone[index])
			object->count--;
		else
			tail = &n->next;
	}
	*tail = NULL;
}

void
scan_check_keys(const struct scan *s, struct node *object, bool drops_all)
{
	struct member few[FEW_MEMBERS], *sorted = few;
	size_t count = 0, first = 0;
	bool *is_gone = NULL;

	if (object->count > FEW_MEMBERS)
		sorted = ARENA_ARRAY(s->arena, object->count, struct member);
	for (struct node *n = object->first; n; n = n->next, count++)
		sorted[count] = (struct member){ n, count };
	if (count > 1)
		qsort(sorted, count, sizeof(*sorted), by_key);
	for (size_t i = 1; i < count; i++) {
		struct node *one = sorted[first].node, *other = sorted[i].node;
		bool are_alike;

		if (!str_eq(one->key, other->key)) {
			first = i;
			continue;
		}
		are_alike = node_is_alike(one, other);
		one->is_twice = other->is_twice = true;
		report_twice(s, one, other, are_alike);
		if (!is_gone)
			is_gone = ARENA_ARRAY(s->arena, count, bool);
		is_gone[sorted[i].index] = drops_all || are_alike;
	}
	if (is_gone)
		drop_members(object, is_gone);
}
