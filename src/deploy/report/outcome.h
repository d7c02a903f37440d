/* outcome.h: what a run has come to, and the words for it: the same in text, JSON and summary. */
#ifndef DEPLOY_REPORT_OUTCOME_H
#define DEPLOY_REPORT_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"
#include "deploy/gather/gather.h"
#include "pipeline/plan.h"
#include "pipeline/removal.h"

struct arena;
struct pachd_facts;

/* What a push or plan has come to. */
struct outcome {
	const struct work *work;
	const struct plan *plan;
	const struct pachd_facts *facts; /* NULL: no cluster */
	struct str transaction;
	size_t transactions;
	bool planned;          /* nothing was sent, on purpose */
	bool broken;           /* something was sent, and it did not end well */
	const struct err *why; /* the failure that it ended with, or NULL */
	size_t failed;         /* how many changes were not made, or do not run */
};

/* "create", "update", "start", "unchanged"; "push" where no cluster was asked. */
const char *step_label(const struct outcome *o, const struct step *step);

/* What has become of it: "planned", "unchanged", "pushed", "started", "failed" (not done), "unknown" (sent, and not
 * known), or the last state that the wait or the rollback has seen. */
const char *step_state(const struct outcome *o, const struct step *step);

/* "3 -> 4" with `arrow` between what ran and what was sent, "3" where it is one; empty: there is neither. In `a`. */
struct str step_versions(struct arena *a, const struct step *step, const char *arrow);

/* How many changes there are: made, or to be made. */
struct tally {
	size_t created, updated;
	size_t started;          /* again, and not sent */
	size_t stopped, deleted; /* pipelines that left git */
};

/* Their sum. */
size_t tally_sum(const struct tally *tally);

/* What has become of a pipeline that left git: "planned", "stopped", "deleted", "failed", "unknown"; "not done" where the run
 * ended before. */
const char *removal_state_word(const struct outcome *o, const struct removal *one);

/* After a failure only what the cluster is known to have taken, and what was not put back. */
struct tally outcome_tally(const struct outcome *o);

/* "1 created, 2 updated, 0 unchanged", in `a`. Each pipeline counts once: what was taken, what was put back, what was never
 * taken, and what stays. */
struct str outcome_counts(struct arena *a, const struct outcome *o);

/* "pachup push: 1 created, 2 updated, 0 unchanged", in `a`; "failed: " and how many failed where it did; each pipeline is
 * counted once. A push that only plans is a plan. `command` is the
 * word that was run. */
struct str outcome_title(struct arena *a, const struct outcome *o, const char *command);

#endif
