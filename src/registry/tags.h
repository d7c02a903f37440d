/* tags.h: the answer of tags/list, and which of its tags is the newest version. */
#ifndef REGISTRY_TAGS_H
#define REGISTRY_TAGS_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "registry/registry.h"

/* Adds the valid tags of one page. -1 with ERR_NETWORK: it is not a list of tags, or there are more than
 * MAX_REGISTRY_TAGS. */
int tags_read(
    struct arena *a, struct str page, struct registry_tags *out, struct err *err) NODISCARD;

/* The highest version in the range; of equal ones the first. Empty: no tag is in it. */
struct str tags_newest(const struct registry_tags *tags, struct str range);

#endif
