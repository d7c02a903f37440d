/* reword.h: messages in the words of the one who reads them. */
#ifndef INPUTS_REWORD_H
#define INPUTS_REWORD_H

#include "base/base.h"
#include "base/err.h"
#include "diag/diag.h"
#include "inputs/values.h"

/*
 * Messages say "input 'tag'" wherever they are made. This puts value_title() in its place, in the text and the hint: on a
 * command line "--tag" (and "add --split" for "set input 'split' to true"), for an action or task "input 'tag'" as it is. What is no input's name stays. A text that
 * becomes too long is cut at its end.
 */
void reword_inputs(const struct values *v, struct err *err);

/* The same for the hints of diags. What they found stays as it is: there "input 'images'" may be an input of a pipeline. */
void reword_hints(const struct values *v, struct diags *d);

#endif
