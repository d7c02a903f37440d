/* search.h: the files below a directory that a glob, or the names of spec files, ask for. */
#ifndef FILES_SEARCH_H
#define FILES_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "files/unusable.h"

struct arena;

/* `at` is of the file that a link leads to, which lies within the fence. A caller that opens the file compares it. */
struct found {
	const char *name;
	struct stat at;
};

enum { SEARCH_PARTS = 63 }; /* of a glob, from the first that is a pattern */

/* Whether a directory search takes a file of this name (without directories). */
typedef bool (*search_name)(struct str name);

struct search {
	struct arena *a;
	search_name takes;
	const char *fence; /* as paths_expand() has it */
	struct err *err;
	/* search_directory() also takes names that begin with '.'; a link to a directory is a failure */
	bool is_whole;
	size_t max;         /* files; 0: MAX_SPEC_FILES */
	struct found *list; /* the result, unsorted: names of directory and file */
	size_t count, room;
	size_t others; /* files that search_directory() passed by because of their names */
	struct unusables unusable; /* what matched, or had to be entered, but cannot be read */
	size_t prefix; /* the length of "dir/", which names of search_directory() begin with */

	struct str parts[SEARCH_PARTS]; /* of the glob; none while a directory is searched */
	size_t part_count;
};

/* Finds the files below `name`, at any depth, whose names `takes` accepts. Names that begin with '.' are not
 * looked at, and symbolic links to directories are not followed. Directories are walked by their descriptors, each
 * in the order of its names, so that a directory that is swapped for a link meanwhile is refused. What cannot be
 * read is noted in s->unusable. -1 with ERR_SYSTEM as in paths_expand(). */
int search_directory(struct search *s, const char *name) NODISCARD;

/* The files that match; none is not a failure here. "**" follows no symbolic link. */
int search_glob(struct search *s, const char *glob) NODISCARD;

/* Notes that there are more than `max` files; always -1. */
int search_too_many(size_t max, struct err *err);

#endif
