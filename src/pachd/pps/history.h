/* history.h: earlier versions of pipelines, and the specs that they were made of. */
#ifndef PACHD_PPS_HISTORY_H
#define PACHD_PPS_HISTORY_H

#include <stddef.h>
#include <stdint.h>

#include "base/base.h"
#include "base/err.h"
#include "pachd/pachd.h"
#include "pipeline/deployed.h"

struct ProtobufCMessage;
struct node;

/* One earlier version of a pipeline. */
struct pachd_version {
	struct pachd_target target;
	uint64_t wanted;       /* this version; 0: all are read */
	struct deployed found; /* the wanted version; not `exists` where there is none */
	struct deployed *all;  /* where all are read: each once, in no particular order */
	size_t count, room;
};

/* Looks for earlier versions: from 1.9 all in one flight, in 1.8 pipeline by pipeline; 1.7 returns none. Failures as
 * pachd_probe(). */
int pachd_history(
    struct pachd *p, struct pachd_version *list, size_t count, struct err *err) NODISCARD;

/* Takes a PipelineInfo that was read; false: no more are wanted. */
typedef bool history_taking(void *ctx, const struct ProtobufCMessage *info);

/* 1.8, where ListPipeline has no history: passes on what ran before the pipeline's live version, the latest first;
 * each stop, start and update counts as one, at most 1023 in all. They live in `a`. Failures as pachd_probe(). */
int pachd_walk_back(struct pachd *p, struct arena *a, const struct pachd_target *target,
    history_taking *take, void *ctx, struct err *err) NODISCARD;

/* The spec that a version was made of, as a document to push again: as it was submitted where the server stores
 * that (2.8+), else from the stored request, without the fields that the server added. NULL with ERR_REFUSED when
 * it cannot be read. */
struct node *pachd_stored_spec(const struct pachd *p, const struct deployed *live, struct err *err);

#endif
