/*
 * removal.h: pipelines that left git: which of them may be stopped or deleted, and in which order. Pure.
 *
 * Marks are not proof, anybody may edit them. So a pipeline is removed only where its mark, git and the cluster agree
 * that this very repository and target made what runs.
 */
#ifndef PIPELINE_REMOVAL_H
#define PIPELINE_REMOVAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/str.h"
#include "pipeline/deployed.h"
#include "pipeline/mark.h"
#include "pipeline/spec.h"

struct arena;

enum removal_kind {
	REMOVAL_STOP,
	REMOVAL_DELETE,    /* the output repo stays */
	REMOVAL_WITH_DATA, /* it goes, too */
};

enum removal_state {
	REMOVAL_PLANNED,
	REMOVAL_DONE,
	REMOVAL_FAILED,  /* it is as it was, or stopped, as `reason` says */
	REMOVAL_UNKNOWN, /* the cluster does not answer */
};

/* A pipeline of the plan that is stopped or deleted. */
struct removal {
	struct str project, name;
	enum removal_kind kind;
	const struct spec *spec; /* as the cluster has it: what it reads */
	struct str commit;       /* that removed it from git; empty: it is only not in the target */
	struct str file;         /* the file that had it */
	struct str crons; /* "a_tick, b_tick": repos of its schedules that go, too; may be empty */
	const struct deployed *live;
	struct mark mark; /* of it, before the plan */
	enum removal_state state;
	struct str reason; /* why it has failed; may be empty */
};

/* What is known of a pipeline of the cluster that the target's specs have no more. */
struct removal_facts {
	enum removal_kind kind;
	const struct deployed *live;
	const struct mark *mark, *owner; /* whose it says it is, and who this run is */
	bool was_in_git;                 /* the commit of the mark has its spec */
	bool is_unchecked_out; /* git has it still, in a file that is not in the work tree */
	struct str author;     /* who made the live version, where the server says; else empty */
	struct str user;       /* who this run is to the server; else empty */
};

enum removal_verdict {
	REMOVAL_TAKE,
	REMOVAL_NOT_OURS,   /* no mark, or that of another repository or target: nothing is said */
	REMOVAL_AT_REST,    /* it is stopped already: nothing is said */
	REMOVAL_NO_COMMIT,  /* the mark names no commit */
	REMOVAL_NOT_IN_GIT, /* the commit that it names does not have it */
	REMOVAL_HIDDEN,     /* is_unchecked_out */
	REMOVAL_EDITED,     /* what runs is not the version that the mark is about */
	REMOVAL_FOREIGN, /* somebody else made it: only stopping, which can be taken back, is done */
};

/* Whether the pipeline may be removed, or why not. Uses memory of `a`. */
enum removal_verdict removal_decide(struct arena *a, const struct removal_facts *facts);

/* How many may be removed without input prune-limit: a tenth of `total`, rounded up, at most 10. */
size_t removal_limit(size_t total);

/*
 * Which of the specs as they will be, which are unique, can go. On entry gone[i] says that specs->list[i] should
 * go, and rest[i] that it is stopped. Clears gone[i] where a pipeline that stays and is not stopped reads from i,
 * again and again until none does; stays_for[i] is then the index of that reader, else SIZE_MAX. Puts the indices
 * of those that go into `order`, readers first; returns how many.
 */
size_t removal_order(struct arena *a, const struct specs *specs, bool *gone, const bool *rest,
    size_t *stays_for, size_t *order);

/* The index in the list of the pipeline that makes what the input reads; `count`: none of them does. */
size_t removal_maker(const struct removal *list, size_t count, const struct spec_input *input);

/* "stop" or "delete", as plans and outputs say. */
const char *removal_word(enum removal_kind kind);

/* "left git in 1234567", "no longer in the target". In `a`. */
struct str removal_cause(struct arena *a, const struct removal *one);

#endif
