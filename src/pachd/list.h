/* list.h: all pipelines of a cluster. */
#ifndef PACHD_LIST_H
#define PACHD_LIST_H

#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "pipeline/deployed.h"

struct pachd;

struct pachd_listed {
	struct str project, name;
	struct deployed live;
};

/* All pipelines of the cluster in *count entries of *out, by project and name; in the cluster's arena.
 * After pachd_probe(). Failures as pachd_probe(). */
int pachd_list(
    struct pachd *p, struct pachd_listed **out, size_t *count, struct err *err) NODISCARD;

/* The pipeline of that name in such a list; NULL: it is not there. */
const struct pachd_listed *pachd_listed_find(
    const struct pachd_listed *list, size_t count, struct str project, struct str name);

/* As pachd_list(), for one project (2.5+). */
int pachd_list_project(struct pachd *p, struct str project, struct pachd_listed **out,
    size_t *count, struct err *err) NODISCARD;

#endif
