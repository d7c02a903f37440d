/* feed.h: local files as the steps of a put, read piece by piece. */
#ifndef DATA_FEED_H
#define DATA_FEED_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "data/local.h"
#include "data/split.h"
#include "pachd/pfs/pfs.h"

struct arena;
struct feed;

struct feed_opts {
	const struct local_file **files; /* what is sent, in order */
	size_t count;
	const struct str *deletes; /* what is deleted first */
	size_t delete_count;
	bool appends;
	enum pfs_split split;
	bool splits_here;       /* the pieces are made here (2.x), not by the server */
	const uint64_t *firsts; /* the number of each file's first piece; NULL: 0 for all */

	/* called after each read, with its bytes and how many files are begun; NULL: not at all */
	void (*on_read)(void *ctx, uint64_t bytes, size_t files);
	void *ctx;
};

/* Owned: end it with feed_free(); NULL with ERR_SYSTEM: no memory. */
struct feed *feed_new(const struct feed_opts *opts, struct err *err) NODISCARD;
void feed_free(struct feed *f);

/* pfs_steps.next() for a `struct feed *`: 1 with the next step, 0 at the end. -1 with ERR_SYSTEM: a file cannot be read or has
 * changed; ERR_SPEC: a file is not JSON, with the byte where. */
int feed_next(void *feed, struct pfs_step *step, struct err *err);

#endif
