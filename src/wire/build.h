/* build.h: builds requests member by member, by name, so that one function serves both interfaces. */
#ifndef WIRE_BUILD_H
#define WIRE_BUILD_H

#include "wire/message.h"

/* The message member `name`, made when it is not set. A member that does not exist, here and below, is a mistake of ours. */
ProtobufCMessage *build_message(struct arena *a, ProtobufCMessage *message, const char *name);

/* A new element at the end of the list of messages `name`. */
ProtobufCMessage *build_element(struct arena *a, ProtobufCMessage *message, const char *name);

/* Sets the string member `name` to a copy of `value`, which holds no NUL. */
void build_string(struct arena *a, ProtobufCMessage *message, const char *name, struct str value);

/* Sets the bytes member `name`; `value` is borrowed. */
void build_bytes(ProtobufCMessage *message, const char *name, struct str value);

/* Sets the bool member `name` to true. */
void build_flag(ProtobufCMessage *message, const char *name);

/* The bytes member `name`; empty when it is unset or there is none of that name. */
struct str message_bytes(const ProtobufCMessage *message, const char *name);

#endif
