/* encode_value.h: inside wire/ only: encodes single values of a spec, and reports their mistakes. */
#ifndef WIRE_ENCODE_VALUE_H
#define WIRE_ENCODE_VALUE_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/base.h"
#include "diag/diag.h"
#include "format/doc.h"
#include "wire/encode.h"

/* One member being encoded. */
struct slot {
	const struct encode *encode;
	const ProtobufCFieldDescriptor *field;
	ProtobufCMessage *message;
	struct str name; /* for messages: the field's name, or a map member's key */
};

/* Reports that the value is of another kind than `expected`; returns the report, for a hint. */
struct diag *wrong_type(const struct slot *s, const struct node *n, const char *expected);

/* Reports that the value, though of the right kind, is not `expected`. */
void bad_value(const struct slot *s, const struct node *n, const char *expected, const char *hint);

/* The value, of 64 bits if `wide`, else of 32; false, and a mistake is reported. */
bool encode_int(const struct slot *s, const struct node *n, bool wide, int64_t *out);
bool encode_uint(const struct slot *s, const struct node *n, bool wide, uint64_t *out);
bool encode_real(const struct slot *s, const struct node *n, double *out);
bool encode_enum(const struct slot *s, const struct node *n, int *out);

#endif
