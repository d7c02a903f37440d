/* write_back.h: set-image in a repository on a code host, as one commit on one branch and one pull request. */
#ifndef EDIT_WRITE_BACK_H
#define EDIT_WRITE_BACK_H

#include <stdbool.h>

#include "base/base.h"
#include "base/err.h"

struct run;
struct setting;
struct work;

/* Makes the changes of `all`, whose inputs are read, in the files of the base, and of the branch where a request is
 * open: read and written by the host's API alone, until others' changes and ours are both there. With `checking`, and
 * on a pull request, nothing is written. -1: ERR_REFUSED on an event that strangers can cause, or the host says
 * no; ERR_SPEC mistakes in the files; ERR_USAGE, ERR_TIMEOUT and so on. */
int write_back_run(struct setting *all, bool checking, struct err *err) NODISCARD;

/* Of a push with input `write-back`, before anything is sent: ERR_USAGE also where it waits for nothing, is for several
 * targets, or has no token; ERR_REFUSED as above. */
int write_back_check_push(struct run *run, struct err *err) NODISCARD;

/* Writes the images of a push that was waited for into the files that its specs came from. Failures as above. */
int write_back_push(struct run *run, const struct work *work, struct err *err) NODISCARD;

/* ERR_USAGE for a flag that means nothing without a write-back. */
int write_back_check(const struct run *run, struct err *err) NODISCARD;

#endif
