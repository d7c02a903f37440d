/* inside.h: what the files of this room share. */
#ifndef COMPARE_INSIDE_H
#define COMPARE_INSIDE_H

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

/* revision.c: reads the specs of a commit into work->specs and the files without specs, by name, into `others`.
 * `specs` and `lists` name the files; without them all are read. Adds to found[i] how many files specs->list[i]
 * matches. Mistakes go to run->diags. -1: ERR_USAGE, ERR_SYSTEM. */
struct revision {
	struct repo *repo;
	const char *name; /* "master" */
	struct str sha;
	const struct items *specs, *lists;
	size_t *found;
};
int revision_read(struct run *run, const struct revision *rev, struct work *work,
    struct since_files *others, struct err *err) NODISCARD;

/* meaning.c: a copy in which fields are in snake_case, without null and without "pipeline". */
struct node *meaning_of(struct arena *a, const struct node *spec);

/* Makes both trees alike where they mean the same (1 and "1" of a field), and adds the objects that only the other
 * one has, empty, so that the differences are fields. */
void meanings_align(struct arena *a, struct node *x, struct node *y);

#endif
