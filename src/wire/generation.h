/*
 * generation.h: what differs between the generations of pachd, as data. A new generation is a row here.
 * Source: pachd's interface files from 1.7.0 to 2.11.6.
 */
#ifndef WIRE_GENERATION_H
#define WIRE_GENERATION_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/base.h"

/* One line's services and messages: the packages without suffix up to 1.13, with "_v2" from 2.0. */
struct api {
	const char *get_version, *who_am_i, *inspect_cluster;
	const char *inspect_pipeline, *list_pipeline, *create_pipeline, *stop_pipeline;
	const char *inspect_repo, *list_repo, *create_repo, *inspect_secret;
	const char *inspect_branch; /* where it costs less than inspect_repo; else NULL */
	const char *batch, *start, *finish, *delete, *list_transaction;
	const ProtobufCMessageDescriptor *version, *who, *info,
	    *infos; /* infos NULL: the list is a stream */
	const ProtobufCMessageDescriptor *cluster_info;
	const ProtobufCMessageDescriptor *create_request;
	const ProtobufCMessageDescriptor *batch_request, *batch_element, *transaction,
	    *transaction_info, *transactions;
	const ProtobufCMessageDescriptor
	    *transaction_ref; /* FinishTransactionRequest and its like */
};

extern const struct api api_1, api_2;

struct generation {
	const char *name;
	uint32_t from; /* the first release; it ends where the next row begins */
	const struct api *api;
	unsigned batch_field; /* where a pipeline is in a transaction's element; 0: it cannot */
	size_t batch_limit;   /* pipelines in one transaction, 0: only the message's size counts */
	bool projects;        /* pipelines live in projects */
	bool v2;              /* CreatePipelineV2: specs as JSON, defaults merged by the server */
	bool atom;            /* the input kind is "atom", "pfs" is not known */
};

/* The row of a release; never NULL for what release_parse() lets through. */
const struct generation *generation_of(uint32_t version);

#endif
