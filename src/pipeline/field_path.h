/* field_path.h: paths of fields as differences show them: "transform.env.MODE", "input.cross[1].pfs",
 * "env[\"a.b\"]". Pure. */
#ifndef PIPELINE_FIELD_PATH_H
#define PIPELINE_FIELD_PATH_H

#include <stddef.h>

#include "base/base.h"
#include "base/str.h"

struct arena;
struct node;

/* The path with one more step: a member, which is quoted where its key needs it, or an element, counted from 0. In
 * `a`. */
struct str field_path_member(struct arena *a, struct str path, struct str key);
struct str field_path_element(struct arena *a, struct str path, size_t index);

/*
 * The value at a path in a spec, whose fields may have either spelling. Where the path leads into a text (a
 * "pod_patch" is JSON in a string), that text. NULL: there is no such value.
 */
const struct node *field_path_find(struct arena *a, const struct node *spec, struct str path);

#endif
