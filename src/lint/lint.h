/*
 * lint.h: what a server of one release would refuse in a spec, or take and do something else with, beyond
 * names and types of fields. Rules: validatePipelineRequest, validatePipeline, validateInput and their
 * like of pachd 1.7 to 2.11, and what no server checks.
 */
#ifndef LINT_LINT_H
#define LINT_LINT_H

#include <stdint.h>

#include "base/base.h"
#include "diag/diag.h"
#include "format/doc.h"

struct arena;

struct lint {
	struct arena *arena;
	struct diags *diags; /* where mistakes go */
	const char *file;
	const struct node *spec; /* the rendered document */
	uint32_t version;        /* the release that it is for */
};

/* All of it. */
void lint_spec(const struct lint *l);

#endif
