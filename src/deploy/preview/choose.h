/* choose.h: which pipelines a preview has; inside deploy/preview. */
#ifndef DEPLOY_PREVIEW_CHOOSE_H
#define DEPLOY_PREVIEW_CHOOSE_H

#include "base/base.h"
#include "base/err.h"

struct preview_keys;
struct run;
struct work;

/* Leaves in work->all what changed, with `downstream` those after them as well, without what is excluded. -1 with ERR_USAGE
 * for a glob of `exclude` that matches no pipeline, or a repo of `inputs` that no pipeline reads. */
int preview_choose(
    struct run *run, struct work *work, const struct preview_keys *keys, struct err *err) NODISCARD;

#endif
