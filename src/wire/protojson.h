/* protojson.h: converts a spec's tree for the server's own JSON reader, which is stricter than ours. */
#ifndef WIRE_PROTOJSON_H
#define WIRE_PROTOJSON_H

#include <protobuf-c/protobuf-c.h>

#include "format/doc.h"

struct arena;

/* Changes the tree, which has passed encode_message(), in place: durations become "<seconds>s", objects
 * in the place of a string of JSON (pod_spec, pod_patch) become that string. New texts live in
 * `a`. Source: the JSON reader of pachd 2.8 and later, protojson. */
void protojson_convert(
    struct arena *a, const ProtobufCMessageDescriptor *type, struct node *object);

#endif
