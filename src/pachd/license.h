/*
 * license.h: how many pipelines pachd's Community Edition allows.
 *
 * pachd 1.12 and 1.13 refuse to create a pipeline where 16 exist, unless an enterprise license is active. They count
 * what exists before the transaction, so that a first push may create more. Source: what pachd 1.13.4
 * was seen to do.
 */
#ifndef PACHD_LICENSE_H
#define PACHD_LICENSE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/err.h"

struct pachd;

enum { COMMUNITY_PIPELINES = 16 };

struct pachd_license {
	bool is_limited;  /* no license is active, and this release counts */
	bool is_expired;  /* there was one */
	size_t pipelines; /* how many exist */
};

/* Asks after pachd_probe(). Other releases are not asked, and what is refused leaves is_limited false. -1: the
 * channel's failures. */
int pachd_license(struct pachd *p, struct pachd_license *out, struct err *err) NODISCARD;

#endif
