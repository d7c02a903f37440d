#include "values/between.h"

#include "base/arena.h"
#include "values/leaf.h"
#include "values/merge.h"

static bool
is_there(const struct node *n)
{
	return n && n->kind != NODE_NULL;
}

/* The user chooses the values of a map: there 1 is not "1". */
static bool
is_same_member(struct arena *a, struct shape of, const struct node *x, const struct node *y)
{
	return (of.kind != SHAPE_MAP || x->kind == y->kind)
	       && spec_same(a, shape_member(a, of, x->key), x, y);
}

/* Whether each member of `x` means the same as that of `y`. */
static bool
is_within(struct arena *a, struct shape shape, const struct node *x, const struct node *y)
{
	for (const struct node *n = x->first; n; n = n->next) {
		const struct node *other = values_find(a, shape, y, n->key);

		if (is_there(n) != is_there(other))
			return false;
		if (is_there(n) && !is_same_member(a, shape, n, other))
			return false;
	}
	return true;
}

static bool
is_same_list(struct arena *a, struct shape shape, const struct node *x, const struct node *y)
{
	const struct node *n = x->first, *other = y->first;

	for (; n && other; n = n->next, other = other->next)
		if (!spec_same(a, shape, n, other))
			return false;
	return !n && !other;
}

bool
spec_same(struct arena *a, struct shape shape, const struct node *x, const struct node *y)
{
	bool is_text = x->kind == NODE_STRING || y->kind == NODE_STRING;

	if (x->kind != y->kind)
		return is_text && (x->kind == NODE_NUMBER || y->kind == NODE_NUMBER)
		       && str_eq(x->text, y->text);
	if (x->kind == NODE_OBJECT)
		return is_within(a, shape, x, y) && is_within(a, shape, y, x);
	if (x->kind == NODE_ARRAY)
		return is_same_list(a, shape, x, y);
	return str_eq(x->text, y->text);
}

static struct node *objects_between(
    struct arena *a, struct shape shape, const struct node *old, const struct node *now);

/* Adds what makes `old` mean the same as the member `now`. */
static void
add_member(struct arena *a, struct shape shape, struct node *out, const struct node *old,
    const struct node *now)
{
	struct shape inner = shape_member(a, shape, now->key);
	struct node *part;

	if (is_there(old) && is_same_member(a, shape, old, now))
		return;
	if (!is_there(old) || old->kind != NODE_OBJECT || now->kind != NODE_OBJECT
	    || inner.kind == SHAPE_WHOLE) {
		values_put(a, out, is_there(old) ? old->key : now->key, now);
		return;
	}
	part = objects_between(a, inner, old, now);
	if (part)
		values_put(a, out, old->key, part);
}

/* The merge patch between two objects; NULL: none is needed. */
static struct node *
objects_between(struct arena *a, struct shape shape, const struct node *old, const struct node *now)
{
	struct node *out = values_object(a);

	for (const struct node *n = old->first; n; n = n->next)
		if (is_there(n) && !is_there(values_find(a, shape, now, n->key)))
			node_put(a, out, arena_cstr(a, n->key));
	for (const struct node *n = now->first; n; n = n->next)
		if (is_there(n))
			add_member(a, shape, out, values_find(a, shape, old, n->key), n);
	return out->count > 0 ? out : NULL;
}

/* The key that means this leaf and no other; empty: no key does. */
static struct str
key_of(struct arena *a, const struct leaves *all, size_t at)
{
	const struct leaf *leaf = &all->list[at];
	size_t same = 0, place = 0;

	if (leaf->name.len > 0) {
		for (size_t i = 0; i < all->count; i++)
			same += str_eq(all->list[i].name, leaf->name);
		return same == 1 ? leaf->name : STR("");
	}
	for (size_t i = 0; i < all->count; i++) {
		if (str_eq(all->list[i].name, leaf->repo))
			return STR("");
		if (all->list[i].name.len > 0 || !str_eq(all->list[i].repo, leaf->repo))
			continue;
		same++;
		place += i <= at;
	}
	return same == 1 ? leaf->repo : arena_fmt(a, "%.*s[%zu]", STR_FMT(leaf->repo), place);
}

/* Adds the patches of the leaves by their keys; false where the trees have other leaves, or a leaf that differs has no key. */
static bool
leaves_between(struct arena *a, struct leaves *old, const struct leaves *now, struct node *out)
{
	struct shape input = shape_member(a, shape_of_spec(), STR("input"));

	if (old->count != now->count)
		return false;
	for (size_t i = 0; i < old->count; i++) {
		const struct leaf *was = &old->list[i], *is = &now->list[i];
		struct node *patch, *kind = values_object(a);
		struct str key = key_of(a, old, i);

		if (!str_eq(was->body->key, is->body->key))
			return false;
		patch =
		    objects_between(a, shape_member(a, input, was->body->key), was->body, is->body);
		if (!patch)
			continue;
		if (key.len == 0)
			return false;
		values_put(a, kind, was->body->key, patch);
		values_put(a, out, key, kind);
	}
	return true;
}

/* The patch of the leaves, if it turns the whole tree of inputs into the other one; else NULL. */
static struct node *
inputs_between(struct arena *a, const struct node *old, const struct node *now)
{
	struct leaves was = { .arena = a }, is = { .arena = a };
	struct node *patch = values_object(a), *spec = values_object(a), *wanted = values_object(a);
	struct diags d = diags_in(a);
	const struct merge m = { a, "", &d };

	values_put(a, spec, STR("input"), old);
	values_put(a, wanted, STR("input"), now);
	leaves_collect(node_get(spec, "input"), &was);
	leaves_collect(node_get(wanted, "input"), &is);
	if (!leaves_between(a, &was, &is, patch) || patch->count == 0)
		return NULL;
	merge_inputs(&m, spec, patch);
	return d.count == 0 && spec_same(a, shape_of_spec(), spec, wanted) ? patch : NULL;
}

struct node *
patch_between(struct arena *a, const struct node *old, const struct node *now)
{
	struct node *out = objects_between(a, shape_of_spec(), old, now), *member;
	const struct node *was = node_field(old, "input"), *is = node_field(now, "input");
	struct node *inputs;

	if (out)
		node_drop(out, node_get(out, "pipeline"));
	if (!out || out->count == 0)
		return NULL;
	member = node_get(out, "input");
	inputs = member && is_there(was) && is_there(is) ? inputs_between(a, was, is) : NULL;
	if (!inputs)
		return out;
	node_drop(out, member);
	values_put(a, out, STR("inputs"), inputs);
	return out;
}
