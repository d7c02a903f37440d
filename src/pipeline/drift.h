/* drift.h: which side of a pipeline changed since the last push, git or the cluster. Pure. */
#ifndef PIPELINE_DRIFT_H
#define PIPELINE_DRIFT_H

#include <stdbool.h>
#include <stdint.h>

enum drift {
	DRIFT_SAME,       /* the cluster runs what git says */
	DRIFT_NOT_PUSHED, /* only git changed since the last push */
	DRIFT_EDITED,     /* only the cluster changed */
	DRIFT_BOTH,       /* both changed */
	DRIFT_DIFFERS,    /* they differ; which one changed is unknown */
	DRIFT_NOT_OURS,   /* another repository or target pushed it last */
	DRIFT_MISSING,    /* git has it, the cluster does not */
	DRIFT_LEFT,       /* the cluster runs what we pushed, git does not have it any more */
	DRIFT_STOPPED,    /* the same, but it is stopped, as the target wants it */
	DRIFT_COUNT,
};

/* What is known of one pipeline, of which git or the cluster has a spec. */
struct drift_facts {
	bool in_git, in_cluster;
	bool is_same;      /* an update with git's spec would change nothing */
	bool is_marked;    /* who pushed it last is known */
	bool is_ours;      /* and it was this repository and target */
	bool awaits_start; /* a push would only start it */
	bool is_as_pushed; /* git's spec is the one that was pushed last */
	bool is_retired;   /* it is stopped, which is all that input `prune` does */
	uint64_t live_version, pushed_version; /* what runs; what the last push became */
};

/*
 * Git changed if its spec is not the one that was pushed last, the cluster if what runs is not the version that
 * the push became. Where neither changed and they differ nevertheless, it is unknown why: the server or its
 * defaults may have changed.
 */
enum drift drift_judge(const struct drift_facts *f);

/* Whether git and the cluster differ. */
bool drift_is_change(enum drift drift);

/* "in sync", "not pushed yet", "edited in the cluster", ... */
const char *drift_text(enum drift drift);

/* The same as a word for programs: "in_sync", "not_pushed", ... */
const char *drift_word(enum drift drift);

#endif
