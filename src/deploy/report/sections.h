/* sections.h: the reports of several targets as one: outputs, JSON, summary and comment with a section for each. */
#ifndef DEPLOY_REPORT_SECTIONS_H
#define DEPLOY_REPORT_SECTIONS_H

#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "deploy/report/outcome.h"

struct run;

/* What a plan has come to, as outputs say it; of one target, or of all together. */
struct section {
	const char *target; /* by sections_add() */
	struct str json;    /* the whole document */
	struct str pipelines, images;
	struct str sha, version, transaction; /* the commit, and pachd's release; may be empty */
	struct str markdown, shorter;         /* of a target: see summary.h */
	struct tally tally;
	size_t kept, failed;
	bool prunes, planned;
};

struct sections {
	struct section *list;
	size_t count, room;
};

/* Keeps what a target has come to, instead of writing it. All texts live in the run's arena. */
void sections_add(struct run *run, const struct section *one);

/*
 * Writes what all targets have come to; `err` is why the run ended early, or NULL. Counts are sums; `pipelines` and the
 * JSON document have the targets as members. -1 with ERR_SYSTEM in *lost: an output or the summary cannot be written.
 */
int sections_write(struct run *run, const struct err *err, struct err *lost) NODISCARD;

/* Writes the outputs: those of one target, or with run->sections those that all have. -1 with ERR_SYSTEM. */
int section_write_outputs(struct run *run, const struct section *one, struct err *err) NODISCARD;

#endif
