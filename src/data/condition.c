#include "data/condition.h"

#include <errno.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "format/doc.h"

enum { MAX_SHOWN = 4096, MAX_NUMBER = 400, MAX_MEMBERS_SHOWN = 20 };

/* JSON's numbers only: strtold() would also take "0x1f", "nan" and "inf". */
bool
condition_number(struct arena *a, struct str text, long double *out)
{
	char *end;
	const char *copy;

	if (!str_is_of(text, CHARS_DIGIT "+-.eE") || text.len > MAX_NUMBER || text.ptr[0] == '+')
		return false;
	copy = arena_cstr(a, text);
	errno = 0;
	*out = strtold(copy, &end);
	return *end == '\0' && end != copy;
}

static bool
decide(enum condition_op op, int order)
{
	switch (op) {
	case OP_LESS:
		return order < 0;
	case OP_AT_MOST:
		return order <= 0;
	case OP_MORE:
		return order > 0;
	case OP_AT_LEAST:
		return order >= 0;
	case OP_EQUAL:
		return order == 0;
	case OP_OTHER:
		return order != 0;
	}
	return false;
}

/* "it has a, b, c" */
static struct str
members(struct arena *a, const struct node *n)
{
	struct str out = n->count ? STR("it has ") : STR("it has no members");
	size_t shown = 0;

	for (const struct node *m = n->first; m && shown < MAX_MEMBERS_SHOWN; m = m->next, shown++)
		out = arena_fmt(a, "%.*s%s%.*s", STR_FMT(out), shown ? ", " : "",
		    STR_FMT(str_head(m->key, 40)));
	if (n->count > shown)
		out = arena_fmt(a, "%.*s and %zu more", STR_FMT(out), n->count - shown);
	return out;
}

static const char *
kind_name(const struct node *n)
{
	static const char *const names[] = { "null", "a boolean", "a number", "a text", "a list",
		"an object" };

	return names[n->kind];
}

static int
no_member(struct arena *a, const struct condition *c, const struct node *n, struct str name,
    struct err *err)
{
	(void)err_set(err, ERR_REFUSED, "%.*s: field '%.*s' not found", STR_FMT(c->path),
	    STR_FMT(str_head(name, 100)));
	if (n->kind == NODE_OBJECT)
		return err_hint(err, "correct the path; %s", members(a, n).ptr);
	return err_hint(err, "correct the path; it leads to %s", kind_name(n));
}

static int
no_element(const struct condition *c, const struct node *n, long index, struct err *err)
{
	(void)err_set(err, ERR_REFUSED, "%.*s: element %ld not found", STR_FMT(c->path), index);
	if (n->kind == NODE_ARRAY)
		return err_hint(
		    err, "correct the path; the list has %zu elements, counted from 0", n->count);
	return err_hint(err, "correct the path; it leads to %s", kind_name(n));
}

static const struct node *
member(const struct node *n, struct str name)
{
	for (const struct node *m = n->kind == NODE_OBJECT ? n->first : NULL; m; m = m->next)
		if (str_eq(m->key, name))
			return m;
	return NULL;
}

static const struct node *
element(const struct node *n, long index)
{
	const struct node *m = n->kind == NODE_ARRAY ? n->first : NULL;

	if (index < 0)
		index += (long)n->count;
	for (long i = 0; m && i < index; i++)
		m = m->next;
	return index < 0 ? NULL : m;
}

static const struct node *
follow(struct arena *a, const struct condition *c, const struct node *n, struct err *err)
{
	for (size_t i = 0; i < c->step_count; i++) {
		const struct condition_step *step = &c->steps[i];
		const struct node *next =
		    step->name.ptr ? member(n, step->name) : element(n, step->index);

		if (!next) {
			(void)(step->name.ptr ? no_member(a, c, n, step->name, err)
			                      : no_element(c, n, step->index, err));
			return NULL;
		}
		n = next;
	}
	return n;
}

static int
cannot_compare(const struct condition *c, const struct node *n, struct str shown, struct err *err)
{
	static const char *const wanted[] = { "null", "a boolean", "a number", "a string" };

	(void)err_set(err, ERR_REFUSED, "cannot compare %.*s, which is %s (%.*s), with %s",
	    STR_FMT(c->path), kind_name(n), STR_FMT(str_head(shown, 200)), wanted[c->kind]);
	if (n->kind == NODE_STRING && c->kind == VALUE_NUMBER)
		return err_hint(err, "have the pipeline write a number without quotes");
	if (n->kind == NODE_OBJECT || n->kind == NODE_ARRAY)
		return err_hint(err, "lengthen the path to a single value");
	return err_hint(err, "compare it with a value of its kind");
}

/* Values of one kind are compared. Values of two kinds are never equal; but a number in quotes is an error, as somebody would
 * else look for the cause in vain. */
static int
compare(struct arena *a, const struct condition *c, const struct node *n, struct str shown,
    bool *holds, struct err *err)
{
	static const enum node_kind same[] = { NODE_NULL, NODE_BOOL, NODE_NUMBER, NODE_STRING };
	bool equality = c->op == OP_EQUAL || c->op == OP_OTHER;
	long double number = 0;

	if (n->kind != same[c->kind]) {
		if (!equality || n->kind == NODE_OBJECT || n->kind == NODE_ARRAY
		    || (n->kind == NODE_STRING && c->kind == VALUE_NUMBER))
			return cannot_compare(c, n, shown, err);
		*holds = c->op == OP_OTHER;
		return 0;
	}
	if (c->kind == VALUE_NUMBER) {
		if (!condition_number(a, n->text, &number))
			return cannot_compare(c, n, shown, err);
		*holds = decide(c->op, (number > c->number) - (number < c->number));
	} else {
		*holds = decide(c->op, c->kind == VALUE_NULL ? 0 : str_cmp(n->text, c->text));
	}
	return 0;
}

int
condition_holds(struct arena *a, const struct condition *c, const struct node *document,
    bool *holds, struct str *found, struct err *err)
{
	const struct node *n = follow(a, c, document, err);
	struct buf text = BUF_INIT(MAX_SHOWN);

	if (!n)
		return -1;
	json_write(&text, n);
	if (buf_is_full(&text)) {
		buf_free(&text);
		*found = arena_fmt(a, "%s of %zu members", kind_name(n), n->count);
	} else {
		*found = buf_take(&text, a);
	}
	return compare(a, c, n, *found, holds, err);
}

bool
condition_holds_count(const struct condition *c, size_t count)
{
	long double number = (long double)count;

	return decide(c->op, (number > c->number) - (number < c->number));
}
