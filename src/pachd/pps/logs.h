/* logs.h: why a job or a pipeline fails: its log lines and events. */
#ifndef PACHD_PPS_LOGS_H
#define PACHD_PPS_LOGS_H

#include <stddef.h>

#include "base/str.h"
#include "pachd/pachd.h"

struct arena;
struct job;

/* Writes the last `most` lines that the user's code wrote in a job to lines[], oldest first; how many. 0 also
 * where the call fails. In `scratch`. */
size_t pachd_logs(
    struct pachd *p, struct arena *scratch, const struct job *job, size_t most, struct str *lines);

/* The same for the last `most` Kubernetes events that name the pipeline (2.5+). */
size_t pachd_events(struct pachd *p, struct arena *scratch, const struct pachd_target *target,
    size_t most, struct str *lines);

#endif
