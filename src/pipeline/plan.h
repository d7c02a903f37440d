/* plan.h: what will be done, decided before anything is sent. Pure: no disk, no net. */
#ifndef PIPELINE_PLAN_H
#define PIPELINE_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "pipeline/deployed.h"
#include "pipeline/spec.h"

struct arena;
struct removal;

enum action { ACTION_CREATE, ACTION_UPDATE, ACTION_KEEP };

enum reprocess_policy { REPROCESS_NEVER, REPROCESS_CHANGED, REPROCESS_ALWAYS };

/* The input `reprocess`: one policy for all, and PIPELINE=POLICY for single ones. */
struct reprocess_rule {
	struct str project, name; /* project may be empty: any */
	enum reprocess_policy policy;
};

struct reprocess {
	enum reprocess_policy all;
	struct reprocess_rule *list;
	size_t count, room;
};

/* Adds one item of the input: "never", "changed", "always", or one of them behind "PIPELINE=" or
 * "PROJECT/PIPELINE=". -1 with ERR_USAGE for anything else. */
int reprocess_add(struct reprocess *r, struct arena *a, struct str item, struct err *err) NODISCARD;

/* The first item that names none of these pipelines, or NULL. */
const struct reprocess_rule *reprocess_unused(const struct reprocess *r, const struct specs *specs);

struct ProtobufCMessage;

struct step {
	size_t part; /* the connected part of the graph that it belongs to (dag_parts) */
	const struct spec *spec;
	enum action action;
	bool reprocess;       /* old data is processed again */
	struct str old_image; /* the file's own image before the run, or the live one's */
	struct str new_image;
	struct str image_digest; /* of its tag, by its registry; empty: not asked */
	const struct node *tree; /* the rendered document */
	/* what it means to the cluster's release, where that is known (lint_request()); else NULL */
	const struct ProtobufCMessage *request;
	const struct deployed *live; /* NULL when planned without a cluster */
	struct str why;              /* why it is an update: the field that differs */
	struct differences diff;     /* what an update changes, where that is known */
	bool same_code;              /* what lives runs the same image and commands */
	struct str state;            /* the last state seen while waiting; may be empty */
	struct str reason;           /* the server's words on why it failed; may be empty */
	int64_t waited_s;  /* how long it was waited for: until it ran, failed or the run ended */
	uint64_t restores; /* the version whose stored spec this is; 0: a file's */
	struct mark mark;  /* the owner before the plan; not set: none, or unknown */
	bool is_renamed;   /* the mark names an earlier name of this repository (`renamed-from`) */
	bool is_edited;    /* what runs, and goes, is not what this owner pushed last */
	struct mark restored; /* of the version that is restored, as far as it is known */
	uint64_t new_version; /* once the cluster has taken it; 0 before */
	bool failed; /* the wait has found that it does not run, or its job has ended badly */
	bool undone; /* what was before has been put back */
	uint64_t back_version; /* as this version; 0: unknown, or the pipeline is gone again */
	bool raced; /* somebody else pushed at the same time: whose its versions are is unknown */
	bool half_done; /* below 1.12: the server stopped halfway; it does not run */
	bool starts; /* its spec is back, and input `prune` had stopped it: it is started again */
	bool is_started;      /* that is done */
	struct str start_set; /* the id of the jobs that this began; empty: none, or not known */
	bool unknown;         /* the answer was lost: whether the cluster took it is unknown */
};

/* An input repo that is not there and shall be created before the pipelines. */
struct plan_repo {
	struct str project, name;
	const struct step *reader; /* the first one */
};

struct plan {
	struct step *steps; /* in sending order */
	size_t count;
	size_t created, updated, kept;
	size_t started; /* how many stay as they are, and are started again: not in `kept` */
	struct removal *removals; /* pipelines that left git, readers first */
	size_t removal_count;
	struct plan_repo *repos;
	size_t repo_count, repo_room;
	bool split; /* what does not fit one transaction may go part by part */
};

/* One pipeline with everything that is known of it, in sending order. */
struct candidate {
	const struct spec *spec;
	size_t part;          /* dag_parts */
	uint64_t restores;    /* the version whose stored spec this is; 0: a file's */
	struct mark restored; /* as in struct step */
	const struct node *tree;
	const struct ProtobufCMessage *request; /* as in struct step */
	struct str new_image;                   /* empty: the spec's own, if it has one */
	bool is_left_out; /* input since: nothing of it changed; it is pushed where it is missing */
	const struct deployed *live;  /* NULL: no cluster was asked */
	struct comparison comparison; /* meaningful when live->exists */
};

/* Decides for each candidate. `keep_same`: leave out what already runs so (only: changed). A spec that
 * is the same is still sent where its reprocess policy is `always`. Lives in `a`. */
struct plan plan_make(struct arena *a, const struct candidate *list, size_t count, bool keep_same,
    const struct reprocess *reprocess);

/* How many pipelines it changes in any way: 0: none. */
size_t plan_changes(const struct plan *plan);

/* "create", "update", "unchanged". */
const char *action_name(enum action action);

#endif
