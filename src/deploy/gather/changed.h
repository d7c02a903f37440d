/* changed.h: what of the specs and lists differs from an earlier commit. */
#ifndef DEPLOY_GATHER_CHANGED_H
#define DEPLOY_GATHER_CHANGED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/err.h"

struct list;
struct lists;
struct run;
struct since;
struct work;

struct changed {
	bool *files;  /* of each of work->specs.list: its file differs */
	bool *listed; /* its file is listed now, and was not */
	const struct lists *lists;
	bool *values; /* values files say something else of it */
	bool is_all;  /* the project file differs: it may say anything of any pipeline */
	struct list
	    *before; /* of each list what it held; no entries where it did not change or exist */
	struct list *unnamed; /* lists that a file of lists named and names no more */
	size_t unnamed_count, unnamed_room;
};

/* Compares files and lists with the commit. In the run's arena. Failures as since_changed(). */
int changed_find(struct run *run, struct since *since, const struct lists *lists, struct work *work,
    struct changed *out, struct err *err) NODISCARD;

/* Marks those of work->all as left out of which nothing changed, images included, and says in the log how many are
 * left, with `why` behind the commit. */
void changed_mark(
    struct run *run, struct work *work, const struct changed *changed, const char *why);

#endif
