/* down.h: previews are removed: pipelines, repos, project, and nothing that is not theirs. */
#ifndef DEPLOY_PREVIEW_DOWN_H
#define DEPLOY_PREVIEW_DOWN_H

#include "base/base.h"
#include "base/err.h"

struct run;

/*
 * Of a target that is a preview: removes the one of the event's pull request, or of the run's arguments; with input `expired` all whose time is over.
 * Asks on a terminal, and wants input `confirm` in CI. 0: they are gone, or were not there. -1: ERR_USAGE nobody confirms
 * it; ERR_REFUSED a project is not this target's preview, or holds what is not its own; failures as inside_read().
 */
int preview_down(struct run *run, struct err *err) NODISCARD;

#endif
