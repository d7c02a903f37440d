/* semver.h: tags that are versions (Semantic Versioning 2.0.0, a 'v' before it is fine), and ranges of them. */
#ifndef REGISTRY_SEMVER_H
#define REGISTRY_SEMVER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct semver {
	uint64_t part[3];      /* major, minor, patch */
	struct str prerelease; /* "rc.1", or empty; borrowed */
};

/* False: the text is not MAJOR.MINOR.PATCH[-PRERELEASE] with each number below 10^9. */
bool semver_read(struct str text, struct semver *out) NODISCARD;

/* Section 11: below 0, 0, or above 0. */
int semver_cmp(const struct semver *a, const struct semver *b);

/* -1 with ERR_USAGE: the range is none. One is comparisons that must all hold, separated by blanks or commas: =, <, <=,
 * >, >=, ^ and ~ before a version, a version that lacks parts or has x or * in their place; "||" between alternatives. */
int semver_check_range(struct str range, struct err *err) NODISCARD;

/* Whether the version is in a range that is one. A prerelease is only where the range names one of the same
 * MAJOR.MINOR.PATCH, as npm has it. */
bool semver_matches(const struct semver *v, struct str range);

#endif
