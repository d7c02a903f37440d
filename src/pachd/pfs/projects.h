/* projects.h: projects of a cluster (2.5+): looked at, made, described. All after pachd_probe(); failures as in
 * pfs.h. */
#ifndef PACHD_PFS_PROJECTS_H
#define PACHD_PFS_PROJECTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct arena;
struct pachd;

struct pfs_project {
	struct str name, description;
	bool says_creator; /* 2.11+, with authentication */
	struct str created_by;
	bool says_rights; /* 2.6+, with authentication */
	bool may_delete;
};

/* *found: the project exists. In `a`. */
int pfs_project(struct pachd *p, struct arena *a, struct str name, bool *found,
    struct pfs_project *out, struct err *err) NODISCARD;

/* All projects that the caller may see; in `a`. */
int pfs_projects(struct pachd *p, struct arena *a, struct pfs_project **out, size_t *count,
    struct err *err) NODISCARD;

/* Creates the project with its description, in one step. *was_there: it existed already, and was not changed.
 * After a lost answer it is not known whether it was created: look with pfs_project(). */
int pfs_make_described(struct pachd *p, struct str name, struct str description, bool *was_there,
    struct err *err) NODISCARD;

/* Gives an existing project another description. */
int pfs_describe_project(
    struct pachd *p, struct str name, struct str description, struct err *err) NODISCARD;

/* Whether the caller may create projects; *is_told: the server says (2.5+, with authentication). */
int pfs_may_create_projects(struct pachd *p, bool *is_told, bool *may, struct err *err) NODISCARD;

#endif
