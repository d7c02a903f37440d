/* pruning.h: what the files about input prune share: what is known so far, and the words for what is kept. */
#ifndef DEPLOY_PLAN_PRUNING_H
#define DEPLOY_PLAN_PRUNING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "deploy/gather/gather.h"
#include "deploy/gather/left.h"
#include "deploy/plan/others.h"
#include "pachd/list.h"
#include "pipeline/mark.h"
#include "pipeline/plan.h"
#include "pipeline/removal.h"

struct pachd;
struct run;

/* A pipeline of the cluster that the target no longer has, and whose mark is this target's. */
struct leaving {
	const struct pachd_listed *listed;
	struct mark mark;
	struct left left;
	struct str author;
	size_t spec; /* its place in pruning.specs */
	bool is_taken;
};

struct pruning {
	struct run *run;
	struct pachd *cluster;
	const struct work *work;
	struct plan *plan;
	struct mark owner;
	enum removal_kind kind;
	struct other *others; /* what the cluster has and the files do not have */
	size_t other_count;
	struct leaving *list;
	size_t count;
	/* all pipelines as they will be: those of the files, then those of the cluster that the files do not have */
	struct specs specs;
	bool *gone, *rest;
	struct err *err;
};

/* Puts into p->err why the history does not allow to prune; -1 then. */
int prune_refuse_history(const struct pruning *p, const struct left_commits *commits) NODISCARD;

/* Warns that a pipeline is kept although its mark is ours, and why. */
void prune_say_kept(
    const struct pruning *p, const struct leaving *one, enum removal_verdict verdict);

/* Warns that the pipeline `read` of p->specs is kept, as `reader` reads it; with its place where that is in the files. */
void prune_say_reader(const struct pruning *p, size_t read, size_t reader);

#endif
