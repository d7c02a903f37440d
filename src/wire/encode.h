/*
 * encode.h: from a spec's tree to a protobuf message, driven by the message's descriptor alone, so that a
 * new field costs nothing. Rules: protobuf's JSON mapping (snake_case and lowerCamelCase names, 64-bit
 * numbers also as strings, enums by name or number, maps, Timestamp, wrappers), and what Pachyderm's
 * users write besides: durations in Go's syntax ("1h30m"), pod_spec and pod_patch as objects.
 */
#ifndef WIRE_ENCODE_H
#define WIRE_ENCODE_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/base.h"
#include "diag/diag.h"
#include "format/doc.h"

struct arena;

struct encode {
	struct arena *arena;
	struct diags *diags; /* where mistakes go, each placed */
	const char *file;    /* for the mistakes */
	uint32_t version;    /* the release whose fields are known; 0: those of any release */
	struct str title;    /* the object's name in messages: its key; empty: the spec */
	/* set fields that the spec sets to 0, false or ""; else they are left unset, as proto3 does */
	bool keep_zero;
};

/* A message of type `type` with the members of `object`; in f->arena. Never NULL: mistakes are left out and reported in
 * f->diags. */
ProtobufCMessage *encode_message(
    const struct encode *f, const ProtobufCMessageDescriptor *type, const struct node *object);

#endif
