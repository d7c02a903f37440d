/* words.h: inside drift/ only: what is said of one pipeline. */
#ifndef DRIFT_WORDS_H
#define DRIFT_WORDS_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct drift_row;

/* "7 -> 9" where what runs is not what was pushed last, else "7"; empty where the cluster does not have the pipeline.
 * In `a`. */
struct str drift_versions(struct arena *a, const struct drift_row *row);

/* Whether there is something to say of the pipeline. */
bool drift_is_notable(const struct drift_row *row);

/* "pipelines/edges.json, version 7 -> 9, since 2026-11-30 08:15 UTC, by user:jo, paused". In `a`. */
struct str drift_remarks(struct arena *a, const struct drift_row *row);

#endif
