/*
 * output_branch.h: whether a pipeline's output branch takes what its inputs bring.
 *
 * Below 1.12 CreatePipeline is several writes on the server: it takes the provenance off the output branch, stores
 * the spec, and gives the branch its provenance again. When the caller goes or the server refuses in
 * between, the spec is the new one and the pipeline never runs. Source: what pachd 1.8.8 was seen to do.
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
	bool is_cut; /* its output branch is not there, or takes nothing from its inputs */
};

/* Asks for the output branches of the pipelines that run, all in one flight; from 1.12 on, and of pipelines
 * that are stopped or read nothing, nothing is asked. What the server does not tell counts as whole. -1: the channel's
 * failures. */
int pachd_check_outputs(
    struct pachd *p, struct pachd_output *list, size_t count, struct err *err) NODISCARD;

/* Why a pipeline with such a branch counts as different. */
#define OUTPUT_IS_CUT "its output branch has no provenance: an earlier update was cut off"

#endif
