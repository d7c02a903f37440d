/* preflight.h: what pipelines need around them on a cluster: repos, secrets, projects, rights. */
#ifndef PACHD_PREFLIGHT_H
#define PACHD_PREFLIGHT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "pachd/license.h"
#include "pachd/pachd.h"

enum pachd_presence { PACHD_UNKNOWN, PACHD_PRESENT, PACHD_MISSING };

/* What the caller may do with a repo or in a project, where the server says. */
struct pachd_rights {
	bool
	    reported; /* else nothing is known: authentication is off, or this release does not say */
	bool read, add_reader, write, create_branch, erase; /* with a repo */
	bool list_repos, create_repo;                       /* in a project */
};

struct pachd_repo {
	struct pachd_target target; /* by the caller; its project counts from 2.5 */
	struct str branch; /* by the caller: whether it has this branch; empty: all of it */
	enum pachd_presence known;
	struct pachd_rights rights;
	struct str
	    *branches; /* none: it has none, or the server does not say. Only `branch` where that
	                             was asked for and is there */
	size_t branch_count;
};

/* Whether it is known to have the branch. */
bool pachd_has_branch(const struct pachd_repo *repo, struct str branch);

struct pachd_secret {
	struct str name; /* by the caller */
	enum pachd_presence known;
};

struct pachd_project {
	struct str name; /* by the caller */
	enum pachd_presence known;
	struct pachd_rights rights;
};

/* What pipelines need around them. The caller fills in what it asks for, each once. */
struct pachd_preflight {
	struct pachd_repo *repos;
	struct pachd_secret *secrets; /* of Kubernetes; asked for from 1.10 */
	struct pachd_project *projects;
	size_t repo_count, secret_count, project_count;
	bool wants_license;
	struct pachd_license license; /* without the count */
	bool wants_id;
	struct str id; /* the cluster's own; empty where it says none */
};

/*
 * Asks for them, after pachd_probe(); makes no call where nothing is wanted. From 2.0 on a server adds up the sizes
 * of each repo that it shows: a branch is asked for by itself, and a list of all repos is asked for only where many
 * are wanted. What the server does not know or refuses to tell stays PACHD_UNKNOWN. -1: the channel's failures.
 */
int pachd_preflight(struct pachd *p, struct pachd_preflight *preflight, struct err *err) NODISCARD;

#endif
