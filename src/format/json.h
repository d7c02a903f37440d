/* json.h: one JSON value of a text, with cJSON. */
#ifndef FORMAT_JSON_H
#define FORMAT_JSON_H

#include <stddef.h>

#include "base/base.h"

struct node;
struct scan;

/*
 * Reads the value that comes next, and passes it. The text must be valid UTF-8 without NUL. Mistakes are reported.
 * NULL where cJSON cannot read the value; the place is then somewhere in it.
 */
struct node *json_read(struct scan *s);

/* Reports why cJSON refused the value that comes next, `refused` bytes from its start: at least one mistake. */
void json_explain(struct scan *s, size_t refused);

#endif
