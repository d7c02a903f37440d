/* inside.h: what the files of this room share. */
#ifndef PACHD_INSIDE_H
#define PACHD_INSIDE_H

#include "pachd/generation.h"
#include "pachd/message.h"
#include "pachd/pachd.h"
#include "pachd/version.h"

struct pachd {
	struct arena *arena;
	struct channel *channel;
	struct channel_opts opts;
	struct pachd_facts facts;
	const struct generation *generation; /* NULL before pachd_look() */
};

/* Puts into *err what a call was refused for, and how to mend it. Always -1. */
int refused(const struct pachd *p, const struct call *call, struct err *err);

/* True when the status and text say that a pipeline is not there. */
bool is_not_found(const struct call *call);

/* What runs, from the server's PipelineInfo. */
void live_read(
    struct arena *a, const struct line *line, const ProtobufCMessage *info, struct live *out);

/* A copy with its ASCII capitals made small. */
struct str lower_case(struct arena *a, struct str text);

/* {pipeline: {name, project: {name}}} and, for the 2.x line, details: true. */
struct str inspect_request(
    struct arena *a, const struct line *line, const struct pachd_target *target);

/* The rendered document as the server's CreatePipelineRequest; what is wrong goes to `d`. `zeros`
 * keeps what the spec spells out as zero. */
ProtobufCMessage *request_fill(
    const struct pachd *p, const struct node *tree, const char *file, bool zeros, struct diags *d);

#endif
