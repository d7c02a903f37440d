/* field_name.h: the field that a key of a spec means, in one release or in any. */
#ifndef WIRE_FIELD_NAME_H
#define WIRE_FIELD_NAME_H

#include <protobuf-c/protobuf-c.h>

#include "wire/encode.h"

struct field_rows;

/* The field of `type`, whose releases are in `rows`, that the member's key names (snake_case or lowerCamelCase) in
 * the release f->version, or NULL when there is none; then it is reported in f->diags, with the release that has
 * it. */
const ProtobufCFieldDescriptor *field_name_find(const struct encode *f,
    const ProtobufCMessageDescriptor *type, const struct field_rows *rows,
    const struct node *member);

/* The field that the key means in any release, or NULL. Scratch text goes to `a`. */
const ProtobufCFieldDescriptor *field_name_lookup(
    struct arena *a, const ProtobufCMessageDescriptor *type, struct str key);

/* "parallelismSpec" as "parallelism_spec", in `a`; a key without capitals stays, and so does "URL", the only field
 * name that has some. */
struct str field_name_snake(struct arena *a, struct str key);

#endif
