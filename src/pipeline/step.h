/* step.h: what is said of one step of a plan. */
#ifndef PIPELINE_STEP_H
#define PIPELINE_STEP_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct step;

/* "PROJECT/PIPELINE", or the name alone in the project `default`. In `a`. */
struct str step_title(struct arena *a, const struct step *step);

/* "a:1 -> a:2", or "a:1" when it stays. In `a`. */
struct str step_images(struct arena *a, const struct step *step);

/* Where the spec comes from: its file, or the version that is put back. In `a`. */
const char *step_origin(struct arena *a, const struct step *step);

/* Whether nothing is done with it: it is neither sent nor started. */
bool step_is_kept(const struct step *step);

/* "create", "update", "unchanged", or "start" for what is started and not sent. */
const char *step_action(const struct step *step);

/* Whether an update may read from somewhere else than before. */
bool step_changes_input(const struct step *step);

#endif
