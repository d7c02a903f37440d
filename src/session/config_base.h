/* config_base.h: the project file of a pull request's base commit; inside session/ only. */
#ifndef SESSION_CONFIG_BASE_H
#define SESSION_CONFIG_BASE_H

#include <stdbool.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct config_base;
struct run;

/*
 * The file names the clusters that tokens go to, and whoever opens a pull request can change it: so the file of the base
 * commit counts. Opens that commit, once for all files that are looked for. NULL: ERR_REFUSED the clone does not
 * hold it, with a hint how to fetch it; ERR_SYSTEM git cannot be read. The caller ends it with config_base_close().
 */
struct config_base *config_base_open(struct run *run, struct err *err) NODISCARD;
void config_base_close(struct config_base *base);

/* Reads the file `path` as the commit held it, in the run's arena; *is_held is false where the commit held none. -1 with
 * ERR_SYSTEM: git cannot be read. */
int config_base_read(struct config_base *base, const char *path, struct str *text, bool *is_held,
    struct err *err) NODISCARD;

#endif
