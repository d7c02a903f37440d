/* yaml_anchor.h: the anchors of one YAML document by their names. */
#ifndef FORMAT_YAML_ANCHOR_H
#define FORMAT_YAML_ANCHOR_H

#include <stddef.h>

#include "base/base.h"
#include "base/str.h"

struct arena;
struct node;

struct yaml_anchor {
	struct str name;
	struct node *node; /* NULL: the slot is free */
};

/* Zeroed to begin with, and again at each document. */
struct yaml_anchors {
	struct yaml_anchor *slots; /* open addressing, at most half full; in the arena */
	size_t room, count;
};

/* Keeps `node` under `name`, which is copied; a later one of the same name takes its place (YAML 1.2, 7.1). */
void yaml_anchor_put(struct yaml_anchors *all, struct arena *a, struct str name, struct node *node);

/* The node of that name, or NULL. */
struct node *yaml_anchor_get(const struct yaml_anchors *all, struct str name);

#endif
