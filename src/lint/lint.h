/*
 * lint.h: mistakes in a spec beyond names and types of fields, that a server of one release refuses, or accepts and
 * then does something else. Rules: validatePipelineRequest, validatePipeline, validateInput and similar functions
 * of pachd 1.7 to 2.11, and rules that no server checks.
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

/* Adds the mistakes to l->diags. */
void lint_spec(const struct lint *l);

#endif
