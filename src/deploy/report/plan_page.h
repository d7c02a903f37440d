/* plan_page.h: a plan, or what became of it, as the files of inputs `svg` and `html`. */
#ifndef DEPLOY_REPORT_PLAN_PAGE_H
#define DEPLOY_REPORT_PLAN_PAGE_H

#include "base/base.h"
#include "base/err.h"
#include "deploy/report/outcome.h"

struct run;

/* Draws all pipelines of the specs, each with what the plan does to it, what it did, and what differs field by field. Nothing
 * where no file is asked for. Failures as page_write(). */
int plan_page_write(struct run *run, const struct outcome *o, struct err *err) NODISCARD;

#endif
