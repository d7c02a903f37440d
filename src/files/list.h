/*
 * list.h: hand-kept lists of files: one name per line, below the directory that the list is for. Blank
 * lines count as nothing, and so does what follows a '#' at the start of a line or behind a blank. A
 * BOM, CRLF and a last line without its end are fine.
 */
#ifndef FILES_LIST_H
#define FILES_LIST_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "diag/diag.h"

struct arena;

struct list_entry {
	struct str name;  /* as written */
	struct span at;   /* in the list */
	const char *path; /* below the directory; as given when absolute */
};

struct list {
	const char *file; /* the list itself */
	const char *dir;  /* what its names are below of */
	const char
	    *by; /* by the caller: the file that names the list, as `item`; NULL: none does */
	struct str item;
	struct list_entry *entries;
	size_t count, room;
};

/*
 * Takes a list's text apart; `dir` is what its names are below of ("." adds nothing). Mistakes in `d`:
 * a control character in a name, more than MAX_SPEC_FILES names (errors; the entry is left out), a
 * name a second time (a warning; it is left out too), no name at all (a warning). In `a`; borrows
 * `file` and `text`.
 */
struct list list_parse(
    struct arena *a, const char *file, const char *dir, struct str text, struct diags *d);

/*
 * Reads the list `name` of directory `dir` (`name` is looked for in `dir`, then from here) and checks
 * that each of its files is there, is a regular file, and lies in `fence` (NULL: anywhere); what is
 * not is a mistake with its line in `d` and no entry of `out`. -1 with ERR_SYSTEM: the list itself
 * cannot be read, or lies outside the fence.
 */
int list_read(struct arena *a, const char *dir, const char *name, const char *fence,
    struct list *out, struct diags *d, struct err *err) NODISCARD;

#endif
