/*
 * pachd.h: a cluster of any generation from 1.7 to 2.11, behind one face.
 *
 * The order of a push: pachd_open, pachd_probe (the release, the login, what runs), pachd_compare (makes no call),
 * pachd_preflight (repos, secrets, projects, rights), pachd_apply (creates and updates), pachd_close. The headers
 * beside this one have all other calls; they come after pachd_probe(), too.
 */
#ifndef PACHD_PACHD_H
#define PACHD_PACHD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "net/channel.h"

struct arena;
struct deployed;
struct pachd;
struct url;

/* Owned: end it with pachd_close(), which takes NULL. Connects at the first call. All that is learned lives in `a`.
 * Failures as channel_open(). */
struct pachd *pachd_open(
    struct arena *a, const struct channel_opts *opts, struct err *err) NODISCARD;
void pachd_close(struct pachd *p);

struct pachd_target {
	struct str project, name;
};

/*
 * Asks, in one flight and by the calls of both interfaces, for the server's version, for the caller's name, and
 * for what runs now under each target: out[i] is target i's. Must succeed before anything else. -1: the channel's
 * failures; ERR_REFUSED: the token is not accepted, no token was given where one is needed, the cluster is paused,
 * the server is not a pachd or older than 1.7; ERR_SPEC: a target names a project, and the release has none;
 * ERR_NETWORK: an answer cannot be read.
 */
int pachd_probe(struct pachd *p, const struct pachd_target *targets, size_t count,
    struct deployed *out, struct err *err) NODISCARD;

/* What pachd_probe() has found. */
struct pachd_facts {
	/* RELEASE(2, 11, 6); 0: pachup does not support it, and only `text` may be known */
	uint32_t release;
	struct str text;  /* "2.11.6", with its suffix for a prerelease */
	struct str user;  /* "robot:ci"; empty when authentication is off */
	bool has_login;   /* authentication is on */
	bool says_expiry; /* the server says when a token expires (1.7.5+) */
	/* when the token expires, in seconds since 1970; 0: never, or not said */
	int64_t expires_s;
	bool projects;       /* pipelines live in projects (2.5+) */
	bool atom;           /* inputs are "atom", not "pfs" (before 1.8.1) */
	bool transactions;   /* several pipelines change at once or not at all (1.12+) */
	bool defaults;       /* specs go as JSON, and the cluster's defaults apply (2.8+) */
	bool versions;       /* earlier versions of a pipeline can be asked for (1.8+) */
	bool annotations;    /* pipelines carry annotations in their specs (1.10+) */
	bool repo_metadata;  /* repos and projects carry keys and values (2.10+) */
	bool metadata;       /* pipelines carry keys and values beside their specs (2.11+) */
	bool counts_workers; /* the server says how many workers of a pipeline are up (1.11+) */
	bool is_unnumbered;  /* the server reports 0.0.0; `release` is one with the same calls */
	bool login_failed;   /* the token was refused, or none was given where one is needed */
	bool is_newer;       /* newer than any release that pachup was made for */
};
const struct pachd_facts *pachd_facts(const struct pachd *p);

/* Whether pachd_probe() has seen a pipeline of that name in a list of all. */
bool pachd_is_listed(const struct pachd *p, struct str project, struct str name);

/* Whether the release is before 2.0: other services, other calls. */
bool pachd_is_1x(const struct pachd_facts *facts);

/* The address of the cluster. */
const struct url *pachd_url(const struct pachd *p);

/* From now on neither a signal nor the deadline ends a call; all must be over in `grace_ms` from now: for undoing. */
void pachd_grace(struct pachd *p, int64_t grace_ms);

#endif
