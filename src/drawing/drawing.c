#include "drawing/drawing.h"

const char *const drawing_looks[LOOK_COUNT] = {
	[LOOK_FAILED] = "failed",
	[LOOK_MISSING] = "missing",
	[LOOK_CREATE] = "create",
	[LOOK_UPDATE] = "update",
	[LOOK_STOP] = "stop",
	[LOOK_DELETE] = "delete",
	[LOOK_STARTING] = "starting",
	[LOOK_RUNNING] = "running",
	[LOOK_PAUSED] = "paused",
	[LOOK_PLAIN] = "pipelines",
	[LOOK_SAME] = "unchanged",
	[LOOK_SOURCE] = "external",
};

void
drawing_add_fact(struct drawing *d, const char *name, struct str value, struct str url)
{
	if (value.len > 0 && d->fact_count < DRAWING_FACTS)
		d->facts[d->fact_count++] = (struct drawing_fact){ name, value, url };
}

void
node_add_link(struct drawing_node *node, const char *name, struct str value, struct str url)
{
	if (value.len > 0 && node->fact_count < DRAWING_FACTS)
		node->facts[node->fact_count++] = (struct drawing_fact){ name, value, url };
}

void
node_add_fact(struct drawing_node *node, const char *name, struct str value)
{
	node_add_link(node, name, value, STR(""));
}
