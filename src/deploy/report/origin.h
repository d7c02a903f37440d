/* origin.h: which line of a values file a field of a spec came from. */
#ifndef DEPLOY_REPORT_ORIGIN_H
#define DEPLOY_REPORT_ORIGIN_H

#include <stddef.h>

#include "base/base.h"
#include "base/str.h"

struct arena;
struct node;

/* "env/prod.yaml:3"; empty: the field at the path is the spec file's own, or there is none. In `a`. */
struct str origin_of(struct arena *a, const struct node *spec, struct str path);

/* A field that values have set: the smallest part that is whole, so a list, or a member of an object. */
struct origin {
	struct str path, from;
};

struct origins {
	struct origin *list; /* in the order of the spec */
	size_t count, room;
};

struct origins origins_of(struct arena *a, const struct node *spec);

#endif
