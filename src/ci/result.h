/* result.h: the errors that were shown, kept for the JSON document of a run; inside ci/ only. */
#ifndef CI_RESULT_H
#define CI_RESULT_H

#include "base/base.h"
#include "base/err.h"
#include "diag/diag.h"

struct ci;

/* Keep what was shown; of diags only the errors. Texts of a diag must live as long as `ci`. */
void result_keep_error(struct ci *ci, const struct err *err);
void result_keep_diag(struct ci *ci, const struct diag *diag);

/* Prints the document that ci_result() kept, with the errors; once, at the end. */
void result_print(struct ci *ci);

#endif
