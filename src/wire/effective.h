/* effective.h: the effective spec for a transaction, as the server's CreatePipelineV2 would store it. */
#ifndef WIRE_EFFECTIVE_H
#define WIRE_EFFECTIVE_H

#include <protobuf-c/protobuf-c.h>

#include "format/doc.h"

struct arena;

/* Merges `user`, the spec as it is sent, into `effective`, the answer to a dry run, both objects of the message `type`
 * (RFC 7396): the answer is the merged message in protobuf's own form ("1" for 1, no false), but the server stores the
 * values as they were merged. Keys become lowerCamelCase; an enum's number becomes its name.
 * Source: makeEffectiveSpec of pachd 2.8.10 and 2.11.6 (src/server/pps/server/defaults.go). */
void effective_merge(struct arena *a, const ProtobufCMessageDescriptor *type,
    struct node *effective, const struct node *user);

#endif
