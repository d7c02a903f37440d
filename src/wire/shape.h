/* shape.h: whether an object in a spec is a message, whose keys are field names, or a map, whose keys the user chooses. */
#ifndef WIRE_SHAPE_H
#define WIRE_SHAPE_H

#include <stdbool.h>

#include "base/base.h"
#include "base/str.h"

struct arena;

enum shape_kind {
	SHAPE_MESSAGE, /* its keys are field names: snake_case and lowerCamelCase mean the same */
	SHAPE_MAP,     /* the user chooses its keys: env, labels, annotations, node_selector */
	SHAPE_WHOLE,   /* a scalar, a list, or JSON text written as an object (pod_patch) */
	SHAPE_UNKNOWN, /* no release has such a field */
};

/* What a value of a spec is, by the messages of both interfaces. Copied by value. */
struct shape {
	enum shape_kind kind;
	const void *types[2]; /* descriptors; NULL: that interface has no such message */
};

/* The document itself: a CreatePipelineRequest. */
struct shape shape_of_spec(void);

/* The member `key` of a value of shape `of`. Scratch text goes to `a`. */
struct shape shape_member(struct arena *a, struct shape of, struct str key);

/* The snake_case name of a field that the key spells, in `a`; for keys of a map the key itself. */
struct str shape_name(struct arena *a, struct shape of, struct str key);

#endif
