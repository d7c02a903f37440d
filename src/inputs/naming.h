/* naming.h: messages name inputs as their reader knows them. */
#ifndef INPUTS_NAMING_H
#define INPUTS_NAMING_H

#include "base/base.h"
#include "base/err.h"
#include "diag/diag.h"
#include "inputs/values.h"

/*
 * Where a message says "input 'tag'", that place was noted (base/mention.h). Puts value_title() there, in text and
 * hint: on a command line "--tag" (and "add --split" for "set input 'split' to true"), for an action or task
 * "input 'tag'". What a server or a file says is not changed. A text that becomes too long is cut at its end.
 */
void err_name_inputs(const struct values *v, struct err *err);

/* The same for the hints of diags. */
void diags_name_inputs(const struct values *v, struct diags *d);

#endif
