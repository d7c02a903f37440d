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
	struct pachd_target target;  /* by the caller, as is the next one */
	const struct deployed *live; /* what runs */
	struct str *
	    fields; /* "datum_tries", "resource_requests.memory": a default of the cluster or of the project, which the
	                       spec does not set, and which is not what runs */
	size_t count, room;
};

/*
 * Compares the defaults of now with what each pipeline was made of: changed defaults reach a pipeline only with its next
 * update, or where they are set with `regenerate` (SetClusterDefaults of pachd 2.8 and later). Defaults that are no longer
 * set are not seen. Nothing before 2.8, and where the server does not tell its defaults. -1: the channel's failures.
 */
int pachd_stale_defaults(
    struct pachd *p, struct pachd_stale *list, size_t count, struct err *err) NODISCARD;

#endif
