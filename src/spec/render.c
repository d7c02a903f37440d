#include "spec/render.h"

#include <string.h>

#include "base/arena.h"

/* The member under either spelling, or a new one under the snake_case name. */
static struct node *
field_put(struct arena *a, struct node *object, const char *field)
{
	struct node *n = node_field(object, field);

	return n ? n : node_put(a, object, field);
}

static void
set_string(struct node *n, struct str text)
{
	n->kind = NODE_STRING;
	n->text = text;
	n->first = NULL;
	n->count = 0;
}

static void
make_object(struct node *n)
{
	if (n->kind == NODE_OBJECT)
		return;
	n->kind = NODE_OBJECT;
	n->first = NULL;
	n->count = 0;
}

static void
drop_commands(struct node *document)
{
	static const char *const commands[] = { "update", "reprocess", "dry_run" };
	/* an editor's hint, and a misplaced image, which spec_read() has told */
	static const char *const others[] = { "$schema", "image" };
	struct node *found;

	for (size_t i = 0; i < COUNT_OF(others); i++)
		if ((found = node_get(document, others[i])) != NULL)
			node_drop(document, found);
	for (size_t i = 0; i < COUNT_OF(commands); i++)
		while ((found = node_field(document, commands[i])) != NULL)
			node_drop(document, found);
}

static void
set_project(struct node *document, struct arena *a, struct str project)
{
	struct node *pipeline = field_put(a, document, "pipeline");
	struct node *node;

	make_object(pipeline);
	node = field_put(a, pipeline, "project");
	make_object(node);
	set_string(field_put(a, node, "name"), project);
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
	struct node *document = node_copy(a, spec->node);

	drop_commands(document);
	if (how->image.len > 0) {
		struct node *transform = field_put(a, document, "transform");

		make_object(transform);
		set_string(field_put(a, transform, "image"), how->image);
	}
	if (how->with_project && spec->project.len > 0)
		set_project(document, a, spec->project);
	if (how->pfs_as_atom)
		rename_pfs(node_field(document, "input"));
	return document;
}

void
render_flag(struct node *document, struct arena *a, const char *key)
{
	struct node *n = field_put(a, document, key);

	n->kind = NODE_BOOL;
	n->text = STR("true");
	n->first = NULL;
	n->count = 0;
}
