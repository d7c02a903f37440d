/*
 * condition.h: a condition on a result, "PATH OP VALUE", and whether a JSON document fulfils it. Pure.
 *
 *   .rmse < 60       .scores[0].f1 >= 0.9       ."a b" == "ok"       .passed == true       count(/) >= 1
 *
 * PATH is "." for the whole document, then names and indices from 0 (negative: from the end); or count(DIR),
 * the number of files below a directory. OP is one of < <= > >= == !=. VALUE is JSON: a number, a text in
 * quotes (single ones too), true, false or null.
 */
#ifndef DATA_CONDITION_H
#define DATA_CONDITION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct arena;
struct node;

enum condition_op { OP_LESS, OP_AT_MOST, OP_MORE, OP_AT_LEAST, OP_EQUAL, OP_OTHER };

/* One step of a path: a member's name, or an element's place. */
struct condition_step {
	struct str name; /* ptr NULL: it is an index */
	long index;
};

enum value_kind { VALUE_NULL, VALUE_BOOL, VALUE_NUMBER, VALUE_TEXT };

struct condition {
	bool counts;     /* count(dir) */
	struct str dir;  /* of count(dir): "/", or without a '/' at its end */
	struct str path; /* as written, for messages */
	struct condition_step *steps;
	size_t step_count;
	enum condition_op op;
	const char *op_text;
	enum value_kind kind;
	struct str text; /* VALUE_TEXT: decoded; else as written */
	long double number;
};

/* Reads a condition, which lives in `a` and borrows `text`. -1 with ERR_USAGE, which names the place in the text. */
int condition_parse(
    struct arena *a, const char *text, struct condition *out, struct err *err) NODISCARD;

/*
 * *holds: whether the document fulfils the condition. *found is the value at its path as compact JSON, in `a`. -1 with
 * ERR_REFUSED: there is no such member (the hint names the others) or element, or the values cannot be compared (a text with
 * a number, an object). Numbers compare by their values (64 bits of precision), texts bytewise.
 */
int condition_holds(struct arena *a, const struct condition *c, const struct node *document,
    bool *holds, struct str *found, struct err *err) NODISCARD;

/* Reads a JSON number; false for any other text. */
bool condition_number(struct arena *a, struct str text, long double *out);

/* Whether a count of files fulfils the condition, which begins with count(DIR). */
bool condition_holds_count(const struct condition *c, size_t count);

#endif
