/* message.h: protobuf-c messages handled by descriptor: in an arena, members set, read and packed. */
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

/* A copy that may be changed: the messages within it are its own, their texts are shared with `message`. Depth is bounded: a
 * spec's by MAX_SPEC_DEPTH, a server's by message_read(). */
ProtobufCMessage *message_copy(struct arena *a, const ProtobufCMessage *message);

/* A copy that shares all that is within it. */
ProtobufCMessage *message_copy_flat(struct arena *a, const ProtobufCMessage *message);

/* Reads a message's bytes; NULL when they are not valid, nest deeper than any server's, or hold more than
 * MAX_REPLY_MESSAGES, or with all that was read into `a` more than MAX_READ_MESSAGES. It lives in `a`. */
ProtobufCMessage *message_read(
    struct arena *a, const ProtobufCMessageDescriptor *type, struct str bytes);

/* The message's bytes, in `a`: fields in number order. */
struct str message_pack(struct arena *a, const ProtobufCMessage *message);

/* True when a member of message type is a map's entry (protoc names them XEntry). */
bool field_is_map(const ProtobufCFieldDescriptor *field);

/* Sorts the entries of a map with string keys by key. */
void entries_sort(ProtobufCMessage **entries, size_t count);

/* The bytes that one value of the field takes in memory. */
size_t field_size(const ProtobufCFieldDescriptor *field);

/* The place of a member. */
void *message_at(const ProtobufCMessage *message, unsigned offset);

/* Whether a single member is set; whether a list has elements. */
bool message_has(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field);

/* What a single member of message type that is set holds; the *count elements of a list of messages. */
ProtobufCMessage *message_child(
    const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field);
ProtobufCMessage **message_children(
    const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field, size_t *count);

/* Sets a single member from `value` (of the field's type in memory), with its presence; or a list. */
void message_set(
    ProtobufCMessage *message, const ProtobufCFieldDescriptor *field, const void *value);
void message_set_list(
    ProtobufCMessage *message, const ProtobufCFieldDescriptor *field, void *list, size_t count);

/* Sets the integer member `name`, which must exist, of any width. */
void message_set_int(ProtobufCMessage *message, const char *name, int64_t value);

/* Sets the string member `name`, which must exist; `value` must live as long as the message. */
void message_set_string(ProtobufCMessage *message, const char *name, char *value);

/* The string member `name`; empty when it is unset or there is none of that name. */
struct str message_string(const ProtobufCMessage *message, const char *name);
/* The integer or enum member `name`, 0 when unset or not there. */
int64_t message_int(const ProtobufCMessage *message, const char *name);
/* The elements of the list of messages `name`; how many: 0 when it is not there. */
ProtobufCMessage **message_list(const ProtobufCMessage *message, const char *name);
size_t message_count(const ProtobufCMessage *message, const char *name);
/* The bool member `name`, false when unset or not there. */
bool message_flag(const ProtobufCMessage *message, const char *name);
/* The message member `name`, NULL when unset or not there. */
ProtobufCMessage *message_message(const ProtobufCMessage *message, const char *name);

#endif
