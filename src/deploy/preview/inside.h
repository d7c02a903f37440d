/* inside.h: what is in a preview's project, and whose each thing is. */
#ifndef DEPLOY_PREVIEW_INSIDE_H
#define DEPLOY_PREVIEW_INSIDE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "deploy/preview/label.h"
#include "pipeline/deployed.h"

struct pachd;
struct run;

/* A pipeline with its output repo, or a repo alone. */
struct inside_thing {
	struct str name;
	bool is_pipeline;
	bool is_tick; /* a pipeline's cron repo, which goes with it */
	struct deployed live;
	struct str description; /* of the repo */
	struct str maker;       /* where the server says it (2.11+, with authentication) */
	bool is_ours;
	bool is_read; /* a pipeline that is not ours reads it */
};

struct inside {
	struct str project;
	struct inside_thing
	    *list; /* pipelines first, readers before what they read; then the repos */
	size_t count, pipelines;
	size_t strange; /* how many are not ours */
};

/*
 * Reads it; `ours` is whose preview the project is. A pipeline is ours by its mark, a repo by its description or its mark,
 * and neither is where the server says that somebody else made it. In the run's arena. Failures as pachd_list().
 */
int inside_read(struct run *run, struct pachd *cluster, struct str project,
    const struct preview_label *ours, struct inside *out, struct err *err) NODISCARD;

/* "repo 'pr-7/notes', pipeline 'pr-7/theirs'": those that are not ours; in the run's arena. */
struct str inside_strangers(struct run *run, const struct inside *inside);

/* Whether the user has the rights for inside_delete(); without a login, or where the server does not say, it passes. -1 with
 * ERR_REFUSED that names all that the user may not delete; pachd_preflight()'s failures. */
int inside_check_rights(
    struct run *run, struct pachd *cluster, const struct inside *inside, struct err *err) NODISCARD;

/* Deletes what is ours and what nobody else reads: pipelines, then repos, never with force. Killed at any point, the next
 * run finds the rest. */
int inside_delete(
    struct run *run, struct pachd *cluster, struct inside *inside, struct err *err) NODISCARD;

#endif
