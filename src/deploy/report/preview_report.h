/* preview_report.h: a pull request's preview in the plan, on the page and in the comment. */
#ifndef DEPLOY_REPORT_PREVIEW_REPORT_H
#define DEPLOY_REPORT_PREVIEW_REPORT_H

#include "base/base.h"
#include "base/buf.h"
#include "deploy/report/outcome.h"
#include "format/json_builder.h"

struct preview;
struct run;

/* What is made before the pipelines, and what production's last jobs say of the cost: lines of the plan. */
void preview_print(struct run *run, const struct preview *preview);

/* What each pipeline has come to beside production's last job, one line each. */
void preview_print_jobs(struct run *run, const struct preview *preview);

/* The section in Markdown: the same as a table, and how to look, how to remove, until when. */
void preview_section(struct buf *out, struct run *run, const struct outcome *o);

/* The member "preview" of the result. */
void preview_json(struct json *j, const struct preview *preview);

#endif
