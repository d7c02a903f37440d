/* tokens.h: tokens that a cluster hands out and takes back. All of it after pachd_probe(). */
#ifndef PACHD_AUTH_TOKENS_H
#define PACHD_AUTH_TOKENS_H

#include <stdint.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct pachd;
struct secret;

/*
 * A new token for a robot ("robot:ci"), which lives `ttl_s` seconds, or less where the cluster allows no more
 * (1.10 to 1.13: 30 days). Owned by the caller. The request is sent once: when the answer is lost, there may be a
 * token that nobody knows until it expires. NULL: ERR_REFUSED without the right to hand out tokens, or where
 * authentication is off; the channel's failures.
 */
struct secret *pachd_new_token(
    struct pachd *p, struct str robot, int64_t ttl_s, struct err *err) NODISCARD;

/* Revokes a token; one that does not exist any more is not a failure. Failures as above. */
int pachd_revoke_token(struct pachd *p, const struct secret *token, struct err *err) NODISCARD;

/* The Pachyderm token that the cluster gives for an OpenID Connect ID token (1.12.0 and later). Owned by the
 * caller. NULL with ERR_REFUSED: the cluster does not trust the token's issuer; the channel's failures. */
struct secret *pachd_authenticate(
    struct pachd *p, const struct secret *id_token, struct err *err) NODISCARD;

#endif
