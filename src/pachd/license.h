/*
 * license.h: what pachd's Community Edition allows.
 *
 * Without an active license pachd 1.12 and later create no pipeline where 16 exist, and from 1.13 on none with
 * more than 8 workers. 1.12 and 1.13 count what exists before the transaction, so that a first push may create
 * more. 2.x ask only where a pipeline is created by its own call, not in a transaction. Source:
 * validateEnterpriseChecks of pachd 1.13.4, 2.4.6 and 2.11.6, and what these were seen to do.
 */
#ifndef PACHD_LICENSE_H
#define PACHD_LICENSE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/err.h"

struct call;
struct pachd;

enum { COMMUNITY_PIPELINES = 16, COMMUNITY_WORKERS = 8 };

struct pachd_license {
	bool is_limited;    /* no license is active, and this release counts */
	bool is_expired;    /* there was one */
	size_t pipelines;   /* how many exist, by name; where is_limited */
	const char *remedy; /* what an administrator would type; where is_limited */
};

/* Asks for all of it, where license_is_asked(); a refusal leaves is_limited false. -1: the channel's failures. */
int pachd_license(struct pachd *p, struct pachd_license *out, struct err *err) NODISCARD;

/* Whether the release has these limits. */
bool license_is_asked(const struct pachd *p);

/* Reads the answer to GetState: all but the count. */
void license_learn(const struct pachd *p, const struct call *call, struct pachd_license *out);

/* Counts the pipelines where is_limited; a refusal sets it to false. -1: the channel's failures. */
int license_count(struct pachd *p, struct pachd_license *license, struct err *err) NODISCARD;

#endif
