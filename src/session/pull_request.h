/* pull_request.h: the commit that a pull request goes to. */
#ifndef SESSION_PULL_REQUEST_H
#define SESSION_PULL_REQUEST_H

#include <stdbool.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct arena;
struct event;
struct repo;

/* What to do where a clone does not hold a commit that is needed. */
extern const char depth_hint[];

/* Where a pull request begins. */
struct pull_request_base {
	struct str
	    sha; /* empty: neither the checkout nor the event says it; the clone need not hold it */
	bool is_parent; /* the checkout is the merge into the base, whose first parent this is */
};

/*
 * Finds it: the first parent of the merge `head` that the CI system has checked out, else what the event says. A merge counts
 * where its second parent is the event's head; where the event names no head, only with `trusts_merge`: whoever opens a pull
 * request can commit a merge. -1 with ERR_SYSTEM: the commit cannot be read.
 */
int pull_request_find_base(struct arena *a, const struct event *event, struct repo *repo,
    struct str head, bool trusts_merge, struct pull_request_base *out, struct err *err) NODISCARD;

#endif
