/* grant.h: the command that gives a role, and whether the release has projects. */
#ifndef PACHD_GRANT_H
#define PACHD_GRANT_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct arena;
struct pachd;
struct pachd_facts;

/* A role on a repo or, where `repo` is empty, on a project, as the release calls it: "WRITER", "repoWriter". */
struct pachd_role {
	struct str project, repo;
	const char *name;
};

/* The command by which an administrator gives the caller the role. In `a`. */
struct str pachd_grant(
    struct arena *a, const struct pachd_facts *facts, const struct pachd_role *role);

/* After pachd_probe(). -1 with ERR_REFUSED: a project other than "default" is named, but the release has none
 * (before 2.5). */
int pachd_check_project(const struct pachd *p, struct str project, struct err *err) NODISCARD;

#endif
