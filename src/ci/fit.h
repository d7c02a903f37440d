/* fit.h: lines that fit a terminal; inside ci/ only. */
#ifndef CI_FIT_H
#define CI_FIT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/base.h"
#include "base/buf.h"
#include "base/str.h"

struct env;

/* How many columns and rows the terminal behind `file` has; 0 where `file` is not a terminal. */
size_t fit_columns(FILE *file);
size_t fit_rows(FILE *file);

/* True where `file` is a terminal that knows escape sequences: the variable TERM is set and not "dumb". */
bool fit_takes_escapes(const struct env *env, FILE *file);

/* Appends `line`. Where it is wider than `columns` (0: any width fits), its commits and digests are shortened to
 * "9b7d0c12…e4f2", from the first one on until the line fits. Nothing else is cut. */
void fit_line(struct buf *out, struct str line, size_t columns);

#endif
