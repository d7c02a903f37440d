/* normalize.h: makes requests comparable: those that mean the same get the same bytes. */
#ifndef WIRE_NORMALIZE_H
#define WIRE_NORMALIZE_H

#include "wire/generation.h"
#include "wire/message.h"

/* Removes commands (`update`, `reprocess`, …) and sets the project, which clients may leave out. New texts live in `a`. */
void normalize_request(struct arena *a, ProtobufCMessage *m);

/*
 * For `live`, a request that was rebuilt from what the server stores (up to 2.7): sets on both sides the unset
 * fields that the server sets, sorts inputs and map entries, and removes from `live` what a server of that release
 * chose by itself.
 */
void normalize_stored(
    struct arena *a, uint32_t release, ProtobufCMessage *ours, ProtobufCMessage *live);

/* For requests as they were submitted: sets the names and branches of inputs as every server does; defaults of a
 * cluster or a project (2.8+) do not apply to them. */
void normalize_inputs(struct arena *a, uint32_t release, ProtobufCMessage *m);

#endif
