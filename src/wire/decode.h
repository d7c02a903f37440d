/* decode.h: from a protobuf message to a spec's tree, the reverse of encode.h. */
#ifndef WIRE_DECODE_H
#define WIRE_DECODE_H

#include <protobuf-c/protobuf-c.h>
#include <stdint.h>

#include "base/base.h"
#include "format/doc.h"

struct arena;

/*
 * The members that are set, as an object with snake_case keys in the order of their numbers: encode_message() makes the
 * same message of it for the same release (0: the newest). 64-bit numbers are numbers, enums are names, durations are
 * "1.5s", times RFC 3339 in UTC. Enum values without a name, and bytes, are left out: a spec cannot hold them. In `a`.
 */
struct node *decode_message(struct arena *a, const ProtobufCMessage *message, uint32_t version);

#endif
