/* shared.h: changes that many pipelines of a plan share, which are shown once instead of for each of them. */
#ifndef DEPLOY_REPORT_SHARED_H
#define DEPLOY_REPORT_SHARED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/str.h"
#include "pipeline/diff_groups.h"
#include "pipeline/plan.h"

struct arena;

struct shared {
	const struct plan *plan;
	const struct diff_group *list; /* the most shared ones first */
	size_t count;
	struct str *titles; /* of the steps */
};

/* What at least three updates have in common; of an image nothing, which each pipeline's own line shows. */
struct shared shared_make(struct arena *a, const struct plan *plan);

/* Whether the difference is one of them. */
bool shared_has(const struct shared *s, const struct difference *one);

/* "adds env PROD=true to 16 pipelines: a, b, c, ... (env/prod.yaml:3)", with the titles of `most` pipelines. In `a`. */
struct str shared_text(struct arena *a, const struct shared *s, size_t i, size_t most);

#endif
