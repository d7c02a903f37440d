/* compare.h: what two sets of specs mean differently. */
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

/* A pipeline of one side or of both; NULL: the side has none. */
struct match {
	struct str title; /* "edges", "vision/edges" */
	const struct side_spec *on[2];
	struct differences diff; /* empty: both mean the same */
};

/* A file without specs that is not the same on both sides, of two revisions. */
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
	struct diff_groups groups; /* their owners are places in `list` */
	struct other *others;
	size_t other_count;
};

/* Compares; all in the run's arena. Failures as sides_read(). */
int compare(struct run *run, const char *const names[2], const struct items *paths,
    struct comparison *out, struct err *err) NODISCARD;

/* Whether the specs mean the same on both sides. Files without specs do not count. */
bool comparison_is_same(const struct comparison *c);

/* show.c: to standard output, as text or as one JSON document; `written`: the values file, or NULL. */
void comparison_print(struct run *run, const struct comparison *c);
int comparison_json(
    struct run *run, const struct comparison *c, const char *written, struct err *err) NODISCARD;

/* values.c: what was written. */
struct written {
	const char *file;          /* NULL: nothing, as values change nothing */
	const struct match **rest; /* pipelines that values cannot make, or not make the same */
	size_t rest_count;
};

/* -1 with ERR_USAGE when there is something at `file` already: nobody's values are overwritten. */
int values_file_check(const char *file, struct err *err) NODISCARD;

/* Writes the smallest values that make the specs of the first side mean those of the second one, and makes sure of that.
 * Where nothing can be said no file is written. -1 with ERR_SYSTEM: it cannot be written. */
int values_file_write(struct run *run, const struct comparison *c, const char *file,
    struct written *out, struct err *err) NODISCARD;

#endif
