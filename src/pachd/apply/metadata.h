/* metadata.h: keys and values that a pipeline carries beside its spec (2.11 and later). */
#ifndef PACHD_APPLY_METADATA_H
#define PACHD_APPLY_METADATA_H

#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct pachd;
struct plan;

/* A key and a value that a pipeline carries beside its spec. */
struct pachd_metadata {
	const char *key;
	struct str value;
};

/* Puts the marks on each pipeline that the plan has created or updated, and the version that they are about, in
 * one call; nothing where the
 * release has no such thing (facts->metadata). Failures as pachd_probe(). */
int pachd_put_metadata(struct pachd *p, const struct plan *plan, const struct pachd_metadata *marks,
    size_t count, struct err *err) NODISCARD;

#endif
