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
	size_t count;
};

/* For qsort() and bsearch(): by name, then by project. */
int target_order(const void *left, const void *right);

/* The lane (net/channel.h) for single reads by the calls of `api`: each interface has one, as a server refuses the
 * calls of the other. */
unsigned api_lane(enum api api);

struct pachd {
	struct arena *arena;
	struct channel *channel;
	struct channel_opts opts;
	struct pachd_facts facts;
	const struct generation *generation; /* NULL before pachd_probe() */
	/* all pipelines of the targets' projects, where they were listed */
	struct pachd_names listed;
};

/* Puts why the call was refused into *err, with a hint: ERR_REFUSED; ERR_NETWORK for UNAVAILABLE, which may pass;
 * ERR_SUPERSEDED where somebody else changed the same at the same time; ERR_TIMEOUT. Always -1. */
int rpc_error(const struct pachd *p, const struct call *call, struct err *err);

/* Whether the call was refused because this pipeline does not exist, and not because something else is missing. Codes
 * from 2.2.1 on, texts before. */
bool is_missing_pipeline(const struct call *call, const struct pachd_target *target);

/* The same for a transaction or a set of jobs. `id` is NUL-ended. */
bool is_missing_id(const struct call *call, struct str id);

/* The mark in the map `member` of a message that the server sent; not set where the map or the mark is not there. */
struct mark mark_read(struct arena *a, const ProtobufCMessage *message, const char *member);

/* The name and project of a Repo or Pipeline that the server sent; the project is "default" where it names none. */
struct pachd_target target_read(const ProtobufCMessage *named);

/* Whether the release is before 2.0. */
bool is_1x(const struct pachd *p);

/* Hints at a wrong address or a proxy that changes answers. Always -1. */
int hint_proxy(const struct pachd *p, struct err *err);

/* Whether the server's words for the status of the call hold `fragment`. */
bool call_says(const struct call *call, const char *fragment);

/* Whether the call was refused because what it names is not there: codes from 2.1 on, texts before. */
bool is_missing(const struct call *call);

/* Whether the list `permissions` of a message of 2.x, which has one, holds that AuthV2__Permission. */
bool holds_permission(const ProtobufCMessage *message, int permission);

/* The name of the enum member's value without its prefix, in small letters: "PIPELINE_RUNNING" → "running". Empty
 * for a value without a name. In `a`. */
struct str state_name(
    struct arena *a, const ProtobufCMessage *info, const char *member, const char *prefix);

/* What runs, from the server's PipelineInfo. */
void deployed_read(
    struct arena *a, enum api api, const ProtobufCMessage *info, struct deployed *out);

/* When the token of the call WhoAmI expires, in seconds since 1970; 0: never. 1.x answers how many seconds it has
 * left (-1: no end), 2.x when it expires. */
int64_t token_expiry(const ProtobufCMessage *who, int64_t now_s);

/* A job, from the server's JobInfo. */
struct job job_read(struct arena *a, const ProtobufCMessage *info);

/* The time for a call that must leave some for others: the time left before the deadline by `parts`, at least 1 ms
 * and at most `most`. */
int64_t share_ms(const struct pachd *p, int64_t parts, int64_t most);

/* InspectPipeline: {pipeline: {name}}, and for 2.x its project and `details`. */
struct str inspect_request(struct arena *a, enum api api, const struct pachd_target *target);

/* The rendered document as the server's CreatePipelineRequest, in `a`; mistakes go to `d`. `zeros`: fields that
 * the spec sets to zero are set. */
ProtobufCMessage *request_encode(const struct pachd *p, struct arena *a, const struct node *tree,
    const char *file, bool zeros, struct diags *d);

#endif
