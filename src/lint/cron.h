/* cron.h: schedules as pachd reads them (robfig/cron, ParseStandard). Pure. */
#ifndef LINT_CRON_H
#define LINT_CRON_H

#include "base/base.h"
#include "base/str.h"

/* What is wrong with the schedule, in one clause; NULL: it is five fields (minute, hour, day of the month, month,
 * day of the week 0-6), perhaps with a time zone before them, one of @yearly … @hourly, or @every DURATION; with
 * `has_never` also @never (2.6 and later). */
const char *cron_fault(struct str text, bool has_never);

#endif
