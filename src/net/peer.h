/* peer.h: what a connection shows of its server, for those who ask what is wrong with it. */
#ifndef NET_PEER_H
#define NET_PEER_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct arena;

enum { MAX_CERTIFICATES = 10 };

/* Times are in seconds since 1970, 0: not known. */
struct certificate {
	struct str subject, issuer; /* as OpenSSL writes names */
	int64_t from, until;
};

/* Filled at the first handshake and with each answer; everything lives in `arena`. */
struct peer {
	struct arena *arena;                        /* the caller's */
	struct certificate chain[MAX_CERTIFICATES]; /* the server's own first */
	size_t count;                               /* 0: plaintext, or the handshake failed */
	int64_t server_s; /* the last "date" header (RFC 9110, 6.6.1); 0: none came */
	int64_t our_s;    /* our own clock when it came */
};

#endif
