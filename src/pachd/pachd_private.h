/* pachd_private.h: what the files of this room share. */
#ifndef PACHD_PACHD_PRIVATE_H
#define PACHD_PACHD_PRIVATE_H

#include "diag/diag.h"
#include "format/doc.h"
#include "pachd/pachd.h"
#include "pipeline/deployed.h"
#include "pipeline/progress.h"
#include "wire/generation.h"
#include "wire/message.h"
#include "wire/release.h"

/* Names of pipelines, sorted by target_order(). */
struct pachd_names {
	struct pachd_target *list;
	size_t count, room;
};

/* For qsort() and bsearch(): by name, then by project. */
int target_order(const void *left, const void *right);

/* The lane for single reads in the words of `api`: a server answers those of one line only. */
unsigned api_lane(enum api api);

struct pachd {
	struct arena *arena;
	struct channel *channel;
	struct channel_opts opts;
	struct pachd_facts facts;
	const struct generation *generation; /* NULL before pachd_probe() */
	struct pachd_names
	    listed; /* all pipelines of the targets' projects, where they were listed */
};

/* Puts into *err what a call was refused for, and how to hint it: ERR_REFUSED; ERR_NETWORK for what may
 * pass (UNAVAILABLE), ERR_SUPERSEDED where somebody else came between, ERR_TIMEOUT. Always -1. */
int rpc_error(const struct pachd *p, const struct call *call, struct err *err);

/* True when the answer says, as its release does, that this very pipeline is not there; that something
 * else is missing is another matter. Codes from 2.2.1 on, texts before. */
bool is_missing_pipeline(const struct call *call, const struct pachd_target *target);

/* The same of a transaction or a set of jobs. `id` is NUL-ended. */
bool is_missing_id(const struct call *call, struct str id);

/* The mark in the map `member` of a message that the server sent; none where there is no such map. */
struct mark mark_read(struct arena *a, const ProtobufCMessage *message, const char *member);

/* What runs, from the server's PipelineInfo. */
void deployed_read(
    struct arena *a, enum api api, const ProtobufCMessage *info, struct deployed *out);

/* When the token expires that WhoAmI was asked with, in seconds since 1970; 0: never. 1.x says how long it
 * lives on, in seconds, -1 for ever; 2.x says when it ends. */
int64_t token_expiry(const ProtobufCMessage *who, int64_t now_s);

/* A job, from the server's JobInfo. */
struct job job_read(struct arena *a, const ProtobufCMessage *info);

/* For a call that must leave time for others: one of `parts` of what is left before the deadline, from 1 to
 * `most` ms. */
int64_t share_ms(const struct pachd *p, int64_t parts, int64_t most);

/* {pipeline: {name, project: {name}}} and, for the 2.x line, details. */
struct str inspect_request(struct arena *a, enum api api, const struct pachd_target *target);

/* The rendered document as the server's CreatePipelineRequest, in `a`; what is wrong goes to `d`. `zeros`
 * keeps what the spec spells out as zero. */
ProtobufCMessage *request_encode(const struct pachd *p, struct arena *a, const struct node *tree,
    const char *file, bool zeros, struct diags *d);

#endif
