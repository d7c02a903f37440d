/*
 * marks.h: the marks (pipeline/mark.h) of pipelines, repos and projects on a cluster: read and written.
 *
 * A pipeline's mark is in the metadata of its output repo (2.10+), which updates and `keep_repo` leave alone, and
 * for quick reading also in its own metadata (2.11+), which an update removes. EditMetadata cannot be part of a
 * transaction: where a run is killed between a push and its marks, the next one writes them. From 1.10 to 2.9 the
 * mark is in the spec itself (mark_put()), and is only read here; before 1.10 pipelines have no marks. Source:
 * src/server/metadata/metadata.go of pachd 2.10.0 and 2.11.6.
 */
#ifndef PACHD_MARKS_H
#define PACHD_MARKS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "pachd/pachd.h"
#include "pipeline/mark.h"

struct deployed;

enum marked_kind { MARKED_PIPELINE, MARKED_REPO, MARKED_PROJECT };

struct pachd_marked {
	enum marked_kind kind;
	struct pachd_target target; /* a project's name is in `project` */
	/* MARKED_PIPELINE, for reading: what runs; NULL, it is gone or not known: its repo is asked for */
	const struct deployed *live;
	struct mark mark; /* read, or to be written */
	bool is_unknown;  /* read: the server did not say */
};

/* Whether the release has a place for the marks of pipelines. */
bool pachd_keeps_marks(const struct pachd_facts *facts);

/*
 * Reads the mark of each; `list` has no target twice. A pipeline's own mark counts if it names the live version;
 * else that of its output repo does (2.10+), and where the repo has none, the pipeline's own, with the version that
 * it names. Repos are asked for only where that is needed, few one by one and many by one list. What does not exist
 * has no mark. -1: the channel's failures.
 */
int pachd_read_marks(
    struct pachd *p, struct pachd_marked *list, size_t count, struct err *err) NODISCARD;

/*
 * Writes the mark of each (2.10+; nothing before): a pipeline's to its output repo and, from 2.11, to itself.
 * MARKS_PER_CALL at a time are written all or none; the caller must be able to write each repo, projects need no
 * right. -1: the channel's failures, ERR_REFUSED.
 */
int pachd_write_marks(
    struct pachd *p, const struct pachd_marked *list, size_t count, struct err *err) NODISCARD;

enum { MARKS_PER_CALL = 250 };

#endif
