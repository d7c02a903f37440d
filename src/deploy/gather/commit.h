/* commit.h: the commit that the run is about. */
#ifndef DEPLOY_GATHER_COMMIT_H
#define DEPLOY_GATHER_COMMIT_H

#include <stdbool.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct run;

struct commit {
	struct str
	    sha; /* what {sha} means: 40 or 64 digits, or empty when none is known; where the commit was made by
	                   write-back, the one before it */
	struct str
	    source; /* where the specs come from: sha, but HEAD where the checkout is at another one than the event's */
	struct str branch, ref;
	struct str repository; /* as CI names it, else the URL of the git remote; may be empty */
};

/* Finds the commit, says in the log which one was taken and why, and warns where the checkout is at another one than the
 * CI event's. A missing repository is a failure only
 * when `needed`. */
int commit_find(struct run *run, bool needed, struct commit *out, struct err *err) NODISCARD;

#endif
