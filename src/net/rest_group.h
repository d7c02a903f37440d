/* rest_group.h: several REST requests at once, over shared connections. */
#ifndef NET_REST_GROUP_H
#define NET_REST_GROUP_H

#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "net/rest.h"

struct rest_group;

/* Owned: end it with rest_group_free() behind the last rest_close() of those that use it; NULL is fine. NULL: no memory. */
struct rest_group *rest_group_new(struct err *err) NODISCARD;
void rest_group_free(struct rest_group *g);

/* libcurl's handle, for net/ only. */
void *rest_group_multi(struct rest_group *g);

/* One request and what came of it. */
struct rest_turn {
	struct rest *rest; /* of the group; in one turn only */
	struct rest_request request;
	struct rest_reply reply; /* where rc is 0; lives until the next request of `rest` */
	int rc;                  /* 0, or -1 with `err`, as of rest_send() */
	struct err err;
};

/*
 * Sends each request once, `most` of them at a time, in their order, and waits for all. What came of each is in its
 * turn. `deadline_ms` and `stop_fd` are those of the rests; a turn that has not begun then fails with the same.
 */
void rest_group_send(struct rest_group *g, struct rest_turn *turns, size_t count, size_t most);

#endif
