/* look.h: what is looked at again while a preview is made; inside deploy/preview. */
#ifndef DEPLOY_PREVIEW_LOOK_H
#define DEPLOY_PREVIEW_LOOK_H

#include "deploy/preview/preview.h"

/* Whether the project is there, and ours. A project of that name that is not this preview's is never touched, whatever it
 * says of itself. -1: ERR_REFUSED it is another one's; failures as pfs_project(). */
int preview_check_project(
    struct preview *preview, struct pachd *cluster, struct err *err) NODISCARD;

/* What an earlier run has left in the preview's own branch of the input: sets its state and commit. */
int preview_find_state(struct preview *preview, struct pachd *cluster, struct preview_input *input,
    struct err *err) NODISCARD;

#endif
