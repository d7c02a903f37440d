/* fit.h: lines that fit a terminal; inside ci/ only. */
#ifndef CI_FIT_H
#define CI_FIT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/base.h"
#include "base/buf.h"
#include "base/str.h"

/* How many columns the terminal behind `file` has; 0 where there is none, and lines are never cut. */
size_t fit_columns(FILE *file);

/* Appends `line`, and where it is wider than `columns` (0: as wide as it likes) only head and tail of its commits and
 * digests, "9b7d0c12…e4f2", from the first one on until it fits. Nothing else is cut. */
void fit_line(struct buf *out, struct str line, size_t columns);

#endif
