/* semver.h: tags that are versions (Semantic Versioning 2.0.0, also with a 'v' before it), and ranges of them. */
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

/* False: the text is not MAJOR.MINOR.PATCH[-PRERELEASE] with each number below 10^18. */
bool semver_read(struct str text, struct semver *out) NODISCARD;

/* By precedence (section 11): below 0, 0, or above 0. */
int semver_cmp(const struct semver *a, const struct semver *b);

/* Checks a range: comparisons that must all hold, separated by blanks or commas: a version with =, <, <=, >, >=, ^ or ~
 * before it, or without; it may lack parts, or have x or * in their place. "||" is between alternatives. -1: ERR_USAGE. */
int semver_check_range(struct str range, struct err *err) NODISCARD;

/* Whether the version is in the range, which semver_check_range() has passed. A prerelease is only in a range that
 * names one of the same MAJOR.MINOR.PATCH, as in npm. */
bool semver_matches(const struct semver *v, struct str range);

#endif
