/*
 * json_token.h: the tokens of RFC 8259, and what is wrong with each.
 *
 * Both readers of JSON text use them: json.c, which walks text that cJSON has accepted, and json_explain.c, which
 * finds out why cJSON has not. Mistakes in a token are reported here, and reading goes on behind the token.
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

/* Passes blanks. Reports other bytes that cJSON takes for blanks. */
void json_blanks(struct scan *s);

/* Passes the string whose opening quote comes next. False when it is not closed (or, with `one_line`, not on its
 * line): that is reported, and the place stays at the quote. */
bool json_read_string(struct scan *s, bool one_line, struct json_string *out);

enum {
	JSON_NUMBER_MOST = 63
}; /* cJSON up to 1.7.18 refuses longer numbers: it copies them into 64 bytes */

/* What is wrong with the number by RFC 8259, section 6: "has a leading zero"; NULL: nothing. */
const char *json_number_fault(struct str number);

/* Passes what looks like a number and returns it; reports what is wrong with it. */
struct str json_read_number(struct scan *s);

/* Reports a comment that comes next and passes it; false when none does. */
bool json_comment(struct scan *s);

#endif
