/*
 * pachd.h: a cluster of any generation from 1.7 to 2.11, behind one face.
 *
 * The order of use: pachd_open, pachd_look (one flight: which release, who am I, what runs now),
 * pachd_check and pachd_compare (pure), pachd_apply (the only one that writes), pachd_close.
 */
#ifndef PACHD_PACHD_H
#define PACHD_PACHD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/base.h"
#include "base/diag.h"
#include "base/err.h"
#include "net/channel.h"
#include "pipeline/live.h"
#include "pipeline/plan.h"

struct arena;
struct pachd;

/* Owned: end it with pachd_close(). Connects at the first call. `a` must outlive it. Failures as
 * channel_open(). */
struct pachd *pachd_open(
    struct arena *a, const struct channel_opts *opts, struct err *err) NODISCARD;
void pachd_close(struct pachd *p);

struct pachd_target {
	struct str project, name;
};

/*
 * Asks, all in one flight and in both lines' words at once, for the server's version, for the caller's
 * name, and for each target what runs now; out[i] is target i's. Must succeed before anything else.
 * -1: ERR_NETWORK and its like from the channel; ERR_REFUSED: the token is not accepted, no token was
 * given where one is needed, the cluster is paused, the server is no pachd or older than 1.7.
 */
int pachd_look(struct pachd *p, const struct pachd_target *targets, size_t count, struct live *out,
    struct err *err) NODISCARD;

enum pachd_known { PACHD_UNKNOWN, PACHD_THERE, PACHD_MISSING };

/* What the caller may do with a repo or in a project, where the server says. */
struct pachd_rights {
	bool told; /* else nothing is known: authentication is off, or this release does not say */
	bool read, add_reader, write, create_branch; /* with a repo */
	bool list_repos, create_repo;                /* in a project */
};

struct pachd_repo {
	struct pachd_target target; /* by the caller; its project counts from 2.5 */
	enum pachd_known known;
	struct pachd_rights rights;
	struct str *branches; /* none: it has none, or the server does not say */
	size_t branch_count;
};

struct pachd_secret {
	struct str name; /* by the caller */
	enum pachd_known known;
};

struct pachd_project {
	struct str name; /* by the caller */
	enum pachd_known known;
	struct pachd_rights rights;
};

/* What pipelines need around them. The caller fills in what it asks for, each once. */
struct pachd_around {
	struct pachd_repo *repos;
	struct pachd_secret *secrets; /* of Kubernetes; asked for from 1.10 */
	struct pachd_project *projects;
	size_t repo_count, secret_count, project_count;
	bool has_login; /* set by pachd_look_around(): rights are asked for */
	bool wants_id;
	struct str id; /* the cluster's own; empty where it tells none */
};

/* As pachd_look(), and in the same flight asks what is around the pipelines. What the server does not know
 * or refuses to tell stays PACHD_UNKNOWN. */
int pachd_look_around(struct pachd *p, const struct pachd_target *targets, size_t count,
    struct live *out, struct pachd_around *around, struct err *err) NODISCARD;

/* What pachd_look() has found. */
struct pachd_facts {
	uint32_t version;  /* VERSION(2, 11, 6); the newest known where the server does not say */
	struct str text;   /* "2.11.6", with its suffix for a prerelease */
	struct str user;   /* "robot:ci"; empty when authentication is off */
	bool projects;     /* pipelines live in projects (2.5+) */
	bool atom;         /* inputs are "atom", not "pfs" (before 1.8.1) */
	bool transactions; /* several pipelines change at once or not at all (1.12+) */
	bool defaults;     /* specs go as JSON, and the cluster's defaults apply (2.8+) */
	bool versions;     /* earlier versions of a pipeline can be asked for (1.9+) */
	bool metadata;     /* pipelines carry keys and values beside their specs (2.11+) */
	bool is_newer;     /* newer than any release that pachup was made for */
};
const struct pachd_facts *pachd_facts(const struct pachd *p);

/* Whether it is a release before 2.0: other services, other calls. */
bool pachd_is_1x(const struct pachd_facts *facts);

/* Where it is. */
const struct url *pachd_url(const struct pachd *p);

/* What is asked after pachd_look() by those who ask how the cluster is. */
struct pachd_health {
	bool has_login;    /* authentication is on; pachd_facts() has the user's name */
	bool is_admin;     /* 1.x: of the whole cluster */
	int64_t expires_s; /* when the token lapses, in seconds since 1970; 0: never, or not said */
	bool is_paused;    /* 2.8+ */
	struct str id;     /* the cluster's; 2.x */
	struct str *warnings; /* the server's own words on versions that do not fit */
	size_t warning_count;
};

/* `now_s`: our clock, in seconds since 1970. A call that this release does not have leaves its part
 * empty; so does one that is refused. -1: the channel's failures. */
int pachd_health(
    struct pachd *p, int64_t now_s, struct pachd_health *out, struct err *err) NODISCARD;

struct pachd_listed {
	struct str project, name;
	struct live live;
};

/* All pipelines of the cluster in *count entries of *out, by project and name; in the cluster's arena.
 * After pachd_look(). Failures as pachd_look(). */
int pachd_list(
    struct pachd *p, struct pachd_listed **out, size_t *count, struct err *err) NODISCARD;

/* How the rendered document compares with what runs. What cannot be proved equal counts as
 * different. */
struct likeness pachd_compare(
    const struct pachd *p, const struct node *tree, const char *file, const struct live *live);

/* What runs now, asked again after pachd_look(): one call, or one for each target where they are few.
 * Everything lives in `scratch`. Failures as pachd_look(). */
int pachd_poll(struct pachd *p, struct arena *scratch, const struct pachd_target *targets,
    size_t count, struct live *out, struct err *err) NODISCARD;
/* The same for those who ask once: a lost connection and the like is asked again, as channel_ask() does. */
int pachd_see(struct pachd *p, struct arena *scratch, const struct pachd_target *targets,
    size_t count, struct live *out, struct err *err) NODISCARD;

/* One earlier version of a pipeline. */
struct pachd_past {
	struct pachd_target target;
	uint64_t wanted; /* this version, or 0: the last one before the version `before` */
	uint64_t before;
	struct live
	    found; /* by pachd_history(); `exists` is false where the server has none such */
};

/* Looks for earlier versions, all in one flight; the server keeps them from 1.9 on. Failures as
 * pachd_look(). */
int pachd_history(
    struct pachd *p, struct pachd_past *list, size_t count, struct err *err) NODISCARD;

/* The spec that a version was made of, as a document to push again: as it was submitted where the server
 * keeps that (2.8+), else drawn from what the server made of it, without what is the server's own. NULL
 * with ERR_REFUSED when it cannot be read. */
struct node *pachd_tree(const struct pachd *p, const struct live *live, struct err *err);

/* Stops the pipeline, as a user would; one that is stopped stays so. Failures as pachd_look(). */
int pachd_stop(struct pachd *p, const struct pachd_target *target, struct err *err) NODISCARD;

/* From now on neither a signal nor the deadline ends a call, but `grace_ms` from now: for undoing. */
void pachd_grace(struct pachd *p, int64_t grace_ms);

/* A key and a value that a pipeline carries beside its spec. */
struct pachd_mark {
	const char *key;
	struct str value;
};

/* Puts the marks on each pipeline that the plan has created or updated, and the version that they are about, in
 * one call; nothing where the
 * release has no such thing (facts->metadata). Failures as pachd_look(). */
int pachd_put_marks(struct pachd *p, const struct plan *plan, const struct pachd_mark *marks,
    size_t count, struct err *err) NODISCARD;

struct job;
struct jobs;

/* The jobs of some transactions or commit sets (2.x), in one flight. A set that is not there yet, or not
 * any more, has none. They live in `scratch`. */
int pachd_jobs(struct pachd *p, struct arena *scratch, const struct str *ids, size_t count,
    struct jobs *out, struct err *err) NODISCARD;

/* Pipelines and what runs now under their names. */
struct pachd_seen {
	const struct pachd_target *targets;
	const struct live *live;
	size_t count;
};

/* The jobs that the spec commits seen have started (1.x), which the server tells of when they have ended:
 * this call waits some seconds for them, and what has more to come has one that is "running", without an id.
 * Jobs of pipelines further down are not looked at. */
int pachd_flush(struct pachd *p, struct arena *scratch, const struct pachd_seen *seen,
    struct jobs *out, struct err *err) NODISCARD;

/* The last `most` lines that the user's code wrote in a job, oldest first; none where the server has
 * none to give. */
size_t pachd_logs(
    struct pachd *p, struct arena *scratch, const struct job *job, size_t most, struct str *lines);

/* The last `most` Kubernetes events that name the pipeline (2.5+); none where the server does not tell. */
size_t pachd_events(struct pachd *p, struct arena *scratch, const struct pachd_target *target,
    size_t most, struct str *lines);

/* Whether the plan's changes are few enough for one transaction, where the release counts them (1.12, 1.13).
 * -1 with ERR_SPEC. Their size shows when they are sent. */
int pachd_check_fit(const struct pachd *p, const struct plan *plan, struct err *err) NODISCARD;

/* How the changes went. */
struct pachd_result {
	struct str transaction; /* its id, the last one's where there were several; else empty */
	size_t transactions;    /* how many there were */
	size_t done;  /* how many changes the cluster has taken; in order where it took them
	                           one by one */
	size_t repos; /* how many input repos it has created */
	bool unknown; /* the answer to the change number `done` was lost, and asking again did
	                           not tell */
};

/*
 * Creates the plan's repos, and sends its creates and updates: one alone by its own call; several in one transaction
 * from 1.12, and one after the other below, where the first failure ends it. Fills new_version of what
 * was done. On failure nothing has changed, or `out` says what has: *out is written either way.
 * -1: ERR_REFUSED with the pipeline's name and what to do; ERR_SPEC: too many or too large for one
 * transaction (nothing was sent); ERR_SUPERSEDED: somebody else has changed what the plan is made for,
 * but where that is just what the plan wants the result is 0 and the plan's steps are kept; the channel's
 * failures. After ERR_INTERRUPTED and ERR_TIMEOUT no
 * transaction of ours is left open; below 1.12 a write that was sent is always waited for.
 */
int pachd_apply(
    struct pachd *p, struct plan *plan, struct pachd_result *out, struct err *err) NODISCARD;

#endif
