/* compare.h: the differences in meaning between two sets of specs. */
#ifndef COMPARE_COMPARE_H
#define COMPARE_COMPARE_H

#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "compare/side.h"
#include "pipeline/diff.h"
#include "pipeline/diff_groups.h"

struct run;

/* A pipeline of one side or of both. */
struct match {
	struct str title;              /* "edges", "vision/edges" */
	const struct side_spec *on[2]; /* NULL: the side does not have it */
	struct differences diff;       /* empty: both mean the same */
};

/* A file without specs that differs between two revisions. */
struct other {
	struct str name;
	bool is_on[2];
};

struct comparison {
	struct side side[2];
	struct match *list; /* by title */
	size_t count;
	size_t both, differ,
	    only[2];        /* how many pipelines are on both sides, differ, are on one side only */
	struct str *titles; /* of the matches */
	struct diff_groups groups; /* their owners are indexes of `list` */
	struct other *others;
	size_t other_count;
};

/* Reads and compares both sides; in the run's arena. Failures as sides_read(). */
int compare(struct run *run, const char *const names[2], const struct items *paths,
    struct comparison *out, struct err *err) NODISCARD;

/* Whether the specs mean the same on both sides. Files without specs do not count. */
bool comparison_is_same(const struct comparison *c);

/* show.c: writes it to standard output, as text or as one JSON document; `written`: the values file, or NULL. -1:
 * ERR_SYSTEM, the document is too large. */
void comparison_print(struct run *run, const struct comparison *c);
int comparison_json(
    struct run *run, const struct comparison *c, const char *written, struct err *err) NODISCARD;

/* values.c: the result of values_file_write(). */
struct written {
	const char *file; /* NULL: nothing was written, as nothing can be set by values */
	const struct match *
	    *rest; /* pipelines that values cannot turn into those of the second side */
	size_t rest_count;
};

/* -1 with ERR_USAGE when there is a file that is not empty at `file`: it is not overwritten. */
int values_file_check(const char *file, struct err *err) NODISCARD;

/* Writes the smallest values that turn the specs of the first side into those of the second one, and checks that
 * they do. No file is written where values change nothing. -1: ERR_SYSTEM it cannot be written, or is too large;
 * ERR_USAGE as values_file_check(). */
int values_file_write(struct run *run, const struct comparison *c, const char *file,
    struct written *out, struct err *err) NODISCARD;

#endif
