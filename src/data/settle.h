/*
 * settle.h: moves files from a stage to their places in a tree, all of them or none. In the stage they have numbers for
 * names, so that neither writing nor removing them depends on how deep their paths are.
 */
#ifndef DATA_SETTLE_H
#define DATA_SETTLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct arena;

enum { SETTLE_NAME = 32 };

/* What has been done with one file, and so how it is undone. */
enum settle_state {
	SETTLE_STAGED,
	SETTLE_NEW,       /* nothing was there */
	SETTLE_EXCHANGED, /* the old file is in the stage, under the same number */
	SETTLE_ASIDE,     /* the old file is in the stage, under the number and ".old" */
};

struct settle_entry {
	struct str path; /* relative; ends with a NUL */
	size_t number;
	bool is_dir, was_there;
	enum settle_state state;
};

struct settling {
	struct arena *arena;
	const char *dest; /* for messages */
	int stage;        /* the directory with the files; borrowed */
	int stop_fd;      /* readable when the run shall end; -1: never */
	struct settle_entry *list;
	size_t count, room;
	struct settle_paths {
		struct str *list;
		size_t count, room;
	} made, left; /* directories that were made, in order; paths that could not be put back */
};

/* Adds a path; *i gets its number. -1: ERR_REFUSED above MAX_DATA_FILES; ERR_INTERRUPTED. */
int settle_add(
    struct settling *s, struct str path, bool is_dir, size_t *i, struct err *err) NODISCARD;

/* The name in the stage of file number `i`. */
void settle_name(size_t i, char out[SETTLE_NAME]);

/* Sorts the paths. -1 with ERR_REFUSED: two are the same, or a file is the directory of another. */
int settle_sort(struct settling *s, struct err *err) NODISCARD;

/*
 * Moves the files below the directory `root`, after settle_sort(). `is_new`: `root` is ours and empty. Else each place is
 * checked before the first is changed, and after a failure or an interruption all is put back; s->left has the paths that
 * could not be put back. -1 with ERR_SYSTEM or ERR_INTERRUPTED.
 */
int settle_into(struct settling *s, int root, bool is_new, struct err *err) NODISCARD;

#endif
