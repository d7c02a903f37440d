/* config_base.h: the project file of a pull request's base commit; inside session/ only. */
#ifndef SESSION_CONFIG_BASE_H
#define SESSION_CONFIG_BASE_H

#include <stdbool.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct run;

/*
 * On a pull request whoever opened it may write into the file, so that what it says is what the base commit said: tokens go
 * to clusters of its choice. Reads the file `path` as the commit held it, in the run's arena; *is_held is false where the
 * commit held none. -1: ERR_REFUSED the clone does not hold the base commit, with the depth that helps; ERR_SYSTEM git
 * cannot be read.
 */
int config_base_read(
    struct run *run, const char *path, struct str *text, bool *is_held, struct err *err) NODISCARD;

#endif
