#include "values/merge.h"

#include "base/arena.h"

static bool
is_object(const struct node *n)
{
	return n && n->kind == NODE_OBJECT;
}

struct node *
values_find(struct arena *a, struct shape shape, const struct node *object, struct str key)
{
	struct node *exact = node_get(object, arena_cstr(a, key));

	if (exact || shape.kind != SHAPE_MESSAGE)
		return exact;
	return node_field(object, arena_cstr(a, shape_name(a, shape, key)));
}

/* Whether the patch has the field in another spelling, too; reported at the second one. */
static bool
is_twice(
    const struct merge *m, struct shape shape, const struct node *patch, const struct node *member)
{
	struct str name = shape_name(m->arena, shape, member->key);

	if (shape.kind != SHAPE_MESSAGE)
		return false;
	for (const struct node *n = patch->first; n != member; n = n->next) {
		if (!str_eq(shape_name(m->arena, shape, n->key), name))
			continue;
		diag_hint(m->diags,
		    diags_error(m->diags, CHECK_FIELD_CLASH, m->file, member->key_at,
		        "'%.*s' and '%.*s' are the same field", STR_FMT(member->key),
		        STR_FMT(n->key)),
		    "keep one of them");
		return true;
	}
	return false;
}

/* Makes the value of `at` a copy of `value`; its key stays. */
static void
replace_value(const struct merge *m, struct node *at, const struct node *value)
{
	struct node copy = *node_copy(m->arena, value);

	copy.key = at->key;
	copy.key_at = value->key_at;
	copy.next = at->next;
	*at = copy;
}

/* Recursion is as deep as the patch, which its reader limits. */
static void
merge_member(
    const struct merge *m, struct shape shape, struct node *target, const struct node *member)
{
	struct shape inner = shape_member(m->arena, shape, member->key);
	struct node *found = values_find(m->arena, shape, target, member->key);
	bool merges = is_object(member) && inner.kind != SHAPE_WHOLE;

	if (shape.kind == SHAPE_UNKNOWN)
		inner.kind = SHAPE_UNKNOWN;
	if (member->kind == NODE_NULL) {
		for (; found; found = values_find(m->arena, shape, target, member->key))
			node_drop(target, found);
		return;
	}
	if (!found)
		found = node_put(m->arena, target, arena_cstr(m->arena, member->key));
	if (merges && !is_object(found)) {
		struct node empty = *member;

		empty.first = NULL;
		empty.count = 0;
		replace_value(m, found, &empty);
	}
	if (merges)
		merge_object(m, inner, found, member);
	else
		replace_value(m, found, member);
}

void
merge_object(
    const struct merge *m, struct shape shape, struct node *target, const struct node *patch)
{
	for (const struct node *member = patch->first; member; member = member->next)
		if (!is_twice(m, shape, patch, member))
			merge_member(m, shape, target, member);
}

struct node *
values_object(struct arena *a)
{
	struct node *n = ARENA_NEW(a, struct node);

	n->kind = NODE_OBJECT;
	return n;
}

void
values_put(struct arena *a, struct node *object, struct str key, const struct node *value)
{
	struct node *n = node_put(a, object, arena_cstr(a, key));
	struct node copy = *node_copy(a, value);

	copy.key = n->key;
	copy.next = n->next;
	*n = copy;
}
