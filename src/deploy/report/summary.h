/*
 * summary.h: a run in Markdown: for the page of a GitHub or Azure run, and for the comment on a pull request. Everything
 * that comes from outside goes through ci/markdown.h.
 */
#ifndef DEPLOY_REPORT_SUMMARY_H
#define DEPLOY_REPORT_SUMMARY_H

#include <stdbool.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "deploy/report/outcome.h"

struct run;

/*
 * Writes to the page of the run what it has come to: a title that counts, commit and cluster, the pipelines as a table,
 * what changes field by field, the picture of who reads what, mistakes in the specs, and what to do next. `o` NULL: it has
 * ended without a plan, by `err`, or well. A run that has its summary gets no second one. -1 with ERR_SYSTEM in *lost when
 * it cannot be written.
 */
int summary_write(
    struct run *run, const struct outcome *o, const struct err *err, struct err *lost) NODISCARD;

/* The same for a text that is there already; `shorter` is for a comment that has no room for it. */
int summary_write_text(
    struct run *run, struct str text, struct str shorter, bool planned, struct err *lost) NODISCARD;

/* The texts of one target of several, for sections_add(). */
struct str summary_section(struct run *run, const struct outcome *o, bool is_short);

enum summary_extent {
	SUMMARY_WHOLE,
	SUMMARY_COUNTS, /* how many, and no more */
};

/* The plan of the run's target as a section of another text, without what stays as it is; `err`: why there is none, and
 * `o` means nothing. */
struct str summary_of_target(
    struct run *run, const struct outcome *o, const struct err *err, enum summary_extent extent);

/* Checks that the file of input `summary` could be written, before anything is sent. -1: ERR_SYSTEM its directory does
 * not exist, may not be written, or lies outside the workspace. */
int summary_check_place(struct run *run, struct err *err) NODISCARD;

#endif
