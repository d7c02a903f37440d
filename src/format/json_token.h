/*
 * json_token.h: the words of RFC 8259, and what is wrong with each.
 *
 * Both readers of JSON text use them: json.c, which walks text that cJSON has accepted, and
 * json_explain.c, which says why cJSON did not. Mistakes within a word are noted here, and reading
 * goes on behind the word.
 */
#ifndef FORMAT_JSON_TOKEN_H
#define FORMAT_JSON_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/str.h"
#include "diag/diag.h"

struct scan;

struct json_string {
	struct span at; /* with its quotes */
	struct str raw; /* the source between the quotes */
	bool is_plain;  /* raw is also the value: no escape, no mistake */
};

/* The offset of the quote that closes the string whose opening quote is at text.ptr[open], or
 * text.len when nothing closes it. */
size_t json_string_end(struct str text, size_t open);

/* Passes blanks. What cJSON takes for a blank and RFC 8259 does not is noted. */
void json_blanks(struct scan *s);

/* Passes the string whose opening quote comes next. False when it is not closed (or, with
 * `one_line`, not on its line): that is noted, and the place stays at the quote. */
bool json_read_string(struct scan *s, bool one_line, struct json_string *out);

/* Passes what looks like a number and returns it. */
struct str json_read_number(struct scan *s);

/* Notes a comment that comes next and passes it; false when none does. */
bool json_comment(struct scan *s);

#endif
