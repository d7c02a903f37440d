/*
 * paths.h: which files the user means (the PATH rules of the contract).
 *
 * A PATH is taken literally when something of that name exists, else it is read as a glob
 * (files/glob.h), which matches files only. A directory is searched, at any depth, for what
 * its names say; names that begin with '.' are not searched, and no symbolic link to a directory
 * is followed there or by "**". "-" is standard input. Results are sorted bytewise within each PATH;
 * a file that several PATHs name (or hard and symbolic links to it) is listed once, at its first
 * place, as PATH_NAMED when any PATH named it. Found names lose a leading "./".
 */
#ifndef FILES_PATHS_H
#define FILES_PATHS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "files/glob.h"
#include "files/unusable.h"

struct arena;

enum path_origin {
	PATH_NAMED, /* the user wrote this very name (or "-"): it must be a spec */
	PATH_FOUND, /* found by a glob or in a directory: anything else is skipped there */
};

struct path {
	const char *name; /* as messages show it: relative when the PATH was relative */
	enum path_origin origin;
	bool is_stdin;
};

struct path_list {
	struct path *list;
	size_t count, room;
	size_t others; /* files that a directory search passed by because of their names */
	struct unusables unusable; /* what directories and globs hold that cannot be read */
};

/* Whether a directory search passes the path by, which is relative to the directory: a part of it begins with '.'. */
bool path_is_hidden(struct str below);

/* The names that a directory is searched for: *.json, *.yaml, *.yml. */
bool path_is_spec(struct str name);

/*
 * Appends the files that `patterns[0..count)` mean to `out`; directories are searched for the names that `takes`
 * accepts. `fence` is the directory that every file must lie in once all symbolic links are resolved (the CI
 * workspace); NULL: none. Everything lives in `a`. -1: ERR_SYSTEM a PATH does not exist, lies outside the fence,
 * is not a regular file or cannot be read, or a glob matches nothing; ERR_USAGE an empty PATH, or "-" twice.
 * Limits: MAX_SPEC_FILES, MAX_DIR_DEPTH, where loops of directories end at the latest.
 */
int paths_expand(struct arena *a, const char *const *patterns, size_t count, const char *fence,
    bool (*takes)(struct str name), struct path_list *out, struct err *err) NODISCARD;

#endif
