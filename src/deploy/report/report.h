/* report.h: says what a run plans and what it has done: table, outputs, summary, JSON. */
#ifndef DEPLOY_REPORT_REPORT_H
#define DEPLOY_REPORT_REPORT_H

#include "base/base.h"
#include "base/err.h"
#include "deploy/report/outcome.h"

struct run;

/* Shows the plan as a table and, with input `show-specs`, the specs. Nothing with --output json. */
void report_plan(struct run *run, const struct outcome *o);
/* Shows the one line that sums up. Nothing with --output json. */
void report_end(struct run *run, const struct outcome *o);
/* Writes pages, outputs, summary and the JSON result; with run->sections keeps them for sections_write(). -1 with ERR_SYSTEM:
 * one of them cannot be written. */
int report_outputs(struct run *run, const struct outcome *o, struct err *err) NODISCARD;

#endif
