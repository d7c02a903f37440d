/* closing.h: the last lines of a long log, where a CI system has no page for the summary of a run. */
#ifndef DEPLOY_REPORT_CLOSING_H
#define DEPLOY_REPORT_CLOSING_H

#include "deploy/report/outcome.h"

struct run;

/*
 * After a wait or a failure: a heading that counts, then a line for each pipeline with what was done, its versions and its state,
 * so that nobody has to search for that in what is above. Nothing on a terminal, on a system with a summary, and for a
 * plan, which is the end of the log by itself.
 */
void closing_write(struct run *run, const struct outcome *o);

#endif
