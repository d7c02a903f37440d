/* Removes from specs what has no meaning: the spelling of fields, null, the form of numbers. */
#include "base/arena.h"
#include "compare/inside.h"
#include "wire/shape.h"

/* Recursion is as deep as the document, which its reader limits. */
static struct node *
copy_meaning(struct arena *a, struct shape shape, const struct node *n)
{
	struct node *out = ARENA_NEW(a, struct node), **end = &out->first;

	*out = *n;
	out->first = out->next = NULL;
	out->count = 0;
	for (const struct node *m = n->first; m; m = m->next) {
		bool is_member = n->kind == NODE_OBJECT;

		if (is_member && m->kind == NODE_NULL)
			continue;
		*end = copy_meaning(a, is_member ? shape_member(a, shape, m->key) : shape, m);
		if (is_member && shape.kind == SHAPE_MESSAGE)
			(*end)->key = shape_name(a, shape, m->key);
		end = &(*end)->next;
		out->count++;
	}
	return out;
}

struct node *
meaning_of(struct arena *a, const struct node *spec)
{
	struct node *out = copy_meaning(a, shape_of_spec(), spec), *pipeline;

	while ((pipeline = node_get(out, "pipeline")) != NULL)
		node_drop(out, pipeline);
	return out;
}

static void align_nodes(struct arena *a, struct shape shape, struct node *x, struct node *y);

/* Adds each object with members that only `from` has to `to`, empty. */
static void
add_empty_objects(struct arena *a, struct node *from, struct node *to)
{
	for (struct node *m = from->first; m; m = m->next)
		if (m->kind == NODE_OBJECT && m->count > 0 && !str_is(m->key, "input")
		    && !node_get(to, arena_cstr(a, m->key)))
			node_put(a, to, arena_cstr(a, m->key))->kind = NODE_OBJECT;
}

static void
align_members(struct arena *a, struct shape shape, struct node *x, struct node *y)
{
	for (struct node *m = x->first; m; m = m->next) {
		struct node *other = node_get(y, arena_cstr(a, m->key));
		bool is_value = shape.kind == SHAPE_MAP && other && other->kind != m->kind;

		if (other && !is_value)
			align_nodes(a, shape_member(a, shape, m->key), m, other);
	}
}

static bool
is_input(const struct node *n)
{
	static const char *const kinds[] = { "cross", "join", "group", "union", "pfs", "cron",
		"git" };

	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if (node_get(n, kinds[i]))
			return true;
	return false;
}

/* A number and its text mean the same to a field. */
static void
align_scalars(struct node *x, const struct node *y)
{
	bool is_pair = (x->kind == NODE_NUMBER && y->kind == NODE_STRING)
	               || (x->kind == NODE_STRING && y->kind == NODE_NUMBER);

	if (is_pair && str_eq(x->text, y->text))
		x->kind = y->kind;
}

static void
align_nodes(struct arena *a, struct shape shape, struct node *x, struct node *y)
{
	if (x->kind == NODE_OBJECT && y->kind == NODE_OBJECT) {
		if (shape.kind != SHAPE_WHOLE && !is_input(x)) {
			add_empty_objects(a, x, y);
			add_empty_objects(a, y, x);
		}
		align_members(a, shape, x, y);
		return;
	}
	if (x->kind == NODE_ARRAY && y->kind == NODE_ARRAY)
		for (x = x->first, y = y->first; x && y; x = x->next, y = y->next)
			align_nodes(a, shape, x, y);
	else
		align_scalars(x, y);
}

void
meanings_align(struct arena *a, struct node *x, struct node *y)
{
	align_nodes(a, shape_of_spec(), x, y);
}
