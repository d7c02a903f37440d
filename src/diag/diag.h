/* diag.h: mistakes in the user's files: many, each placed, each with its hint. */
#ifndef DIAG_DIAG_H
#define DIAG_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/base.h"
#include "base/mention.h"
#include "base/str.h"
#include "diag/check.h"

struct arena;

/* A place in a file's bytes. */
struct span {
	uint32_t line, col; /* both from 1; col counts bytes; line 0: the whole file */
	size_t offset, len; /* in bytes from the start of the file */
	const char *file;   /* the file that the value came from, where it is another one; NULL */
};

enum diag_level { DIAG_ERROR, DIAG_WARNING };

struct diag {
	enum check check;
	enum diag_level level;
	const char *file; /* as the user wrote it; borrowed for the run */
	struct span at;
	struct str what;            /* one clause, no capital, no full stop */
	struct str hint;            /* what to do about it; may be empty */
	struct mentions hint_about; /* the inputs that the hint is about */
	struct str line;            /* the line of the file that holds the place; empty: unknown */
	struct str cause;   /* one thing that causes many mistakes ("secret db"); else empty */
	struct str subject; /* with a cause: which thing this mistake is about ("edges") */
};

struct diags {
	struct arena *arena;
	struct diag *list;
	size_t count, room;
	size_t errors; /* how many of them are errors */
};

/* An empty list whose texts and entries will live in `a`. */
struct diags diags_in(struct arena *a);

/* Adds a mistake and returns it, so that it can get a hint; it is in `file` unless the place names another file:
 *   diag_hint(d, diags_error(d, CHECK_IMAGE_MOVES, file, at, "image has no tag"), "write …");  */
struct diag *diags_error(struct diags *d, enum check check, const char *file, struct span at,
    const char *fmt, ...) PRINTF_LIKE(5, 6);
struct diag *diags_report(struct diags *d, enum check check, const char *file, struct span at,
    const char *fmt, ...) PRINTF_LIKE(5, 6); /* at the check's own level */
struct diag *diags_warn(struct diags *d, enum check check, const char *file, struct span at,
    const char *fmt, ...) PRINTF_LIKE(5, 6);
void diag_hint(struct diags *d, struct diag *one, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Sets cause and subject of a mistake, for diags_fold(). */
void diag_cause(struct diags *d, struct diag *one, struct str cause, struct str subject);

/* Adds all of another list, whose texts must live as long as `d`. */
void diags_add(struct diags *d, const struct diags *from);

/* Sorts by file, line and column; of equal mistakes one is kept. Where one error at a place is a wrong type, other
 * errors at that place are dropped. */
void diags_sort(struct diags *d);

/* Leaves one mistake for each check and cause: the first one, which then says how many others there are and names
 * the first of their subjects. The list must be sorted. */
void diags_fold(struct diags *d);

#endif
