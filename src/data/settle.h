/*
 * settle.h: files of a stage moved to their places in a tree, all of them or none. They lie flat in the stage, under
 * numbers, so that neither writing nor removing them depends on how deep their paths are.
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

/* What has been done for one of them, and so how it is undone. */
enum settle_state {
	SETTLE_STAGED,
	SETTLE_NEW,       /* nothing was there */
	SETTLE_EXCHANGED, /* what was there is in the stage, under the same number */
	SETTLE_ASIDE,     /* the same under its number and ".old" */
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
	struct str *made; /* directories that were made, in that order */
	size_t made_count, made_room;
	struct str *left; /* paths that could not be put back */
	size_t left_count, left_room;
};

/* Adds a path; *i is its number. -1 with ERR_REFUSED above MAX_DATA_FILES; ERR_INTERRUPTED. */
int settle_add(
    struct settling *s, struct str path, bool is_dir, size_t *i, struct err *err) NODISCARD;

/* The name in the stage of a number. */
void settle_name(size_t i, char out[SETTLE_NAME]);

/* Puts the paths in order. -1 with ERR_REFUSED where two are the same, or a file is the directory of another. */
int settle_sort(struct settling *s, struct err *err) NODISCARD;

/*
 * Moves the files below the directory `root`, after settle_sort(). `is_new`: it is ours and empty. Else each place is
 * looked at before the first is changed, and after a failure or an interruption all is put back; s->left has what could not
 * be. -1 with ERR_SYSTEM or ERR_INTERRUPTED.
 */
int settle_into(struct settling *s, int root, bool is_new, struct err *err) NODISCARD;

#endif
