/* naming.h: messages call inputs what the one who reads them calls them. */
#ifndef INPUTS_NAMING_H
#define INPUTS_NAMING_H

#include "base/base.h"
#include "base/err.h"
#include "diag/diag.h"
#include "inputs/values.h"

/*
 * Messages say "input 'tag'" where they are made, and note the place (base/mention.h). This puts value_title() there, in
 * the text and the hint: on a command line "--tag" (and "add --split" for "set input 'split' to true"), for an action or
 * task "input 'tag'" as it is. What a server or a file says stays as it came. A text that becomes too long is cut at its
 * end.
 */
void err_name_inputs(const struct values *v, struct err *err);

/* The same for the hints of diags. */
void diags_name_inputs(const struct values *v, struct diags *d);

#endif
