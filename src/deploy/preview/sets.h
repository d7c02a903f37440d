/* sets.h: whether the copies of a preview are of one moment; inside deploy/preview. */
#ifndef DEPLOY_PREVIEW_SETS_H
#define DEPLOY_PREVIEW_SETS_H

#include "deploy/preview/preview.h"

/* Notes where production has moved on between two of the commits that are copied: a pipeline's output that was made of another
 * commit of a repo than the one that is copied. */
void sets_note(const struct preview *preview);

#endif
