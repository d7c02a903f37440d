/*
 * unusable.h: what a search met and passed by because it cannot be read: links that lead nowhere, FIFOs, sockets,
 * directories without permission. Whoever searches reports how many and which.
 */
#ifndef FILES_UNUSABLE_H
#define FILES_UNUSABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/str.h"

struct arena;

struct unusable {
	const char *name, *why; /* why: "a dangling symbolic link" */
	bool is_denied;         /* there may be files behind it, but not for this user */
};

struct unusables {
	struct unusable *list;
	size_t count, room;
};

/* Adds one; `name` is copied into `a`, `why` borrowed. */
void unusable_add(struct unusables *all, struct arena *a, const char *name, const char *why);

/* The same for an entry that cannot be opened or followed; `cause` is the call's errno. */
void unusable_add_failed(struct unusables *all, struct arena *a, const char *name, int cause);

/* Adds all of `more`. */
void unusable_add_all(struct unusables *all, struct arena *a, const struct unusables *more);

/* "2 entries skipped: 'a.json' (a dangling symbolic link), 'p' (a FIFO or pipe)", by name and at most ten of them.
 * Empty when there are none. Sorts the list. The text lives in `a`. */
struct str unusable_text(const struct unusables *all, struct arena *a);

#endif
