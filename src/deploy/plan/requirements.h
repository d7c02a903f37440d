/*
 * requirements.h: what pipelines need around them on the cluster, and what of it is missing: found before anything
 * is sent, each with its place.
 */
#ifndef DEPLOY_PLAN_REQUIREMENTS_H
#define DEPLOY_PLAN_REQUIREMENTS_H

#include "base/base.h"
#include "deploy/gather/gather.h"
#include "pachd/pachd.h"

/* What else is known of a repo. */
struct need {
	bool is_made;    /* by one of the pipelines themselves */
	bool is_planned; /* it will be created */
};

struct needs {
	struct pachd_around around; /* for pachd_look_around(): each thing once, sorted */
	struct need *marks;         /* of around.repos */
};

/* All repos that the specs make and read, their projects, and the secrets they name. In the run's arena. */
struct needs needs_of(struct run *run, const struct work *work);

/* What was learned of one thing; NULL when it was not asked for. */
const struct pachd_repo *needs_repo(const struct needs *n, struct str project, struct str name);
const struct pachd_secret *needs_secret(const struct needs *n, struct str name);
const struct pachd_project *needs_project(const struct needs *n, struct str name);

/* The mark of a repo of n->around. */
struct need *needs_mark(const struct needs *n, const struct pachd_repo *repo);

#endif
