/* progress.h: whether the pushed version runs, judged by the states that the cluster reports. Pure. */
#ifndef PIPELINE_PROGRESS_H
#define PIPELINE_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/base.h"
#include "base/str.h"
#include "pipeline/deployed.h"

enum progress {
	PROGRESS_WAITING,    /* not there yet */
	PROGRESS_UP,         /* our version is live, its workers are up or it is in standby */
	PROGRESS_PAUSED,     /* our version is live, a user has stopped it: it will not start */
	PROGRESS_FAILED,     /* it will not come up by itself */
	PROGRESS_SUPERSEDED, /* somebody pushed another version, or deleted it */
};

/* Whether a good pipeline leaves the state again by itself: "crashing", "restarting". */
bool state_is_shaky(struct str state);

/* How far the pipeline is whose version `wanted` should be live. `shaky_ms`: how long it has been in a shaky
 * state, which is a failure from `grace_ms` on. */
enum progress progress_of(
    const struct deployed *now, uint64_t wanted, int64_t shaky_ms, int64_t grace_ms);

/* One job of the push. */
struct job {
	struct str project, pipeline, id;
	struct str state;  /* "running", "success", … in Pachyderm's words */
	struct str reason; /* may be empty */
	int64_t total, processed, skipped, failed; /* datums */
	int64_t started_ns, finished_ns;           /* since 1970; 0: not yet */
	int64_t written;                           /* bytes of its output */
};

struct jobs {
	struct job *list; /* sorted by pipeline, and by when they were started */
	size_t count;
};

/* "failure", "unrunnable", "killed". */
bool job_has_failed(struct str state);

/* Whether it ended badly only because of something else: its inputs failed ("unrunnable", or as a failure with
 * that reason), or it was killed. */
bool job_is_consequence(const struct job *job);

/* WAITING, UP (success), FAILED, or SUPERSEDED (killed). */
enum progress job_progress(struct str state);

#endif
