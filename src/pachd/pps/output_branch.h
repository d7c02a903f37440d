/*
 * output_branch.h: whether a pipeline's output branch has provenance, without which the pipeline never runs.
 *
 * Below 1.12 CreatePipeline is several writes on the server: it takes the provenance off the output branch, stores
 * the spec, and gives the branch its provenance again. When the connection ends or the server refuses in between, the
 * spec is the new one and the pipeline never runs. Source: what pachd 1.8.8 was seen to do.
 */
#ifndef PACHD_PPS_OUTPUT_BRANCH_H
#define PACHD_PPS_OUTPUT_BRANCH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "pachd/pachd.h"

struct pachd_output {
	struct pachd_target target;  /* by the caller */
	const struct deployed *live; /* by the caller: what runs */
	bool is_cut;                 /* its output branch does not exist, or has no provenance */
};

/* Sets is_cut of each, in one flight. Asks nothing from 1.12 on, and for pipelines that are stopped or have no
 * input; where the server refuses to answer, is_cut stays false. -1: the channel's failures. */
int pachd_check_outputs(
    struct pachd *p, struct pachd_output *list, size_t count, struct err *err) NODISCARD;

/* Why a pipeline with such a branch counts as different. */
#define OUTPUT_IS_CUT "its output branch has no provenance: an earlier update was cut off"

#endif
