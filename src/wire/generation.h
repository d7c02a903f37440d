/*
 * generation.h: what differs between the generations of pachd, as data. A new generation is a row here.
 * Source: pachd's interface files from 1.7.0 to 2.11.6.
 */
#ifndef WIRE_GENERATION_H
#define WIRE_GENERATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/base.h"
#include "wire/methods.h"

struct generation {
	const char *name;
	uint32_t from; /* the first release; it ends where the next row begins */
	enum api api;
	unsigned
	    batch_field; /* the field of a transaction's element that holds a pipeline; 0: none */
	size_t batch_limit; /* pipelines in one transaction, 0: only the message's size counts */
	bool projects;      /* pipelines live in projects */
	bool v2;            /* CreatePipelineV2: specs as JSON, defaults merged by the server */
	bool atom;          /* inputs are "atom" instead of "pfs" */
};

/* The row of a release; never NULL for what release_parse() lets through. */
const struct generation *generation_of(uint32_t version);

#endif
