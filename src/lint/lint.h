/*
 * lint.h: what a server of one release would refuse in a spec, or take and do something else with, beyond
 * names and types of fields. Rules: validatePipelineRequest, validatePipeline, validateInput and their
 * like of pachd 1.7 to 2.11, and what no server checks.
 */
#ifndef LINT_LINT_H
#define LINT_LINT_H

#include <stdint.h>

#include "base/base.h"
#include "base/diag.h"
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

/* Its parts beside names: the input tree; all that runs; what it asks for. */
void lint_inputs(const struct lint *l);
void lint_run(const struct lint *l);
void lint_resources(const struct lint *l);

/* The member where it is there and not null; NULL where `n` is NULL or no object. */
const struct node *lint_member(const struct node *n, const char *field);

/* The text of a member that is a string; else empty. */
struct str lint_text(const struct node *n, const char *field);

/* Whether a member is true; or a number other than 0. */
bool lint_is_true(const struct node *n, const char *field);

/* The whole number of a member, written as a number or as a string; 0 when it is none. */
int64_t lint_number(const struct node *n, const char *field);

/* Only letters, digits, '_' and '-', the first a letter or digit: pachd's names (ancestry). */
bool lint_is_name(struct str name);

#endif
