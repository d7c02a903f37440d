/*
 * permissions.h: which rights sending a pipeline takes, and whether the token's user has them. The rules are pachd's:
 * authorizePipelineOp reads the inputs, notes the pipeline as their reader, and writes the output repo.
 */
#ifndef DEPLOY_PLAN_PERMISSIONS_H
#define DEPLOY_PLAN_PERMISSIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/str.h"
#include "deploy/plan/requirements.h"
#include "diag/diag.h"
#include "pachd/grant.h"

struct arena;

/* A role that is needed on a repo or, where there is no repo, on a project. */
struct right {
	struct span at;         /* what in the spec needs it */
	struct pachd_role role; /* the smallest stock one */
	struct str
	    may; /* "read from repo 'images'": the first thing that the user may not do, or the main one */
	bool reported; /* the server has said; else nothing is known */
	bool held;
};

struct rights {
	struct right *list;
	size_t count;
};

/* What the pipeline takes, as it is created or updated; in `a`. Repos that are not there yet, or that the
 * cluster says nothing of, take nothing. */
struct rights rights_of(struct arena *a, const struct requirements *needs,
    const struct pachd_facts *facts, const struct spec *spec, bool is_new);

/* The right to create `what` ("a repo") in a project. */
struct right right_in_project(struct arena *a, const struct requirements *needs, struct span at,
    struct str project, const char *what);

#endif
