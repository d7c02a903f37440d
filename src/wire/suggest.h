/* suggest.h: what somebody may have meant by a field's name that is not known. */
#ifndef WIRE_SUGGEST_H
#define WIRE_SUGGEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/base.h"
#include "base/str.h"

/* The field of `message` in release `version` whose name is but a few slips away from `name`
 * (snake_case), or NULL. */
const char *suggest_field(const char *message, struct str name, uint32_t version);

/* What took the place of a field, as advice ("write autoscaling: true"), or NULL. `gone`: the target
 * release no longer has it; else it does not have it yet. */
const char *replacement_of(const char *name, bool gone);

/* The same for a field that only releases before 1.7 had, or NULL. */
const char *successor_of(struct str name);

#endif
