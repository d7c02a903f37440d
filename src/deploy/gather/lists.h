/* lists.h: input `lists`: which files hand-kept lists name, and whether the lists are in order. */
#ifndef DEPLOY_GATHER_LISTS_H
#define DEPLOY_GATHER_LISTS_H

#include "base/base.h"
#include "base/err.h"
#include "files/list.h"
#include "pipeline/spec.h"

struct arena;
struct run;

struct lists {
	struct list *list;
	size_t count, room;
};

/* The directory and the name of an item of input `lists`, DIR=LIST or LIST; in the run's arena. -1 with ERR_USAGE: it has no
 * list's name. */
int list_item(struct run *run, const char *item, const char **dir, const char **name,
    struct err *err) NODISCARD;

/* The glob of an item of input `lists`, DIR=GLOB or GLOB, as a path of the working directory, in `a`, and its DIR, empty
 * where it has none: each list that matches counts from its own directory then. NULL: the item is not a glob. */
const char *list_glob(struct arena *a, const char *item, struct str *dir);

/* The next item of a file of items, one a line, without blank lines and remarks, and the number of its line (0 at first).
 * False: there is none. */
bool list_next_item(struct str *text, struct str *item, unsigned *number);

/* Reads the lists of input `lists`, each DIR=LIST, LIST, a glob of such, or @FILE, which holds such items, one a line. Mistakes in them are in run->diags. -1:
 * ERR_USAGE an item without a list's name, ERR_SYSTEM a list that cannot be read. In the run's arena. */
int lists_read(struct run *run, const char *fence, struct lists *out, struct err *err) NODISCARD;

/* The PATHs of input `specs`, then those of the lists; *count of them. In the run's arena. */
const char **lists_add_to(struct run *run, const struct lists *lists, size_t *count);

/* Warns, with its line, of each file that is listed before one that it reads from. */
void lists_check_order(struct run *run, const struct lists *lists, const struct specs *specs);

#endif
