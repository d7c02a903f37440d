/* rest.h: schedules that never start a job, for targets whose pipelines must not run by themselves. */
#ifndef PIPELINE_REST_H
#define PIPELINE_REST_H

#include <stdint.h>

#include "base/base.h"
#include "diag/diag.h"
#include "format/doc.h"

/* From which release on a schedule can say that it never comes, as RELEASE() has it. */
struct rest_releases {
	uint32_t never;         /* "@never" for cron inputs: 2.6.0 */
	uint32_t far;           /* a time that never comes, the 30th of February: 2.2.0 */
	uint32_t never_trigger; /* "@never" alone in a trigger: 2.6.8 */
};

/*
 * Sets the schedules of all cron inputs and cron triggers of a rendered document to one that never starts a job.
 * Where the release has none, `d` gets an error at the place of the schedule. (pachd: monitor.go of 2.5.9 waits
 * for the next time of a schedule; "@never" exists since 2.6.0; before 2.6.8 a trigger fires for its cron_spec,
 * its size or its commits.)
 */
void schedules_rest(struct node *document, const char *file, uint32_t release,
    const struct rest_releases *from, struct diags *d);

#endif
