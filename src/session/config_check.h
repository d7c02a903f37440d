/* config_check.h: the mistakes of a project file; inside session/ only. */
#ifndef SESSION_CONFIG_CHECK_H
#define SESSION_CONFIG_CHECK_H

#include <stddef.h>

#include "base/base.h"
#include "diag/diag.h"
#include "format/doc.h"

struct arena;

/* Adds to `d` every mistake in the file, whose first of `documents` documents is `top`: unknown keys, keys that are not
 * allowed there, values that an input does not take, two defaults, a `from` that names no target, a path out of the tree. */
void config_check(
    struct arena *a, const char *file, const struct node *top, size_t documents, struct diags *d);

#endif
