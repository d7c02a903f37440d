/* normalize.h: requests made comparable: the same meaning gets the same bytes. */
#ifndef WIRE_NORMALIZE_H
#define WIRE_NORMALIZE_H

#include "wire/generation.h"
#include "wire/message.h"

/* Takes out what are commands, not state, and fills in the project, which clients write or leave out as
 * they like. New texts live in `a`. */
void normalize_request(struct arena *a, ProtobufCMessage *m);

/*
 * For a request that was rebuilt from what the server stores (up to 2.7): fills in on both sides what
 * the server fills in where a field is unset, puts inputs and map entries in order, and takes out of
 * `live` what the server of that release chose by itself.
 */
void normalize_stored(
    struct arena *a, uint32_t release, ProtobufCMessage *ours, ProtobufCMessage *live);

/* Fills in what every server fills in within inputs, where no defaults of a cluster or a project (2.8+) apply: names,
 * branches. For requests as they were submitted. */
void normalize_inputs(struct arena *a, uint32_t release, ProtobufCMessage *m);

#endif
