#include "format/yaml_anchor.h"

#include <stdint.h>

#include "base/arena.h"

enum { FIRST_ROOM = 64 };

/* FNV-1a; a file whose names are chosen to meet has a ceiling on their number, not more. */
static size_t
hash(struct str name)
{
	uint64_t h = 0xcbf29ce484222325U;

	for (size_t i = 0; i < name.len; i++)
		h = (h ^ (unsigned char)name.ptr[i]) * 0x100000001b3U;
	return (size_t)(h ^ h >> 32);
}

/* The slot of that name, or the free one where it belongs. */
static struct yaml_anchor *
slot_of(const struct yaml_anchors *all, struct str name)
{
	size_t i = hash(name) & (all->room - 1);

	while (all->slots[i].node && !str_eq(all->slots[i].name, name))
		i = (i + 1) & (all->room - 1);
	return &all->slots[i];
}

static void
grow(struct yaml_anchors *all, struct arena *a)
{
	struct yaml_anchors old = *all;

	all->room = old.room ? old.room * 2 : FIRST_ROOM;
	all->slots = ARENA_ARRAY(a, all->room, struct yaml_anchor);
	for (size_t i = 0; i < old.room; i++)
		if (old.slots[i].node)
			*slot_of(all, old.slots[i].name) = old.slots[i];
}

void
yaml_anchor_put(struct yaml_anchors *all, struct arena *a, struct str name, struct node *node)
{
	struct yaml_anchor *slot;

	if (all->count * 2 >= all->room)
		grow(all, a);
	slot = slot_of(all, name);
	if (!slot->node) {
		slot->name = arena_str(a, name);
		all->count++;
	}
	slot->node = node;
}

struct node *
yaml_anchor_get(const struct yaml_anchors *all, struct str name)
{
	return all->room ? slot_of(all, name)->node : NULL;
}
