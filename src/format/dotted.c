#include "format/dotted.h"

#include <string.h>

#include "base/arena.h"
#include "base/nearest.h"
#include "format/doc.h"

enum { MAX_PLACE = 1000000, MAX_KEYS_SHOWN = 8, MAX_KEY_SHOWN = 60 };

size_t
dotted_find(struct str text, char c)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '\\')
			i++;
		else if (text.ptr[i] == c)
			return i;
	}
	return text.len;
}

/* The key's own bytes: without the backslashes. */
static struct str
plain_key(struct arena *a, struct str written)
{
	char *key = arena_cstr(a, written);
	size_t len = 0;

	for (size_t i = 0; i < written.len; i++) {
		i += written.ptr[i] == '\\' && i + 1 < written.len;
		key[len++] = written.ptr[i];
	}
	return (struct str){ key, len };
}

/* Whether it ends with a backslash that no other one is before. */
static bool
ends_open(struct str written)
{
	size_t i = written.len;

	while (i > 0 && written.ptr[i - 1] == '\\')
		i--;
	return (written.len - i) % 2 == 1;
}

/* "[3]", whose '[' is the next byte. */
static const char *
read_place(struct str text, size_t *at, struct dotted_step *step)
{
	size_t len = str_digits(str_tail(text, ++*at));
	uint64_t place;

	if (len == 0)
		return "a number must follow '['";
	if (!str_number(str_head(str_tail(text, *at), len), &place) || place > MAX_PLACE)
		return "an index is too large";
	step->place = (size_t)place;
	*at += len;
	if (*at == text.len || text.ptr[*at] != ']')
		return "']' is missing";
	step->end = ++*at;
	return NULL;
}

static const char *
read_key(struct arena *a, struct str text, size_t *at, struct dotted_step *step)
{
	struct str rest = str_tail(text, *at);
	size_t dot = dotted_find(rest, '.'), bracket = dotted_find(rest, '[');
	struct str written = str_head(rest, dot < bracket ? dot : bracket);

	if (written.len == 0)
		return "a key is missing";
	if (dotted_find(written, ']') < written.len)
		return "']' without '['";
	if (ends_open(written))
		return "a character must follow '\\'";
	step->key = plain_key(a, written);
	step->end = *at += written.len;
	return NULL;
}

const char *
dotted_read(struct arena *a, struct str text, struct dotted *out)
{
	const char *fault = text.len == 0 ? "the path is empty" : NULL;
	size_t at = 0;

	*out = (struct dotted){ .text = text,
		.steps = ARENA_ARRAY(a, MAX_DOTTED_STEPS, struct dotted_step) };
	while (at < text.len && !fault) {
		struct dotted_step *step = &out->steps[out->count];

		if (out->count == MAX_DOTTED_STEPS)
			return "the path has too many steps";
		*step = (struct dotted_step){ .key = { NULL, 0 } };
		if (text.ptr[at] == '[') {
			fault = read_place(text, &at, step);
		} else {
			if (at > 0 && text.ptr[at] != '.')
				return "'.' or '[' must follow ']'";
			at += at > 0;
			fault = read_key(a, text, &at, step);
		}
		out->count++;
	}
	return fault;
}

static const struct node *
step_on(const struct node *n, const struct dotted_step *step)
{
	const struct node *m = n->first;

	if (n->kind != (step->key.ptr ? NODE_OBJECT : NODE_ARRAY))
		return NULL;
	if (step->key.ptr)
		while (m && !str_eq(m->key, step->key))
			m = m->next;
	else
		for (size_t i = 0; m && i < step->place; i++)
			m = m->next;
	return m;
}

struct dotted_end
dotted_follow(const struct dotted *path, const struct node *document)
{
	struct dotted_end end = { .node = document };

	while (end.steps < path->count) {
		const struct node *next = step_on(end.node, &path->steps[end.steps]);

		if (!next)
			break;
		end.node = next;
		end.steps++;
		end.is_twice = end.is_twice || next->is_twice;
		if (next->alias.line > 0)
			end.alias = next->alias;
	}
	return end;
}

/* "'spec.template'"; "the document" for no step at all. */
static struct str
way_to(struct arena *a, const struct dotted *path, size_t steps)
{
	if (steps == 0)
		return STR("the document");
	return arena_fmt(a, "'%.*s'", STR_FMT(str_head(path->text, path->steps[steps - 1].end)));
}

static const char *
kind_name(const struct node *n)
{
	static const char *const names[] = { "null", "a boolean", "a number", "a string", "a list",
		"a map" };

	return names[n->kind];
}

struct str
dotted_stop(struct arena *a, const struct dotted *path, const struct dotted_end *end)
{
	const struct dotted_step *step = &path->steps[end->steps];
	struct str way = way_to(a, path, end->steps);

	if (end->node->kind == NODE_OBJECT && step->key.ptr)
		return arena_fmt(a, "%.*s has no key '%.*s'", STR_FMT(way), STR_FMT(step->key));
	if (end->node->kind == NODE_ARRAY && !step->key.ptr)
		return arena_fmt(a, "%.*s has no element %zu", STR_FMT(way), step->place);
	return arena_fmt(a, "%.*s is %s", STR_FMT(way), kind_name(end->node));
}

/* "its keys are a, b and 3 more" */
static struct str
keys_of(struct arena *a, const struct node *n)
{
	struct str keys = STR("");
	size_t shown = 0;

	if (n->count == 0)
		return STR("it is empty");
	for (const struct node *m = n->first; m && shown < MAX_KEYS_SHOWN; m = m->next, shown++)
		keys = arena_listed(a, keys, str_head(m->key, MAX_KEY_SHOWN));
	if (n->count > shown)
		keys = arena_fmt(a, "%.*s and %zu more", STR_FMT(keys), n->count - shown);
	return arena_fmt(a, "its keys are %.*s", STR_FMT(keys));
}

struct str
dotted_advice(struct arena *a, const struct dotted *path, const struct dotted_end *end)
{
	const struct node *n = end->node;
	const struct dotted_step *step = &path->steps[end->steps];
	struct nearest near = nearest_to(step->key);
	struct str way = str_head(path->text, end->steps > 0 ? path->steps[end->steps - 1].end : 0);

	if (n->kind == NODE_ARRAY && step->key.ptr)
		return arena_fmt(
		    a, "name one of its elements, for example '%.*s[0]'", STR_FMT(way));
	if (n->kind == NODE_ARRAY)
		return arena_fmt(
		    a, "it has %zu element%s, counted from 0", n->count, n->count == 1 ? "" : "s");
	if (n->kind != NODE_OBJECT)
		return STR("remove what is behind it in the path");
	if (!step->key.ptr)
		return keys_of(a, n);
	for (const struct node *m = n->first; m; m = m->next)
		nearest_offer(&near, arena_cstr(a, m->key));
	return near.found ? arena_fmt(a, "did you mean '%s'?", near.found) : keys_of(a, n);
}
