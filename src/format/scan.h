/* scan.h: a place in the text of one file, which moves forward and counts lines; and what all readers report
 * alike. */
#ifndef FORMAT_SCAN_H
#define FORMAT_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/base.h"
#include "base/str.h"
#include "diag/diag.h"
#include "format/doc.h"

struct arena;

struct scan {
	struct arena *arena;
	struct diags *diags;
	const char *file;
	struct str text; /* the whole file */
	size_t at;       /* the next byte's offset */
	size_t line_at;  /* where its line starts; on the first line behind a BOM */
	uint32_t line;   /* from 1 */
	bool is_any;     /* doc_parse_any(): not only pipeline specs */
};

/* The next byte, or -1 at the end of the text. */
int scan_peek(const struct scan *s);

/* What is left of the text. */
struct str scan_rest(const struct scan *s);

/* Passes `c` when it comes next. Not for line feeds: they need scan_skip(). */
bool scan_eat(struct scan *s, char c);

/* Passes `len` bytes, or what is left. */
void scan_skip(struct scan *s, size_t len);

/* The next `len` bytes as a place. */
struct span scan_span(const struct scan *s, size_t len);

/* What comes next, in words for "found …": 'x', 'True', byte 0x07, the end of the file. A word is shown only where
 * it is one character or a misspelt constant: it may be a part of a secret, such as the value of an environment
 * variable. */
struct str scan_found(const struct scan *s);

/* How many letters, digits and '_' come next. */
size_t scan_word(const struct scan *s);

/* Adds an error at a place of the file to s->diags, with its hint. */
void scan_error(const struct scan *s, enum check check, struct span at, const char *hint,
    const char *fmt, ...) PRINTF_LIKE(5, 6);

/* Reports each member of the object whose key an earlier one has, too: an error, or a warning where their values
 * are alike; marks both (is_twice). Takes the later one out where the values are alike, and in any case with
 * `drops_all`. */
void scan_check_keys(const struct scan *s, struct node *object, bool drops_all);

/* `text` as messages show it: cut to about 40 bytes, at the start of a character. Lives in the arena. */
struct str scan_short(const struct scan *s, struct str text);

#endif
