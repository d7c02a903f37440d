/* scope.h: the project of a run, and what a sealed token is for besides its cluster: one target, one project. */
#ifndef SESSION_SCOPE_H
#define SESSION_SCOPE_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct run;

/* The project of pipelines and repos that name none: input `project`, else "default". */
struct str scope_project(const struct run *run);

/*
 * Whether the run is for what run->sealed is bound to: its target must be the run's, its project the one of input
 * `project` ("default" without it). Commands (`use`, as in inputs.h) that know no targets or projects are not asked, nor
 * is one that looks after tokens and names no target. `what` names the token's source in messages. -1 with ERR_USAGE:
 * the run is for something else, or for no target.
 */
int scope_check(const struct run *run, unsigned use, const char *what, struct err *err) NODISCARD;

/* The same for the project that a spec or an argument names itself; `title` is the pipeline or repo, "etl/edges". */
int scope_check_project(
    const struct run *run, struct str project, struct str title, struct err *err) NODISCARD;

#endif
