/* values.h: images that Helm's values hold in parts: registry, repository, tag, digest. Inside retag/ only. */
#ifndef RETAG_VALUES_H
#define RETAG_VALUES_H

#include <stdbool.h>

#include "base/base.h"
#include "base/str.h"
#include "retag/retag.h"

/* Always true: the change cannot be made, for the reason `fault`. */
bool retag_fail(struct retag *out, const char *fault, const char *hint);

/* As retag_place(), for a place in parts. */
bool retag_values(struct retag *out, struct arena *a, struct rules *rules, struct str source,
    const struct image_place *place);

/* As retag_text(), for such a place. */
struct str retag_values_text(struct arena *a, const struct image_place *place);

#endif
