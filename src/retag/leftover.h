/* leftover.h: where a text names an image that an image line speaks of, whatever the text is. */
#ifndef RETAG_LEFTOVER_H
#define RETAG_LEFTOVER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/str.h"
#include "diag/diag.h"
#include "retag/rule.h"

struct arena;

struct leftover {
	struct span at;
	struct str
	    image; /* as written, with its tag or digest; a variable in their place up to its end */
	bool in_remark;   /* behind a '#' */
	bool is_variable; /* "team/app:${TAG}" */
};

/* The first image at `from` or later that the rule would make another one: its repository, and a tag or
 * a digest that is not the rule's. Of out->at the offset and the length are set. False: there is none. Borrows `text`. */
bool leftover_next(
    struct leftover *out, struct arena *a, const struct rule *rule, struct str text, size_t from);

/* Sets the line and the column, and whether it is in a remark, which costs a walk through `text` up to it. */
void leftover_place(struct leftover *out, struct str text);

#endif
