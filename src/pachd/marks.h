/*
 * marks.h: the marks (pipeline/mark.h) of pipelines, repos and projects on a cluster: read and written.
 *
 * A pipeline's mark is in the metadata of its output repo (2.10+), which updates and `keep_repo` leave alone, and for quick
 * reading also in its own metadata (2.11+), which an update takes away. EditMetadata is part of no transaction: a run may
 * be killed between a push and its marks, and the next one writes them. From 1.10 to 2.9 the mark is in the spec itself
 * (mark_put()), and is only read here; before 1.10 there is none. Source: src/server/metadata/metadata.go of pachd 2.10.0
 * and 2.11.6.
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
	/* MARKED_PIPELINE, for reading: what runs; NULL where nothing is known of it or it is gone, and its repo is asked */
	const struct deployed *live;
	struct mark mark; /* read, or to be written */
	bool is_unknown;  /* read: the server did not say */
};

/* Whether the release can hold marks of pipelines at all, in whatever place. */
bool pachd_keeps_marks(const struct pachd_facts *facts);

/*
 * Reads the mark of each, after pachd_probe(). What a pipeline carries itself counts if it is about the live version;
 * else its output repo is asked (2.10+), and where that has none, what the pipeline carries counts after all, with the
 * version that it is about. Asks nothing where `live` says enough, few repos one by one and many in one list. What is not
 * there has no mark. -1: the channel's failures.
 */
int pachd_read_marks(
    struct pachd *p, struct pachd_marked *list, size_t count, struct err *err) NODISCARD;

/*
 * Writes the mark of each (2.10+; nothing before): a pipeline's on its output repo and, from 2.11, on itself. All or
 * none of MARKS_PER_CALL at a time; needs the right to write each repo, of projects none. -1: the channel's failures,
 * ERR_REFUSED.
 */
int pachd_write_marks(
    struct pachd *p, const struct pachd_marked *list, size_t count, struct err *err) NODISCARD;

enum { MARKS_PER_CALL = 250 };

#endif
