/* suggest.h: hints for unknown names of fields. */
#ifndef WIRE_SUGGEST_H
#define WIRE_SUGGEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/base.h"
#include "base/str.h"

/* The field of `message` in release `version` whose name is nearest to `name` (base/nearest.h), in snake_case;
 * NULL: none is near. */
const char *suggest_field(const char *message, struct str name, uint32_t version);

/* A hint at what replaces a field ("write autoscaling: true"), or NULL. `gone`: the target release no longer has
 * the field; else it does not have it yet. */
const char *replacement_of(const char *name, bool gone);

/* The same for fields that only releases before 1.7 had. */
const char *successor_of(struct str name);

#endif
