/* push.h: one push or plan up to its first write: of a run, or of one of its targets. */
#ifndef DEPLOY_PUSH_H
#define DEPLOY_PUSH_H

#include <stdbool.h>

#include "base/base.h"
#include "base/err.h"
#include "deploy/gather/gather.h"
#include "deploy/plan/cluster_plan.h"
#include "deploy/plan/plan_file.h"
#include "deploy/plan/reprocess.h"
#include "deploy/report/outcome.h"

struct run;

/* Only `run` is set before push_prepare(); the rest is the walk's own until push_end(). */
struct push {
	struct run *run;
	struct plan_file file;
	struct reprocess reprocess;
	struct work work;
	struct cluster_plan p;
	struct outcome o; /* the plan, as reports take it */
	bool planning;    /* nothing is sent */
	bool is_offline;  /* the plan is made from the files alone */
	bool is_empty;    /* there is nothing to do; why has been said */
};

/* Checks the inputs and decides what the event allows. Asks nobody. -1: ERR_USAGE, ERR_REFUSED, ERR_SYSTEM. */
int push_prepare(struct push *push, struct err *err) NODISCARD;

/* Reads the specs, asks the cluster and decides, in push->work and push->p.plan: everything up to the first write. It ends with
 * push_end() also where it fails. -1: the failures of gather() and cluster_plan_make(). */
int push_plan(struct push *push, struct err *err) NODISCARD;

/* Shows the plan, compares it with the one of input `plan`, and writes the file of input `out`. Of a plan that asked no
 * cluster push_finish() does. -1: ERR_SUPERSEDED the cluster has moved; ERR_SYSTEM. */
int push_show(struct push *push, struct err *err) NODISCARD;

/* Sends the plan, or says what would have been done: an exit code, or -1 as deploy_plan(). */
int push_finish(struct push *push, struct err *err) NODISCARD;

void push_end(struct push *push);

#endif
