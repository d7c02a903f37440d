/* requirements.h: what pipelines need around them on the cluster: repos, projects, secrets. */
#ifndef DEPLOY_PLAN_REQUIREMENTS_H
#define DEPLOY_PLAN_REQUIREMENTS_H

#include "base/base.h"
#include "deploy/gather/gather.h"
#include "pachd/pachd.h"
#include "pachd/preflight.h"

/* What else is known of a repo. */
struct requirement {
	bool is_made;    /* by one of the pipelines themselves */
	bool is_planned; /* it will be created */
};

struct requirements {
	struct pachd_preflight preflight; /* for pachd_preflight(): each thing once, sorted */
	struct requirement *marks;        /* of preflight.repos */
	bool clears;                      /* and empties it before */
	struct str made_project;          /* a project that this run makes; empty: none */
};

/*
 * What there is to ask for beside pipelines, in the run's arena. Without a plan all repos that the specs make and
 * read, their projects, and the secrets they name. With a plan, made after pachd_probe(), only where the answer can
 * matter: the inputs and secrets of what changes, the repos of new pipelines' names, and with a login, for the
 * rights, the repos that what changes reads and writes.
 */
struct requirements requirements_of(
    struct run *run, const struct work *work, const struct plan *plan, const struct pachd *cluster);

/* What was learned of one thing; NULL when it was not asked for. */
const struct pachd_repo *requirements_repo(
    const struct requirements *n, struct str project, struct str name);
const struct pachd_secret *requirements_secret(const struct requirements *n, struct str name);
const struct pachd_project *requirements_project(const struct requirements *n, struct str name);

/* The mark of a repo of n->preflight. */
struct requirement *requirements_entry(const struct requirements *n, const struct pachd_repo *repo);

#endif
