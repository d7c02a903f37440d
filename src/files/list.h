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
	const char *dir;  /* the directory that its names start from */
	const char *by; /* set by the caller: the file that names the list, as `item`; NULL: none */
	struct str item;
	struct list_entry *entries;
	size_t count, room;
};

/*
 * Reads a list's text; its names start from `dir` ("." adds nothing). Mistakes in `d`: errors for a control
 * character in a name and for more than MAX_SPEC_FILES names, whose entries are left out; warnings for a name that
 * is there twice, of which the first one is kept, and for an empty list. In `a`; borrows `file` and `text`.
 */
struct list list_parse(
    struct arena *a, const char *file, const char *dir, struct str text, struct diags *d);

/*
 * Reads the list `name` of directory `dir` (it is looked for in `dir`, then in the working directory) and checks
 * that each of its files exists, is a regular file, and lies in `fence` (NULL: anywhere); for each that does not,
 * `d` gets an error with its line, and `out` no entry. -1 with ERR_SYSTEM: the list itself cannot be read, or lies
 * outside the fence.
 */
int list_read(struct arena *a, const char *dir, const char *name, const char *fence,
    struct list *out, struct diags *d, struct err *err) NODISCARD;

#endif
