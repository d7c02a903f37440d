/* sections.h: the reports of several targets as one: outputs, JSON, summary and comment with a section for each. */
#ifndef DEPLOY_REPORT_SECTIONS_H
#define DEPLOY_REPORT_SECTIONS_H

#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct outcome;
struct run;

struct section {
	const char *target;
	struct str json; /* the target's whole document */
	struct str pipelines, images;
	struct str sha, version; /* the commit, and pachd's release; may be empty */
	struct str markdown, shorter;
	size_t created, updated, started, stopped, deleted, kept, failed;
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

/* The outputs that there are with input `prune` alone. -1 with ERR_SYSTEM. */
int sections_write_pruned(
    struct run *run, size_t stopped, size_t deleted, struct err *err) NODISCARD;

#endif
