/* change.h: one change of a plan, sent alone or in a transaction. */
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
	struct node *user;         /* 2.8+: the spec as the server's JSON reader takes it */
	struct str user_json;      /* the same as text */
	struct str effective_json; /* 2.8+ in a transaction: the spec with the cluster's defaults */
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

/* Creates the repos, each by its call, inside the transaction `id` or, NULL, at once. -1: which repo, and why. */
int change_create_repos(
    const struct changes *all, const char *id, struct pachd_result *out, struct err *err) NODISCARD;

/* Puts "cannot update pipeline 'edges' (2 of 7)" before *err's text. Always -1. */
int change_wrap(const struct changes *all, size_t i, struct err *err);

/* Makes the request from the message that lint_request() has encoded, or from 2.8 on the JSON. -1: ERR_SPEC, it is
 * too large. */
int change_request(struct pachd *p, struct change *one, struct err *err) NODISCARD;

/* The CreatePipelineV2 request. A dry run sets neither update nor reprocess: the server would write them into the
 * effective spec, and every change of the cluster's defaults would then process all data again. */
struct str change_v2_request(struct arena *a, const struct change *one, bool dry_run);

/* Sets `update` and `reprocess` in a CreatePipelineRequest, as the step wants them. */
void change_flag(ProtobufCMessage *request, const struct step *step);

/* The tree as JSON, in the cluster's arena; false where it is larger than a message may be. */
bool change_json(const struct pachd *p, const struct node *tree, struct str *out) NODISCARD;

/* Makes the call part of the transaction `id`; NULL: of none. */
void change_join(struct call *call, const char *id);

/* The call that creates or updates one pipeline by itself, or inside the transaction `id` (not NULL). */
struct call change_call(const struct changes *all, size_t i, const char *id);

/* Sets new_version of the step: it is done. */
void change_mark_done(struct step *step);

/* The same for all changes and repos, which `out` then counts. */
void change_mark_all_done(const struct changes *all, struct pachd_result *out);

/* Passes out->unknown on to the steps of `count` changes. */
void change_mark_unknown(const struct pachd_result *out, const struct change *list, size_t count);

/*
 * Makes a call that changes the cluster. 0: it is done; where the answer was lost, the version of the change `i`
 * shows that. -1: the channel's failures, those of rpc_error(); out->unknown where it is not known whether the
 * call was applied. After a conflict with another writer, which applies nothing, the call is sent again, unless
 * one of the pipelines has a later version by then: ERR_SUPERSEDED.
 */
int change_send(const struct changes *all, size_t i, struct call *call, struct pachd_result *out,
    struct err *err) NODISCARD;

/* As channel_run() for one call, which is sent again after a pause where it met another writer and was not
 * applied. */
int change_send_call(const struct changes *all, struct call *call, struct err *err) NODISCARD;

/* What runs now under the names of the changes, in their order; in the cluster's arena. NULL: there was no answer. */
const struct deployed *change_poll(const struct changes *all);

/* StartTransaction, one call for each change, FinishTransaction: for specs that a batch cannot hold. A transaction
 * that may be left open is in the hint. -1: as change_send(). */
int change_in_open_transaction(
    const struct changes *all, struct pachd_result *out, struct err *err) NODISCARD;

/* Sends all changes in one transaction; with `split`, where they do not fit, one transaction for each group of
 * connected pipelines. -1: ERR_SPEC, they do not fit; as change_send(). */
int change_together(
    const struct changes *all, bool split, struct pachd_result *out, struct err *err) NODISCARD;

#endif
