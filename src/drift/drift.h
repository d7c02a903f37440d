/* drift.h: where git and the cluster differ, and which of them moved. Nothing is written to the cluster. */
#ifndef DRIFT_DRIFT_H
#define DRIFT_DRIFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "deploy/plan/cluster_plan.h"
#include "pipeline/drift.h"

struct pachd;
struct run;

/* One pipeline of git, of the cluster, or of both. */
struct drift_row {
	struct str project, name;
	struct str title;            /* "edges", "vision/edges" */
	const struct step *step;     /* how git's spec compares; NULL: git has none */
	const struct deployed *live; /* never NULL */
	struct mark mark;            /* who pushed it last, and what */
	enum drift state;
	struct str
	    by; /* who made the live version, where only the cluster moved or both did; may be empty */
	int64_t since_s; /* and when; 0: the server does not say */
	bool is_failed;  /* it does not run; live->reason may say why */
	struct str
	    *stale; /* fields whose defaults in the cluster have changed since it was sent (2.8+) */
	size_t stale_count;
};

/* Of one target, or of the specs that the run names. */
struct drift_report {
	struct run *run; /* whose; with several targets each has its own */
	struct work work;
	struct cluster_plan compared;
	struct drift_row *list; /* in sending order, then what left git */
	size_t count, room;
	size_t counts[DRIFT_COUNT];
	bool has_marks; /* the release can say who pushed what */
	bool has_owner; /* and this run knows its repository and commit */
	bool
	    is_whole; /* the run is for the whole target, so pipelines that left git were looked for */
};

/* Reads the specs, asks the cluster, judges. All in the run's arena. Failures as gather() and cluster_plan_compare(). */
int drift_find(struct drift_report *d, struct err *err) NODISCARD;

/* How many pipelines are as git and the target want them. */
size_t drift_in_sync(const struct drift_report *d);

/* Whether all of them are. */
bool drift_is_none(const struct drift_report *d);

/* "drift: 2 of 700 pipelines: 1 edited in the cluster, 1 not pushed yet". In the run's arena. */
struct str drift_title(const struct drift_report *d);

/* show.c: a line for each pipeline and the title to standard output; notes about what could not be judged; all reports as
 * one JSON document, -1 with ERR_SYSTEM: it is too large. */
void drift_print(const struct drift_report *d);
void drift_note(const struct drift_report *d);
int drift_json(
    struct run *run, const struct drift_report *list, size_t count, struct err *err) NODISCARD;

/* The reports' pipelines alone: a list, or with several targets an object of such lists. In the first report's arena. */
struct str drift_rows_json(const struct drift_report *list, size_t count);

/* markdown.c: the reports for the page of the run and for an issue. In the run's arena. */
struct str drift_markdown(struct run *run, const struct drift_report *list, size_t count);

#endif
