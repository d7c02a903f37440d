/* defaults.h: pipelines that run with other defaults than the cluster has now (2.8+). */
#ifndef PACHD_DEFAULTS_H
#define PACHD_DEFAULTS_H

#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "pachd/pachd.h"

struct deployed;

struct pachd_stale {
	struct pachd_target target;  /* by the caller */
	const struct deployed *live; /* by the caller: what runs */
	/* "datum_tries", "resource_requests.memory": fields that the spec does not set, and that run with another value
	 * than the default of the cluster or the project is now */
	struct str *fields;
	size_t count, room;
};

/*
 * Reads the defaults and fills in the fields of each pipeline: changed defaults reach a pipeline only with its
 * next update, or where they are set with `regenerate` (SetClusterDefaults of pachd 2.8 and later). A default that
 * was removed is not noticed. No fields before 2.8, and where the server refuses to show its defaults. -1: the
 * channel's failures.
 */
int pachd_stale_defaults(
    struct pachd *p, struct pachd_stale *list, size_t count, struct err *err) NODISCARD;

#endif
