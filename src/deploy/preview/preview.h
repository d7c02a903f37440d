/*
 * preview.h: a pull request runs on production's data, in a project of its own.
 *
 * The order of a preview: preview_prepare() decides from the files alone which pipelines it has, moves them into its
 * project and notes what they read; preview_look() asks the cluster what is there; preview_make() makes the project and
 * fills the copies; then comes the transaction of the pipelines, as in every push; preview_measure() reads how it went.
 * Projects, repos and files are in no transaction with the pipelines: each step finds what an earlier run has left.
 */
#ifndef DEPLOY_PREVIEW_PREVIEW_H
#define DEPLOY_PREVIEW_PREVIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "deploy/preview/guard.h"
#include "diag/diag.h"
#include "inputs/options.h"
#include "pachd/pfs/pfs.h"
#include "pipeline/progress.h"

struct inside;
struct preview_gate;
struct pachd;
struct plan;
struct preview_keys;
struct run;
struct spec;
struct work;

enum copy_state {
	COPY_NEW,   /* the repo is not there */
	COPY_EMPTY, /* the repo is there, and nothing is in its branch */
	COPY_OPEN,  /* somebody was killed while it was filled */
	COPY_MOVED, /* it holds another commit, or other paths of it */
	COPY_SAME,
};

/* A branch of a repo in the preview's project, which is filled with a copy. */
struct preview_input {
	struct str project, repo;  /* what is copied; the preview's repo has the same name */
	struct str branch;         /* of it */
	struct str into;           /* the branch in the preview */
	struct items paths;        /* globs; none: all */
	bool is_tick;              /* the repo of a cron input: its last tick alone is copied */
	const struct spec *reader; /* the first one */
	struct span at;            /* where that reads it */
	/* preview_look(): */
	bool has_source;          /* there is a finished commit without error */
	struct pfs_commit source; /* the newest */
	size_t passed;            /* newer ones, which are open or have failed */
	struct str about;         /* what the copy's commit says: which commit of what was copied */
	enum copy_state state;
	struct str commit; /* the open one */
};

enum {
	PREVIEW_MAX_FILES = 10000, /* so many are counted of an output: 3 MB of answers */
};

/* How many files a job has written. */
struct preview_files {
	bool is_known;
	size_t count; /* PREVIEW_MAX_FILES + 1: more than that */
};

/* A pipeline of the preview, and the one that it previews. */
struct preview_member {
	const struct spec *spec;
	struct str base_project;
	bool has_before; /* production has run it */
	struct job before;
	/* preview_measure(): */
	bool has_job;
	struct job job;
	struct preview_files files, files_before;
};

struct preview {
	struct run *run;
	const struct preview_keys *keys;
	struct preview_template template;
	struct preview_names names;
	struct str project;         /* one of them */
	struct preview_label label; /* whose it is, and until when */
	struct preview_input *inputs;
	size_t input_count, input_room;
	struct preview_member *members; /* in the order of work->all */
	size_t member_count;
	bool is_there;         /* the project is */
	struct inside *inside; /* what is in it, where it is there */
	bool
	    clears; /* what is in it does not fit any more, as another set of pipelines changed: all of it goes first */
	struct preview_gate *gates;
	size_t gate_count;
	int64_t datums;    /* of production's last jobs of the members */
	size_t unmeasured; /* members that production has never run */
};

/* A preview is of one pull request, whose code only those can have written who may write to the repository. -1 with ERR_REFUSED:
 * the run's target is a preview, and the run is about no pull request. */
int preview_check_event(const struct run *run, struct err *err) NODISCARD;

/*
 * Of a target with `preview: true`: leaves in `work` what changed (with `downstream` also what reads from that), moves it
 * into the pull request's project, and notes what is to be copied; *out is NULL where nothing changed. Mistakes are in
 * run->diags. -1: ERR_REFUSED this run is about no pull request; ERR_SPEC mistakes (shown); ERR_USAGE a key that fits
 * nothing.
 */
int preview_prepare(
    struct run *run, struct work *work, struct preview **out, struct err *err) NODISCARD;

/* The template of a target's projects, in the run's arena. */
struct preview_template preview_template_of(
    struct run *run, const struct preview_keys *keys, struct str repository);

/* After a probe that failed: puts into *err that pachd has no projects, where that is the reason. Always -1. */
int preview_check_release(
    const struct preview *preview, const struct pachd *cluster, struct err *err);

/*
 * After pachd_probe(): whose the project is, what is to be copied, and what production's last jobs say. Only reads.
 * Mistakes are in run->diags. -1: ERR_REFUSED pachd has no projects, or the project is not ours, or more datums than
 * `max-datums`; the channel's failures.
 */
int preview_look(struct preview *preview, struct pachd *cluster, struct err *err) NODISCARD;

/* Makes the project, the repos and the copies, as far as they are not there. Every call may be the last one: the next run
 * goes on. Failures as pfs.h. */
int preview_make(struct preview *preview, struct pachd *cluster, struct err *err) NODISCARD;

/* Reads the last job of each pipeline, counts the files of its output and of production's, and reads the values of the gates.
 * What cannot be read is left out. */
void preview_measure(struct preview *preview, struct pachd *cluster);

#endif
