#include "retag/member.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "format/yaml_scalar.h"

enum { MAX_MEMBER = 4096 };

static bool
is_flow(struct str source, const struct node *n)
{
	struct span at = yaml_value_span(source, n->at); /* without "&anchor" */

	return at.offset < source.len
	       && (source.ptr[at.offset] == '{' || source.ptr[at.offset] == '[');
}

static size_t
line_start(struct str source, size_t at)
{
	while (at > 0 && source.ptr[at - 1] != '\n')
		at--;
	return at;
}

/* The offset behind the end of the line. */
static size_t
line_end(struct str source, size_t at)
{
	at += str_find(str_tail(source, at), '\n');
	return at < source.len ? at + 1 : at;
}

static bool
has_crlf(struct str source)
{
	size_t end = str_find(source, '\n');

	return end > 0 && end < source.len && source.ptr[end - 1] == '\r';
}

/* Where a new member goes: behind the other's value, or on a line of its own behind its line. */
static size_t
insert_at(struct str source, const struct node *map, const struct node *after)
{
	size_t end = after->at.offset + after->at.len;

	return is_flow(source, map) ? end : line_end(source, end);
}

bool
member_add(struct arena *a, struct str source, const struct node *map, const struct node *after,
    const char *key, struct str value, struct edit *out)
{
	size_t at = insert_at(source, map, after);
	bool ends_line = at > 0 && source.ptr[at - 1] == '\n';
	const char *end = has_crlf(source) ? "\r\n" : "\n";
	struct buf more = BUF_INIT(MAX_MEMBER);
	bool whole;

	if (after->alias.line > 0 || after->style == STYLE_BLOCK || after->at.len == 0)
		return false;
	out->at = (struct span){ .offset = at, .line = after->at.line };
	buf_add(&more, out->text);
	if (is_flow(source, map)) {
		buf_fmt(&more, after->style == STYLE_JSON ? ", \"%s\": \"%.*s\"" : ", %s: \"%.*s\"",
		    key, STR_FMT(value));
	} else {
		if (!ends_line)
			buf_add(&more, str_of(end));
		for (uint32_t i = 1; i < after->key_at.col; i++)
			buf_add_char(&more, ' ');
		/* in quotes: a tag may look like a number */
		buf_fmt(&more, "%s: \"%.*s\"", key, STR_FMT(value));
		if (ends_line)
			buf_add(&more, str_of(end));
	}
	whole = !buf_is_full(&more);
	out->text = buf_take(&more, a);
	return whole;
}

/* Where the bytes of the value end. */
static size_t
value_end(struct str source, const struct node *n)
{
	size_t end = n->at.offset + n->at.len;

	if (n->alias.line > 0)
		return n->alias.offset + n->alias.len;
	if ((n->kind == NODE_ARRAY || n->kind == NODE_OBJECT) && !is_flow(source, n)) {
		/* libyaml ends these where the next thing begins */
		for (const struct node *m = n->first; m; m = m->next)
			end = value_end(source, m);
		return n->first ? end : 0;
	}
	if (n->at.len == 0 && n->key.ptr) {
		end = n->key_at.offset + n->key_at.len;
		return end + str_find(str_tail(source, end), ':') + 1;
	}
	while (end > n->at.offset && strchr(" \t\r\n", source.ptr[end - 1]))
		end--;
	return end;
}

/* Where the member begins: at its key, or its '-'. SIZE_MAX: unknown. */
static size_t
begin_of(struct str source, const struct node *parent, const struct node *n)
{
	size_t at = n->alias.line > 0 ? n->alias.offset : n->at.offset;

	if (parent->kind == NODE_OBJECT)
		return n->key_at.offset;
	if (is_flow(source, parent))
		return at;
	while (at > 0 && strchr(" \t\r\n", source.ptr[at - 1]))
		at--;
	return at > 0 && source.ptr[at - 1] == '-' ? at - 1 : SIZE_MAX;
}

static bool
is_blank_before(struct str source, size_t at)
{
	size_t start = line_start(source, at);

	return start + str_span(str_tail(source, start), " \t") >= at;
}

static void
cut(struct edit *out, const struct node *one, size_t from, size_t to, struct str text)
{
	*out = (struct edit){
		.at = { .offset = from, .len = to - from, .line = one->at.line },
		.text = text,
	};
}

/* In brackets, where a comma goes, too. */
static bool
remove_flow(struct str source, const struct node *parent, const struct node *before,
    const struct node *one, struct edit *out)
{
	size_t from = begin_of(source, parent, one), to = value_end(source, one);

	if (before)
		from = value_end(source, before);
	else if (one->next)
		to = begin_of(source, parent, one->next);
	cut(out, one, from, to, (struct str){ "", 0 });
	return true;
}

bool
member_remove(
    struct str source, const struct node *parent, const struct node *one, struct edit *out)
{
	bool is_map = parent->kind == NODE_OBJECT;
	const struct node *before = NULL;
	size_t from = begin_of(source, parent, one), to = value_end(source, one);

	for (const struct node *n = parent->first; n != one; n = n->next)
		before = n;
	if (from == SIZE_MAX || to < from)
		return false;
	if (is_flow(source, parent) || one->style == STYLE_JSON)
		return remove_flow(source, parent, before, one, out);
	if (!before && !one->next) {
		cut(out, one, from, to, is_map ? STR("{}") : STR("[]"));
		return true;
	}
	if (is_blank_before(source, from)) {
		cut(out, one, line_start(source, from), line_end(source, to),
		    (struct str){ "", 0 });
		return true;
	}
	/* "- key: …": the next member takes its place behind the '-' */
	if (before || !one->next
	    || str_find(
	           str_head(str_tail(source, to), begin_of(source, parent, one->next) - to), '#')
	           < begin_of(source, parent, one->next) - to)
		return false;
	cut(out, one, from, begin_of(source, parent, one->next), (struct str){ "", 0 });
	return true;
}

bool
member_fill(struct arena *a, struct str source, const struct node *member, struct str value,
    struct edit *out)
{
	size_t at = member->key_at.offset + member->key_at.len;

	at += str_span(str_tail(source, at), " \t");
	if (at >= source.len || source.ptr[at] != ':')
		return false;
	*out = (struct edit){
		.at = { .offset = at + 1, .line = member->key_at.line },
		.text = arena_fmt(a, " \"%.*s\"", STR_FMT(value)),
	};
	return true;
}
