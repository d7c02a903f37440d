/* message_same.h: whether messages are the same on the wire, without writing them. */
#ifndef WIRE_MESSAGE_SAME_H
#define WIRE_MESSAGE_SAME_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>

/* Whether two messages of one type have the same bytes, with what they hold of fields that the type does not know. Depth is
 * bounded: a spec's by MAX_SPEC_DEPTH, a server's by message_read(). */
bool message_same(const ProtobufCMessage *x, const ProtobufCMessage *y);

/* The same of one field of theirs. */
bool message_same_field(
    const ProtobufCMessage *x, const ProtobufCMessage *y, const ProtobufCFieldDescriptor *field);

#endif
