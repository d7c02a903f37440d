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
	/* the server has said it; else authentication is off, or this release does not say */
	bool reported;
	bool read, add_reader, write, create_branch, erase; /* with a repo */
	bool list_repos, create_repo;                       /* in a project */
};

struct pachd_repo {
	struct pachd_target target; /* by the caller; its project counts from 2.5 */
	struct str branch; /* by the caller: the only branch that is of interest; empty: all are */
	enum pachd_presence known;
	struct pachd_rights rights;
	/* only `branch` where that is set and exists; none where the server does not say */
	struct str *branches;
	size_t branch_count;
};

/* Whether the repo is known to have the branch. */
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
 * Fills it in; makes no call where nothing is wanted. From 2.0 on the server adds up the sizes of each repo that
 * it shows: so a branch is asked for by itself, and all repos by one list only where many are wanted. What the
 * server cannot or may not say stays PACHD_UNKNOWN. In the cluster's arena. -1: the channel's failures.
 */
int pachd_preflight(struct pachd *p, struct pachd_preflight *preflight, struct err *err) NODISCARD;

#endif
