/* pull_request.h: the base commit of a pull request. */
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

struct pull_request_base {
	struct str
	    sha; /* empty: neither the checkout nor the event names it; it may be missing in the clone */
	bool is_parent; /* the checkout is the merge into the base, whose first parent this is */
};

/*
 * Finds the base commit: the first parent where the CI system has checked out the merge `head` of base and pull request, else
 * the base that the event names. `head` is that merge where its second parent is the event's head; where the event names no
 * head, any merge with `trusts_merge`, as whoever opens a pull request can commit merges. -1 with ERR_SYSTEM: the commit
 * cannot be read.
 */
int pull_request_find_base(struct arena *a, const struct event *event, struct repo *repo,
    struct str head, bool trusts_merge, struct pull_request_base *out, struct err *err) NODISCARD;

#endif
