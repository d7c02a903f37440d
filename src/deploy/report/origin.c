#include "deploy/report/origin.h"

#include "base/arena.h"
#include "format/doc.h"
#include "pipeline/field_path.h"

/* Values leave the file in the place of what they put into a spec (values/patch.h). */
static struct str
place_of(struct arena *a, const struct node *n)
{
	return n && n->at.file ? arena_fmt(a, "%s:%u", n->at.file, (unsigned)n->at.line) : STR("");
}

struct str
origin_of(struct arena *a, const struct node *spec, struct str path)
{
	return place_of(a, field_path_find(a, spec, path));
}

/* Recursion is as deep as the spec, which its reader limits. */
static void
collect_origins(struct arena *a, const struct node *n, struct str path, struct origins *out)
{
	size_t index = 0;

	if (n->at.file && (n->kind != NODE_OBJECT || n->count == 0)) {
		out->list = arena_grow(a, out->list, out->count, &out->room, sizeof(*out->list));
		out->list[out->count++] = (struct origin){ path, place_of(a, n) };
		return;
	}
	for (const struct node *member = n->first; member; member = member->next)
		collect_origins(a, member,
		    n->kind == NODE_ARRAY ? field_path_element(a, path, index++)
		                          : field_path_member(a, path, member->key),
		    out);
}

struct origins
origins_of(struct arena *a, const struct node *spec)
{
	struct origins out = { NULL, 0, 0 };

	collect_origins(a, spec, (struct str){ "", 0 }, &out);
	return out;
}
