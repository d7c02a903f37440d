/*
 * pps.h: pipelines run now, their jobs and logs, and Kubernetes secrets, on a cluster of any generation. All
 * after pachd_probe(); failures are those of pachd_probe(), and what the cluster refuses is ERR_REFUSED.
 */
#ifndef PACHD_PPS_PPS_H
#define PACHD_PPS_PPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "pachd/pfs/pfs.h"
#include "pipeline/progress.h"

struct pachd;
struct pachd_target;

/* Starts a job of the pipeline now (1.9+), or with `cron` a tick of its cron inputs (1.9.10+). Sent once. */
int pps_run(
    struct pachd *p, const struct pachd_target *target, bool cron, struct err *err) NODISCARD;

/* Makes a new version of the pipeline from its own spec (2.8+); with `reprocess` all data is processed again. Sent
 * once. */
int pps_rerun(
    struct pachd *p, const struct pachd_target *target, bool reprocess, struct err *err) NODISCARD;

/* The pipeline's newest job; *found is false where it has none. In `a`. */
int pps_last_job(struct pachd *p, struct arena *a, const struct pachd_target *target, bool *found,
    struct job *out, struct err *err) NODISCARD;

/* One job, by its pipeline and id. */
int pps_job(struct pachd *p, struct arena *a, const struct job *which, struct job *out,
    struct err *err) NODISCARD;

/* 1.x: passes on the jobs that the commit started, each when it has ended; returns when all have. `tick` is called
 * about once a second meanwhile; or NULL. */
typedef int pps_take_job(void *ctx, const struct job *job, struct err *err);
typedef void pps_tick(void *ctx);
int pps_flush(struct pachd *p, const struct pfs_ref *at, pps_take_job *take, pps_tick *tick,
    void *ctx, struct err *err) NODISCARD;

struct pps_line {
	struct str pipeline, job, worker, datum, message; /* may be empty */
	int64_t time_s;
	bool is_user; /* written by the user's code, not by Pachyderm */
};

struct pps_logs {
	struct pachd_target *target; /* of a pipeline; or NULL */
	const struct job *job;       /* of a job: its id, and from 2.0 its pipeline; or NULL */
	bool follows;                /* waits for more lines at the end */
	int64_t tail;                /* so many last lines of each worker; 0: all */
};

/* Called with each line as it comes; `line` lives until it returns. -1 with *err ends the call with that failure. */
typedef int pps_take_line(void *ctx, const struct pps_line *line, struct err *err);
int pps_read_logs(struct pachd *p, const struct pps_logs *logs, pps_take_line *take, void *ctx,
    struct err *err) NODISCARD;

/* A Kubernetes secret that pachd has made. */
struct pps_secret {
	struct str name, type;
	int64_t created_s;
};

/* All secrets that pachd has made (1.10+); in `a`. */
int pps_secrets(struct pachd *p, struct arena *a, struct pps_secret **out, size_t *count,
    struct err *err) NODISCARD;

/* Whether a secret of that name exists, whoever made it (1.10+). */
int pps_has_secret(struct pachd *p, struct str name, bool *there, struct err *err) NODISCARD;

/* Creates a secret; `request` is a serialized CreateSecretRequest, borrowed: its caller wipes it. Sent once. */
int pps_create_secret(struct pachd *p, struct str request, struct err *err) NODISCARD;
int pps_delete_secret(struct pachd *p, struct str name, struct err *err) NODISCARD;

/* A version of a pipeline. */
struct pps_version {
	uint64_t version;
	struct str image, created_by, git_commit; /* may be empty */
	int64_t created_s;
	struct str job_state; /* of the last of its jobs that the server has kept; empty: none */
	struct str job;       /* that job's id */
	struct str spec_commit;
};

/* What is to be read of a pipeline's past. */
struct pps_past {
	size_t most; /* versions, the newest */
	bool jobs;   /* and the last job and the author of each */
};

/* The pipeline's versions, newest first (before 1.8 only the live one); in `a`. */
int pps_versions(struct pachd *p, struct arena *a, const struct pachd_target *target,
    const struct pps_past *wanted, struct pps_version **out, size_t *count,
    struct err *err) NODISCARD;

/* The job that wrote the commit, and the version of its pipeline; *found is false where no job did. In `a`. */
int pps_job_of(struct pachd *p, struct arena *a, const struct pfs_ref *commit, bool *found,
    struct job *job, uint64_t *version, struct err *err) NODISCARD;

#endif
