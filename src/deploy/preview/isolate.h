/* isolate.h: specs of a preview reach nothing outside of its project; inside deploy/preview. */
#ifndef DEPLOY_PREVIEW_ISOLATE_H
#define DEPLOY_PREVIEW_ISOLATE_H

#include "deploy/preview/preview.h"

/*
 * Moves the specs of work->all into the preview's project: the pipelines, and all that they read, which either another one
 * of them makes or is noted in preview->inputs. Triggers are taken out: a copy does not grow. What could reach or tell more
 * than data is refused: secrets, pod patches, egress, services and spouts that the target does not allow, and two repos of
 * one name. Mistakes are in run->diags.
 */
void preview_isolate(struct preview *preview, struct work *work);

#endif
