/* decode.h: from a protobuf message to a spec's tree: what encode.h does, the other way round. */
#ifndef WIRE_DECODE_H
#define WIRE_DECODE_H

#include <protobuf-c/protobuf-c.h>
#include <stdint.h>

#include "base/base.h"
#include "format/doc.h"

struct arena;

/*
 * The members that are set, as an object with snake_case keys in the order of their numbers: what
 * encode_message() makes of it for the same release (0: the newest) is the same message again. 64-bit numbers are numbers, enums their names,
 * durations "1.5s", times RFC 3339 in UTC. Numbers of an enum that have no name, and bytes, are left out:
 * no spec has them. Everything lives in `a`.
 */
struct node *decode_message(struct arena *a, const ProtobufCMessage *message, uint32_t version);

#endif
