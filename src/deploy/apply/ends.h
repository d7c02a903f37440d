/* ends.h: changes that are made one after the other; the next run makes those that this one does not come to. */
#ifndef DEPLOY_APPLY_ENDS_H
#define DEPLOY_APPLY_ENDS_H

#include "base/base.h"
#include "base/err.h"

struct run;

/* Whether the next change may be made. -1 with ERR_INTERRUPTED or ERR_TIMEOUT: the run must end; the format says where:
 * "before pipeline 'edges' was started". */
int ends_check(const struct run *run, struct err *err, const char *fmt, ...) NODISCARD
    PRINTF_LIKE(3, 4);

/* Keeps the first failure in *first, whose kind is ERR_NONE until then, and warns of each further one. */
void ends_keep(struct run *run, struct err *first, const struct err *failure);

#endif
