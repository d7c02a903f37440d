/* since.h: which files of the work tree differ from what a commit held. */
#ifndef GIT_SINCE_H
#define GIT_SINCE_H

#include <stdbool.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "git/repo.h"

struct arena;
struct since;

/* Whether this clone holds the commit `sha`, 40 digits. */
bool repo_has_commit(struct repo *r, struct str sha);

/* Whether the clone was cut off: commits may have parents that it does not hold. */
bool repo_is_shallow(struct repo *r);

/* The best common ancestor of two commits, 40 digits each, which the clone holds; `*base` is empty when
 * it knows of none. -1 with ERR_SYSTEM: the history cannot be read. */
int repo_merge_base(struct repo *r, struct arena *a, struct str one, struct str other,
    struct str *base, struct err *err) NODISCARD;

/* The first two parents of a commit that the clone holds (it need not hold the parents); *count: how many the
 * commit has. -1 with ERR_SYSTEM: the commit cannot be read. */
int repo_parents(struct repo *r, struct arena *a, struct str sha, struct str parents[2],
    size_t *count, struct err *err) NODISCARD;

/* The tag that comes before `tag` in version order (v9 before v10) among those that begin with the same
 * letters, and its commit; both empty when there is none. -1 with ERR_SYSTEM: the tags cannot be read. */
int repo_tag_before(struct repo *r, struct arena *a, struct str tag, struct str *name,
    struct str *sha, struct err *err) NODISCARD;

/* Opens the commit `sha`, 40 digits, for comparing; a repository has one open commit at a time. Owned: end it with
 * since_close(), before repo_close(); NULL is fine. NULL with ERR_SYSTEM: it cannot be read. */
struct since *since_open(struct repo *r, struct str sha, struct err *err) NODISCARD;
void since_close(struct since *s);

/*
 * Whether the contents of the file at `path` (relative to the working directory, links followed), as git would
 * store them, differ from what the commit held under its name. A file that the commit did not hold under this
 * name, as after a move, or that lies outside of the work tree, counts as changed. -1 with ERR_SYSTEM: the file or
 * the commit cannot be read.
 */
int since_changed(struct since *s, const char *path, bool *changed, struct err *err) NODISCARD;

/* The name that `path`, which need not exist, has in commits: relative to the work tree, in `a`; "" for the work tree
 * itself. *is_inside is false where it lies outside of it. -1 with ERR_SYSTEM: the reader does not answer. */
int since_name(struct since *s, struct arena *a, const char *path, struct str *name,
    bool *is_inside, struct err *err) NODISCARD;

/* What the commit held under `name`, in `a`; *is_held is false where that was not a file, or one of more than
 * MAX_SPEC_BYTES. -1 with ERR_SYSTEM: it cannot be read. */
int since_read(struct since *s, struct arena *a, struct str name, struct str *text, bool *is_held,
    struct err *err) NODISCARD;

/* The names of the files that the commit held and the work tree does not hold, without those that a sparse
 * checkout leaves out: each followed by a NUL, in `a`, at most 4 MiB of them. -1 with ERR_SYSTEM. */
int since_gone(struct since *s, struct arena *a, struct str *names, struct err *err) NODISCARD;

/* A file of a commit. */
struct since_file {
	struct str name; /* relative to the work tree */
	struct str id;   /* of its contents, 40 digits */
};

struct since_files {
	struct since_file *list;
	size_t count, room;
};

/* Adds the files that the commit held at `path`: all below a directory ("": all), or the one of that name. Links and
 * submodules do not count. In `a`. -1 with ERR_SYSTEM: they cannot be read, or are more than MAX_TREE_FILES. */
int since_files(struct since *s, struct arena *a, struct str path, struct since_files *out,
    struct err *err) NODISCARD;

/* What such a file holds, as since_read(), without looking for its name again. */
int since_blob(struct since *s, struct arena *a, const struct since_file *file, struct str *text,
    bool *is_held, struct err *err) NODISCARD;

#endif
