/* inside.h: what the files of this room share. */
#ifndef GIT_INSIDE_H
#define GIT_INSIDE_H

#include <git2.h>
#include <stdbool.h>

#include "base/str.h"

struct arena;

struct reader {
	git_repository *git;
	char *path; /* as the caller named it, for messages */
};

struct reader_since {
	git_repository *git;
	git_tree *tree;
	char *root; /* the work tree, links resolved, without a '/' at its end; NULL: bare */
};

/* The part of `real` below the work tree ("" for its root), or NULL. */
const char *since_below_root(const struct reader_since *s, const char *real);

/* libgit2's reason for its last failure; never NULL, so that a message can hold it. */
const char *git2_reason(void);

/* The name of an object from its 40 digits; false for any other text. */
bool oid_read(struct str digits, git_oid *id);

/* The commit of this name, the caller's to free; NULL: there is no such commit. */
git_commit *reader_commit(struct reader *r, struct str sha);

/* The blob's bytes, in `a`; false: NULL, or more than `max`. */
bool blob_read(struct arena *a, const git_blob *blob, size_t max, struct str *bytes);

/* The digits of an object's name, in `a`. */
struct str oid_text(struct arena *a, const git_oid *id);

#endif
