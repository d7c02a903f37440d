/* pushed.h: from which commit pipelines were pushed, how far that is behind HEAD, and whose they are. */
#ifndef DEPLOY_GATHER_PUSHED_H
#define DEPLOY_GATHER_PUSHED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "pachd/pachd.h"
#include "pipeline/mark.h"

struct deployed;
struct pachd;
struct run;

struct pushed {
	struct pachd_target target;  /* by the caller, as is the next one */
	const struct deployed *live; /* what runs */
	struct mark mark;            /* who pushed it last; not set: unknown */
	struct str
	    commit; /* of git, of what runs; empty: unknown, or what runs is not what was pushed */
	bool is_counted; /* the commit is in this clone: */
	size_t behind;   /* how many commits HEAD has that it does not have */
	bool is_aside;   /* it has some that HEAD does not have */
};

/* Fills in all of them, the texts in the run's arena. Without a clone, or where it does not hold a commit, nothing is
 * counted. Failures as pachd_read_marks(). */
int pushed_read(struct run *run, struct pachd *cluster, struct pushed *list, size_t count,
    struct err *err) NODISCARD;

/* "0123456", "0123456 (3 behind)", "0123456 (not in HEAD)"; "-" where it is unknown. In `a`. */
struct str pushed_text(struct arena *a, const struct pushed *one);

#endif
