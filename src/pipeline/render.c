#include "pipeline/render.h"

#include <string.h>

#include "base/arena.h"
#include "pipeline/mark.h"

/* The member under either spelling, or a new one under the snake_case name. */
static struct node *
field_put(struct arena *a, struct node *object, const char *field)
{
	struct node *n = node_field(object, field);

	return n ? n : node_put(a, object, field);
}

/* The member as an object, where it is one or says nothing yet; else NULL: what is wrong stays, and the
 * check of the rendered document finds it. */
static struct node *
object_put(struct arena *a, struct node *parent, const char *field)
{
	struct node *n = parent ? field_put(a, parent, field) : NULL;

	if (n && n->kind == NODE_NULL)
		n->kind = NODE_OBJECT;
	return n && n->kind == NODE_OBJECT ? n : NULL;
}

static void
put_string(struct arena *a, struct node *object, const char *field, struct str text)
{
	struct node *n = object ? field_put(a, object, field) : NULL;

	if (n && (n->kind == NODE_NULL || n->kind == NODE_STRING)) {
		n->kind = NODE_STRING;
		n->text = text;
	}
}

static void
drop_commands(struct node *document)
{
	static const char *const commands[] = { "update", "reprocess", "dry_run" };
	/* an editor's hint, and a misplaced image, which spec_read() has reported */
	static const char *const others[] = { "$schema", "image" };
	struct node *found;

	for (size_t i = 0; i < COUNT_OF(others); i++) {
		found = node_get(document, others[i]);
		if (found)
			node_drop(document, found);
	}
	for (size_t i = 0; i < COUNT_OF(commands); i++)
		while ((found = node_field(document, commands[i])) != NULL)
			node_drop(document, found);
}

/* Depth is bounded by MAX_SPEC_DEPTH, so recursion is fine. */
static void
rename_pfs(struct node *input)
{
	for (struct node *n = input ? input->first : NULL; n; n = n->next) {
		if (input->kind == NODE_OBJECT && str_is(n->key, "pfs"))
			n->key = STR("atom");
		else if (n->kind == NODE_ARRAY || n->kind == NODE_OBJECT)
			rename_pfs(n);
	}
}

struct node *
spec_render(const struct spec *spec, struct arena *a, const struct render *how)
{
	struct node *document = node_share(a, spec->node);

	drop_commands(document);
	mark_drop(document);
	if (how->image.len > 0)
		put_string(a, object_put(a, document, "transform"), "image", how->image);
	if (how->with_project && spec->project.len > 0) {
		struct node *pipeline = object_put(a, document, "pipeline");

		put_string(a, object_put(a, pipeline, "project"), "name", spec->project);
	}
	if (how->pfs_as_atom)
		rename_pfs(node_field(document, "input"));
	return document;
}
