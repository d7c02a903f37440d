/* json.h: one JSON value of a text, with cJSON. */
#ifndef FORMAT_JSON_H
#define FORMAT_JSON_H

#include <stddef.h>

#include "base/base.h"

struct node;
struct scan;

/*
 * Reads the value that comes next, and passes it. The text must be valid UTF-8
 * and free of NUL. Mistakes are noted; NULL after one that leaves no tree, and the place is then
 * somewhere within the value.
 */
struct node *json_read(struct scan *s);

/* Notes what is wrong with the value that comes next: cJSON refused it, at `refused` bytes from
 * its start. Notes at least one mistake. */
void json_explain(struct scan *s, size_t refused);

#endif
