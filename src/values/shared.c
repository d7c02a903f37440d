/* What the patches of all pipelines share, for values_between(). */
#include "values/between.h"

#include "base/arena.h"
#include "pipeline/spec.h"
#include "values/merge.h"

/* The member of `object` under the same key, in its exact spelling. */
static struct node *
twin(struct arena *a, const struct node *object, const struct node *member)
{
	return object && object->kind == NODE_OBJECT ? node_get(object, arena_cstr(a, member->key))
	                                             : NULL;
}

/* Keeps in `shared` only what `patch` has, too. */
static void
intersect(struct arena *a, struct node *shared, const struct node *patch)
{
	struct node *next;

	for (struct node *n = shared->first; n; n = next) {
		struct node *other = twin(a, patch, n);

		next = n->next;
		if (other && n->kind == NODE_OBJECT && other->kind == NODE_OBJECT && n->count > 0) {
			intersect(a, n, other);
			if (n->count > 0)
				continue;
		}
		if (!other || !node_is_alike(n, other))
			node_drop(shared, n);
	}
}

/* Removes from `patch` what is in `shared`. */
static void
subtract(struct arena *a, struct node *patch, const struct node *shared)
{
	for (const struct node *n = shared->first; n; n = n->next) {
		struct node *own = twin(a, patch, n);

		if (own && n->kind == NODE_OBJECT && n->count > 0)
			subtract(a, own, n);
		if (own && (n->kind != NODE_OBJECT || n->count == 0 || own->count == 0))
			node_drop(patch, own);
	}
}

/* What all patches share; an empty object where a pipeline has no patch, or there is only one. `inputs` never count, as
 * they are the names of one pipeline. */
static struct node *
shared_of(struct arena *a, const struct pair *list, struct node *const *patches, size_t count)
{
	struct node *shared = NULL;
	size_t there = 0;

	for (size_t i = 0; i < count; i++) {
		if (!list[i].now)
			continue;
		there++;
		if (!patches[i] || !list[i].old)
			return values_object(a);
		if (!shared)
			shared = node_copy(a, patches[i]);
		else
			intersect(a, shared, patches[i]);
	}
	if (!shared || there < 2)
		return values_object(a);
	node_drop(shared, node_get(shared, "inputs"));
	return shared;
}

struct node *
values_between(struct arena *a, const struct pair *list, size_t count)
{
	struct node **patches = ARENA_ARRAY(a, count, struct node *), *shared;
	struct node *out = values_object(a), *pipelines = values_object(a);

	for (size_t i = 0; i < count; i++)
		if (list[i].old && list[i].now)
			patches[i] = patch_between(a, list[i].old, list[i].now);
	shared = shared_of(a, list, patches, count);
	if (shared->count > 0)
		values_put(a, pipelines, STR("*"), shared);
	for (size_t i = 0; i < count; i++) {
		if (list[i].old && !list[i].now)
			node_put(a, pipelines,
			    arena_cstr(a, spec_title(a, list[i].project, list[i].name)));
		if (!patches[i])
			continue;
		subtract(a, patches[i], shared);
		if (patches[i]->count > 0)
			values_put(
			    a, pipelines, spec_title(a, list[i].project, list[i].name), patches[i]);
	}
	if (pipelines->count == 0)
		return NULL;
	values_put(a, out, STR("pipelines"), pipelines);
	return out;
}
