/* report.h: says what a run plans and what it has done: table, outputs, summary, JSON. */
#ifndef DEPLOY_REPORT_REPORT_H
#define DEPLOY_REPORT_REPORT_H

#include "base/base.h"
#include "base/err.h"
#include "deploy/report/outcome.h"

struct run;

/* The plan's table and, where asked for, the specs. */
void report_plan(struct run *run, const struct outcome *o);
/* The one line that sums up. */
void report_end(struct run *run, const struct outcome *o);
/* Outputs, summary, and the JSON result. */
int report_outputs(struct run *run, const struct outcome *o, struct err *err) NODISCARD;

#endif
