/* message.h: protobuf-c messages by their descriptors: read, packed, and their members by name; in an arena. */
#ifndef WIRE_MESSAGE_H
#define WIRE_MESSAGE_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/base.h"
#include "base/str.h"

struct arena;

/* An empty message of type `type`, in `a`. */
ProtobufCMessage *message_new(struct arena *a, const ProtobufCMessageDescriptor *type);

/* A copy that may be changed: it has its own inner messages, but shares texts with `message`. Recursion is limited:
 * in specs by MAX_SPEC_DEPTH, in answers by message_read(). */
ProtobufCMessage *message_copy(struct arena *a, const ProtobufCMessage *message);

/* A copy that shares inner messages and texts with `message`. */
ProtobufCMessage *message_copy_flat(struct arena *a, const ProtobufCMessage *message);

/* Parses a message, into `a`. NULL: the bytes are not valid, nest too deep, hold more than MAX_REPLY_MESSAGES, or,
 * together with all that was read into `a`, more than MAX_READ_MESSAGES. */
ProtobufCMessage *message_read(
    struct arena *a, const ProtobufCMessageDescriptor *type, struct str bytes);

/* The serialized message, in `a`; fields are in the order of their numbers. */
struct str message_pack(struct arena *a, const ProtobufCMessage *message);

/* Whether the field, a list of messages, is a map (protoc calls the entries XEntry). */
bool field_is_map(const ProtobufCFieldDescriptor *field);

/* Sorts the entries of a map with string keys by key. */
void entries_sort(ProtobufCMessage **entries, size_t count);

/* The bytes that one value of the field takes in memory. */
size_t field_size(const ProtobufCFieldDescriptor *field);

/* The address of a member. */
void *message_at(const ProtobufCMessage *message, unsigned offset);

/* Whether a single member is set; whether a list has elements. */
bool message_has(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field);

/* The value of a single member of message type, which is set; the *count elements of a list of messages. */
ProtobufCMessage *message_child(
    const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field);
ProtobufCMessage **message_children(
    const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field, size_t *count);

/* Sets a single member from `value` (of the field's type in memory) and its presence; a list. */
void message_set(
    ProtobufCMessage *message, const ProtobufCFieldDescriptor *field, const void *value);
void message_set_list(
    ProtobufCMessage *message, const ProtobufCFieldDescriptor *field, void *list, size_t count);

/* Sets the integer member `name`, which must exist, of any width. */
void message_set_int(ProtobufCMessage *message, const char *name, int64_t value);

/* Sets the string member `name`, which must exist; `value` must live as long as the message. */
void message_set_string(ProtobufCMessage *message, const char *name, char *value);

/* In the following `message` may be NULL, and a member need not exist: that is as if it were not set.
 * The string member `name`; empty when it is not set. */
struct str message_string(const ProtobufCMessage *message, const char *name);
/* The integer or enum member `name`; 0 when it is not set. */
int64_t message_int(const ProtobufCMessage *message, const char *name);
/* The elements of the list of messages `name`, and how many there are. */
ProtobufCMessage **message_list(const ProtobufCMessage *message, const char *name);
size_t message_count(const ProtobufCMessage *message, const char *name);
/* The bool member `name`; false when it is not set. */
bool message_flag(const ProtobufCMessage *message, const char *name);
/* The message member `name`; NULL when it is not set. */
ProtobufCMessage *message_message(const ProtobufCMessage *message, const char *name);

#endif
