/* effective.h: the effective spec that a transaction stores, as the server's own CreatePipelineV2 stores it. */
#ifndef WIRE_EFFECTIVE_H
#define WIRE_EFFECTIVE_H

#include <protobuf-c/protobuf-c.h>

#include "format/doc.h"

struct arena;

/* Merges `user`, the spec as it is sent, into `effective`, what a dry run has answered, both objects of the message
 * `type`, as RFC 7396 says: the answer is the merged message written anew ("1" for 1, no false), but the server stores
 * what was merged. Keys become lowerCamelCase; an enum's number becomes its name.
 * Source: makeEffectiveSpec of pachd 2.8.10 and 2.11.6 (src/server/pps/server/defaults.go). */
void effective_merge(struct arena *a, const ProtobufCMessageDescriptor *type,
    struct node *effective, const struct node *user);

#endif
