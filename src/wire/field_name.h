/* field_name.h: which field a key of a spec means, in one release or in any. */
#ifndef WIRE_FIELD_NAME_H
#define WIRE_FIELD_NAME_H

#include <protobuf-c/protobuf-c.h>

#include "wire/encode.h"

/* The field of `type` that the member's key names (snake_case or lowerCamelCase) in the release
 * f->version, or NULL when there is none; then it is reported in f->diags, with the release that has it. */
const ProtobufCFieldDescriptor *field_name_find(
    const struct encode *f, const ProtobufCMessageDescriptor *type, const struct node *member);

/* The field that the key means in any release, or NULL. Scratch text goes to `a`. */
const ProtobufCFieldDescriptor *field_name_lookup(
    struct arena *a, const ProtobufCMessageDescriptor *type, struct str key);

/* "parallelismSpec" as "parallelism_spec", in `a`, NUL-ended; the one name that is not lower case, Egress.URL, stays. */
struct str field_name_snake(struct arena *a, struct str key);

#endif
