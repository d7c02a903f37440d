/* leftover.h: finds images of the image lines in texts of any kind. */
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
	bool in_remark;   /* in a comment: behind a '#' */
	bool is_variable; /* "team/app:${TAG}" */
};

/* Finds the first image at `from` or later that the rule would change: it has the rule's repository, and another tag or
 * digest. Sets only offset and length of out->at; borrows `text`. False: there is none. */
bool leftover_next(
    struct leftover *out, struct arena *a, const struct rule *rule, struct str text, size_t from);

/* Sets the line, the column and in_remark, which costs a walk through `text` up to the place. */
void leftover_place(struct leftover *out, struct str text);

#endif
