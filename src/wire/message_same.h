/* message_same.h: whether two messages have the same bytes, without packing them. */
#ifndef WIRE_MESSAGE_SAME_H
#define WIRE_MESSAGE_SAME_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>

/* Whether two messages of one type have the same bytes, including fields that the type does not have. Recursion is
 * limited as in message_copy(). */
bool message_same(const ProtobufCMessage *x, const ProtobufCMessage *y);

/* The same for one of their fields. */
bool message_same_field(
    const ProtobufCMessage *x, const ProtobufCMessage *y, const ProtobufCFieldDescriptor *field);

#endif
