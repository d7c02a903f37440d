/* inside.h: what the files of this room share. */
#ifndef GIT_INSIDE_H
#define GIT_INSIDE_H

#include <git2.h>

#include "base/str.h"

struct arena;

struct reader {
	git_repository *git;
	char *path; /* as the caller named it, for messages */
};

/* libgit2's reason for its last failure; never NULL, so that a message can hold it. */
const char *git2_reason(void);

/* The digits of an object's name, in `a`. */
struct str oid_text(struct arena *a, const git_oid *id);

#endif
