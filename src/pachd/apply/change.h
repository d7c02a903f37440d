/* change.h: one change on its way to the cluster; what the sequence and the transaction share. */
#ifndef PACHD_APPLY_CHANGE_H
#define PACHD_APPLY_CHANGE_H

#include <stdbool.h>
#include <stddef.h>

#include "pachd/apply/apply.h"
#include "pachd/rpc.h"
#include "pipeline/plan.h"

struct change {
	struct step *step;
	ProtobufCMessage *request; /* before 2.8: CreatePipelineRequest */
	struct node *user;         /* 2.8+: the document for the server's JSON reader */
	struct str user_json;      /* the same as text */
	struct str effective_json; /* 2.8+ in a transaction: what the server made of it */
};

struct changes {
	struct pachd *pachd;
	struct change *list;
	size_t count;
	const struct plan_repo *repos; /* created before them */
	size_t repo_count;
};

/* The CreateRepoRequest of repo `i`. */
ProtobufCMessage *change_repo_request(const struct changes *all, size_t i);

/* Puts "cannot create repo 'images'" before *err's text. Always -1. */
int change_repo_wrap(const struct changes *all, size_t i, struct err *err);

/* Creates the repos, each by its call, inside the transaction `id` or, NULL, at once. */
int change_create_repos(
    const struct changes *all, const char *id, struct pachd_result *out, struct err *err) NODISCARD;

/* Puts "cannot update pipeline 'edges' (2 of 7)" before *err's text. Always -1. */
int change_wrap(const struct changes *all, size_t i, struct err *err);

/* Makes the request of what lint_request() has encoded, or from 2.8 on the JSON. -1: ERR_SPEC, it is too large. */
int change_request(struct pachd *p, struct change *one, struct err *err) NODISCARD;

/* The CreatePipelineV2 request. A dry run says neither update nor reprocess: the server would write them into the
 * effective spec, and with them every change of the cluster's defaults would process all data again. */
struct str change_v2_request(struct arena *a, const struct change *one, bool dry_run);

/* The call that creates or updates one pipeline by itself, or inside the transaction `id` (not NULL). */
struct call change_call(const struct changes *all, size_t i, const char *id);

/* Whether to look once more for what a server may still be working on, after a pause: three times in 1.5 s.
 * `*looks` counts them, from 0. */
bool pause_and_retry(size_t *looks);

/* Notes that the step is done. */
void change_mark_done(struct step *step);

/* The same for all of them. */
void change_mark_all_done(const struct changes *all, struct pachd_result *out);

/* Where out->unknown says so, notes of `count` changes that it is unknown whether they are done. */
void change_mark_unknown(const struct pachd_result *out, const struct change *list, size_t count);

/*
 * Makes a call that changes the cluster. 0: it is done, even when its answer was lost and only asking
 * again reported so. -1 with the channel's failure or ERR_REFUSED; out->unknown when it is unknown
 * whether it happened. Where the server said that somebody else was in its way, the call is made again, unless
 * one of the pipelines has a later version by then: ERR_SUPERSEDED. `i` is the pipeline whose version says.
 */
int change_send(const struct changes *all, size_t i, struct call *call, struct pachd_result *out,
    struct err *err) NODISCARD;

/* Asks the call again, after a pause, where the server said that somebody else was in its way and it has
 * changed nothing. Returns and writes as channel_run(). */
int change_send_call(const struct changes *all, struct call *call, struct err *err) NODISCARD;

/* What runs now under the names of the changes, in their order; in the cluster's arena. NULL: the cluster does not say. */
const struct deployed *change_poll(const struct changes *all);

/* Start, one call for each change, Finish: for what a batch cannot say. Never leaves a transaction open
 * without saying so. */
int change_in_open_transaction(
    const struct changes *all, struct pachd_result *out, struct err *err) NODISCARD;

/* All changes at once or none; with `split`, when they do not fit, whole parts of the graph at once. */
int change_together(
    const struct changes *all, bool split, struct pachd_result *out, struct err *err) NODISCARD;

#endif
