/* scope.h: the project of a run, and the target and the project that a sealed token is bound to. */
#ifndef SESSION_SCOPE_H
#define SESSION_SCOPE_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct run;

/* The project of pipelines and repos that name none: input `project`, else "default". */
struct str scope_project(const struct run *run);

/*
 * Checks that the run is for the target and the project that run->sealed names: its own target, and the project of input
 * `project` ("default" without it). Not checked for commands (`use`, as in inputs.h) without targets or projects, and for
 * commands about tokens where no target is named. `what` names the token's source in messages. -1 with ERR_USAGE.
 */
int scope_check(const struct run *run, unsigned use, const char *what, struct err *err) NODISCARD;

/* The same for the project that a spec or an argument names; `title` is the pipeline or repo, "etl/edges". */
int scope_check_project(
    const struct run *run, struct str project, struct str title, struct err *err) NODISCARD;

#endif
