/*
 * pachd.h: a cluster of any generation from 1.7 to 2.11, behind one face.
 *
 * The order of use: pachd_open, pachd_probe (one flight: which release, who am I, what runs now),
 * pachd_compare (pure), pachd_preflight (what only matters for what differs), pachd_apply (the only one that
 * writes), pachd_close; the headers beside
 * this one have what else can be asked.
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
 * given where one is needed, the cluster is paused, the server is not a pachd or older than 1.7.
 */
int pachd_probe(struct pachd *p, const struct pachd_target *targets, size_t count,
    struct deployed *out, struct err *err) NODISCARD;

/* What pachd_probe() has found. */
struct pachd_facts {
	uint32_t
	    release; /* RELEASE(2, 11, 6); the newest known where the server does not say; 0: pachup
	                      does not support it, and only `text` may be known */
	struct str text;  /* "2.11.6", with its suffix for a prerelease */
	struct str user;  /* "robot:ci"; empty when authentication is off */
	bool has_login;   /* authentication is on */
	bool says_expiry; /* it says when a token expires (1.7.5+) */
	int64_t
	    expires_s; /* when the token expires, in seconds since 1970; 0: never, or not said */
	bool projects; /* pipelines live in projects (2.5+) */
	bool atom;     /* inputs are "atom", not "pfs" (before 1.8.1) */
	bool transactions;   /* several pipelines change at once or not at all (1.12+) */
	bool defaults;       /* specs go as JSON, and the cluster's defaults apply (2.8+) */
	bool versions;       /* earlier versions of a pipeline can be asked for (1.8+) */
	bool annotations;    /* pipelines carry annotations in their specs (1.10+) */
	bool repo_metadata;  /* repos and projects carry keys and values (2.10+) */
	bool metadata;       /* pipelines carry keys and values beside their specs (2.11+) */
	bool counts_workers; /* it says how many workers of a pipeline are up (1.11+) */
	bool is_unnumbered; /* it reports no release (0.0.0); `release` is one that answers alike */
	bool login_failed;  /* the token was refused, or none was given where one is needed */
	bool is_newer;      /* newer than any release that pachup was made for */
};
const struct pachd_facts *pachd_facts(const struct pachd *p);

/* Whether pachd_probe() has seen a pipeline of that name in a list of all. */
bool pachd_is_listed(const struct pachd *p, struct str project, struct str name);

/* Whether it is a release before 2.0: other services, other calls. */
bool pachd_is_1x(const struct pachd_facts *facts);

/* Where it is. */
const struct url *pachd_url(const struct pachd *p);

/* From now on neither a signal nor the deadline ends a call, but `grace_ms` from now: for undoing. */
void pachd_grace(struct pachd *p, int64_t grace_ms);

#endif
