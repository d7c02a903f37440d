/* rest_group.h: several REST requests at once, over shared connections. */
#ifndef NET_REST_GROUP_H
#define NET_REST_GROUP_H

#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "net/rest.h"

struct rest_group;

/* Owned: end it with rest_group_free(), which takes NULL, after the last rest_close() of those that
 * use it. NULL: ERR_SYSTEM no memory. */
struct rest_group *rest_group_new(struct err *err) NODISCARD;
void rest_group_free(struct rest_group *g);

/* The group's CURLM, for net/ only. */
void *rest_group_multi(struct rest_group *g);

/* One request and its result. */
struct rest_turn {
	struct rest *rest; /* of the group; no two turns have the same */
	struct rest_request request;
	struct rest_reply reply; /* set where rc is 0; lives until the next request of `rest` */
	int rc;                  /* as rest_send() returns it; -1 with `err` */
	struct err err;
};

/*
 * Sends each request once, at most `most` and 16 at a time, in their order, and waits for all. Each
 * turn gets its own result. `deadline_ms`, `stop_fd` and `watch` are those of the first turn; at
 * their end all turns that are left fail with ERR_TIMEOUT or ERR_INTERRUPTED.
 */
void rest_group_send(struct rest_group *g, struct rest_turn *turns, size_t count, size_t most);

#endif
