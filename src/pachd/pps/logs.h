/* logs.h: why a job or a pipeline fails: its log lines and events. */
#ifndef PACHD_PPS_LOGS_H
#define PACHD_PPS_LOGS_H

#include <stddef.h>

#include "base/str.h"
#include "pachd/pachd.h"

struct arena;
struct job;

/* The last `most` lines that the user's code wrote in a job, oldest first; none where the server has
 * none to give. */
size_t pachd_logs(
    struct pachd *p, struct arena *scratch, const struct job *job, size_t most, struct str *lines);

/* The last `most` Kubernetes events that name the pipeline (2.5+); none where the server does not tell. */
size_t pachd_events(struct pachd *p, struct arena *scratch, const struct pachd_target *target,
    size_t most, struct str *lines);

#endif
