/* url.h: cluster addresses as pachctl reads them (ParsePachdAddress() of its grpcutil). */
#ifndef NET_URL_H
#define NET_URL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct arena;

struct url {
	bool tls;         /* grpcs:// and https:// */
	bool is_loopback; /* 127.0.0.0/8, ::1, localhost */
	bool has_port;    /* a port was written; else `port` is the default, 30650 */
	const char *host; /* a name or an address, IPv6 without its brackets */
	uint16_t port;
	const char *text; /* "grpcs://host:port", for messages */
};

/*
 * grpc://, grpcs://, http://, https://, or bare "host:port" (plaintext, as pachctl). One '/' at the
 * end is allowed; a path, user info, query or fragment is not. IPv6 needs brackets when there is a
 * port. Strings live in `a`. -1 with ERR_USAGE, the text naming what is wrong and the hint a correct
 * example; user info is never repeated in it.
 */
int url_parse(struct arena *a, struct str text, struct url *out, struct err *err) NODISCARD;

/* The same for the address of a REST API; messages call it that, and the hint is "https://…". */
int url_parse_api(struct arena *a, struct str text, struct url *out, struct err *err) NODISCARD;

/* Checks that a secret may be sent to `to`: over TLS, to loopback, or where input allow-plaintext
 * is true. No other code decides it. -1: ERR_USAGE, naming the secret as `what` ("token") and the
 * address. */
int url_check_secret(
    const struct url *to, bool allow_plaintext, const char *what, struct err *err) NODISCARD;

#endif
