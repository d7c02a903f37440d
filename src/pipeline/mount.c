#include "pipeline/mount.h"

#include "base/arena.h"

static void
add_mount(struct mounts *out, enum mount_kind kind, const struct node *name)
{
	if (name && name->kind == NODE_STRING && name->text.len > 0)
		out->list[out->count++] = (struct mount){ kind, name->text, name->at };
}

static size_t
length(const struct node *list)
{
	return list && list->kind == NODE_ARRAY ? list->count : 0;
}

static const struct node *
first(const struct node *list)
{
	return length(list) > 0 ? list->first : NULL;
}

struct mounts
mounts_of(struct arena *a, const struct node *document)
{
	const struct node *transform = node_field(document, "transform");
	const struct node *mounted = node_field(transform, "secrets");
	const struct node *pull = node_field(transform, "image_pull_secrets");
	const struct node *sql = node_field(node_field(document, "egress"), "sql_database");
	struct mounts out = { .list = ARENA_ARRAY(
		                  a, length(mounted) + length(pull) + 1, struct mount) };

	for (const struct node *n = first(mounted); n; n = n->next)
		add_mount(&out, MOUNT_WORKER, node_field(n, "name"));
	for (const struct node *n = first(pull); n; n = n->next)
		add_mount(&out, MOUNT_PULL, n);
	add_mount(&out, MOUNT_EGRESS, node_field(node_field(sql, "secret"), "name"));
	return out;
}
