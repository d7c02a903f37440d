/* comment.h: the plan as one comment on the pull request, made by the first run and updated by all later ones. */
#ifndef DEPLOY_REPORT_COMMENT_H
#define DEPLOY_REPORT_COMMENT_H

#include <stdbool.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct run;

/* Whether input `comment` is true and there is a token for the host of the job's repository. */
bool comment_is_wanted(const struct run *run);

/* ERR_USAGE where input `comment` is true and there is no such token; only a note where strangers can cause the event,
 * whose runs get none. */
int comment_check(struct run *run, struct err *err) NODISCARD;

/*
 * Where input `comment` is true and the run is about a pull request: puts `markdown` into its comment, which is found
 * again by a hidden mark that names cluster and working directory, so that each of several has its own. `shorter` takes
 * its place where it is longer than the host allows. What goes wrong is a warning, never a failure: the plan is
 * made all the same.
 */
void comment_write(struct run *run, struct str markdown, struct str shorter);

#endif
