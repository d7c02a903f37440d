/* config_check.h: what is wrong with a project file, each with its place; inside session/ only. */
#ifndef SESSION_CONFIG_CHECK_H
#define SESSION_CONFIG_CHECK_H

#include <stddef.h>

#include "base/base.h"
#include "diag/diag.h"
#include "format/doc.h"

struct arena;

/* Adds to `d` every mistake in the file's document: keys that are unknown or not allowed there, values that the input does
 * not take, two defaults, a `from` that leads nowhere, a path out of the tree. `documents`: how many the file has. */
void config_check(
    struct arena *a, const char *file, const struct node *top, size_t documents, struct diags *d);

#endif
