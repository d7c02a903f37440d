/* local.h: the local files that a put sends, and their paths in the repo. */
#ifndef DATA_LOCAL_H
#define DATA_LOCAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "files/unusable.h"

struct arena;
struct place;

struct local_file {
	const char *file;  /* as messages show it */
	const char *fence; /* the directory that it must lie in when it is opened; NULL: anywhere */
	struct str path;   /* where it goes: "/dir/name" */
	uint64_t size;
	dev_t dev; /* dev, ino and time tell whether it is still the same when it is sent */
	ino_t ino;
	struct timespec time;
};

struct local_files {
	struct local_file *list; /* by path */
	size_t count, room;
	uint64_t bytes; /* of all */
	struct unusables
	    unusable; /* links that lead nowhere, FIFOs and the like within directories */
};

/*
 * Finds the files that `patterns` mean: a file, a directory with all below it, or a glob where nothing has
 * that name. A file goes into the place's directory under its own name; so does a directory, but of one that
 * is written with a '/' at its end only the content. Where the place's path has no '/' at its end, it is the path of
 * the one file or directory.
 * Entries of directories that hold no data (a dangling link, a FIFO) are noted in out->unusable.
 * -1 with ERR_SYSTEM: nothing there, not readable, outside `fence` (NULL: anywhere), a symbolic link to a
 * directory within a directory, a named file that is not regular; ERR_USAGE: two files for one path, a path that
 * pachd would refuse, several sources for a path that names one; ERR_SYSTEM also above MAX_DATA_FILES.
 */
int local_find(struct arena *a, const char *const *patterns, size_t count, const char *fence,
    const struct place *to, struct local_files *out, struct err *err) NODISCARD;

/* Adds all of `more`. -1 with ERR_USAGE two files for one path, ERR_SYSTEM above MAX_DATA_FILES. */
int local_join(struct arena *a, struct local_files *into, const struct local_files *more,
    struct err *err) NODISCARD;

/* The one that goes to `path`, or NULL. */
const struct local_file *local_named(const struct local_files *found, struct str path);

/* Opens it for reading: a descriptor, or -1 with ERR_SYSTEM when it is not what was found any more. */
int local_open(const struct local_file *s, struct err *err) NODISCARD;

/* Checks a file at its end, of which `read_bytes` have been read. -1 with ERR_SYSTEM: it has changed meanwhile. */
int local_check(const struct local_file *s, int fd, uint64_t read_bytes, struct err *err) NODISCARD;

#endif
