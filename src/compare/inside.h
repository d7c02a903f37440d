/* inside.h: what the files of this room share. */
#ifndef COMPARE_INSIDE_H
#define COMPARE_INSIDE_H

#include <stdbool.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "format/doc.h"
#include "git/repo.h"
#include "git/since.h"
#include "inputs/options.h"

struct arena;
struct run;
struct work;

/* revision.c: Reads the specs of a commit into work->specs and the files without specs, by name, into `others`. `specs` and
 * `lists` say which files; neither: all. Counts in found[i] what specs->list[i] has met. Mistakes go to run->diags. -1 with
 * ERR_USAGE, ERR_SYSTEM. */
struct revision {
	struct repo *repo;
	const char *name; /* "master" */
	struct str sha;
	const struct items *specs, *lists;
	size_t *found;
};
int revision_read(struct run *run, const struct revision *rev, struct work *work,
    struct since_files *others, struct err *err) NODISCARD;

/* meaning.c: A copy in which fields are in snake_case, without null and without "pipeline". */
struct node *meaning_of(struct arena *a, const struct node *spec);

/* Makes both trees alike in what means the same (1 and "1" of a field), and gives one the empty objects of the
 * other, so that what differs are fields. */
void meanings_align(struct arena *a, struct node *x, struct node *y);

#endif
