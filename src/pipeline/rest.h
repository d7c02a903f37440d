/* rest.h: schedules that never come, for targets that shall not run by themselves. */
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
 * Sets the schedules of all cron inputs and cron triggers of a rendered document to one that never comes. What the release
 * cannot rest is a mistake in `d`, at its place. (pachd: monitor.go of 2.5.9 waits for the next time of a schedule;
 * "@never" is of 2.6.0; a trigger's cron_spec is or-ed with size and commits before 2.6.8.)
 */
void schedules_rest(struct node *document, const char *file, uint32_t release,
    const struct rest_releases *from, struct diags *d);

#endif
