/*
 * rest.h: a REST API over HTTPS: requests with a bearer token, answers as bytes.
 *
 * One request at a time. TLS 1.2 or later with full verification; http:// only to loopback.
 * Redirects are never followed, so that the token goes only to the address that was asked for.
 * Requests that the API may get twice (GET, PUT, DELETE) are sent again after a lost connection,
 * 429 or 5xx; the others (POST, PATCH) only after a refusal by a rate limit. "Retry-After" and
 * "X-RateLimit-Reset" are obeyed within the deadline.
 */
#ifndef NET_REST_H
#define NET_REST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "net/reach.h"
#include "net/trace.h"
#include "secret/audience.h"

struct arena;
struct rest;
struct rest_group;
struct secret;
struct watch;

/* All that its pointers name is borrowed until rest_close(). */
struct rest_opts {
	/* "https://api.example" or "https://host/api/v3", without '/' at its end */
	const char *base;
	const struct secret *token; /* sent as "Authorization: Bearer"; NULL: none */
	bool is_basic; /* instead: as "Authorization: Basic", the password of an empty user name */
	bool is_pair;  /* instead: as "Authorization: Basic"; it is NAME:PASSWORD */
	enum audience audience;   /* the host of `base`; the token must be meant for it */
	struct rest_group *group; /* whose connections it uses (net/rest_group.h); NULL: its own */
	/* an answer of another host named this address: it must be on the internet, or as near as
	 * that host is */
	bool is_led;
	enum reach led_by; /* with is_led: how near that host is */
	/* "Name: value" lines of every request, ended by NULL; or NULL */
	const char *const *headers;
	/* the answer's header by which the server's support finds a request; NULL: none */
	const char *request_header;
	const char *user_agent; /* "pachup/1.0.0" */
	size_t most_bytes;      /* of one answer's body; 0: MAX_REST_BYTES */
	const char *ca_file;    /* PEM roots instead of the system's; NULL */
	const char *ca_default; /* where the system's are (SSL_CERT_FILE); NULL: libcurl's place */
	const char *proxy;      /* for TLS only (net/proxy.h); NULL: none */
	int64_t connect_ms;     /* how long TCP and TLS may take */
	int64_t deadline_ms;    /* clock_ms() when everything must be over; 0: never */
	int stop_fd;            /* readable when the run must stop; only polled. -1: none */
	struct watch *watch;    /* cuts the connection when the server keeps libcurl busy; NULL */

	/* called before a request is sent again; `attempt` counts from 1, `pause_ms` has just
	 * passed; NULL */
	void (*on_retry)(void *ctx, const struct err *why, int attempt, int64_t pause_ms);
	void *retry_ctx;
	struct trace trace; /* a line for each request and connection */
};

struct rest_request {
	const char *method;       /* "GET" */
	const char *path;         /* "/repos/o/r", behind the base; or a reply's `next` */
	struct str body;          /* borrowed; empty: none. It may hold a secret: we keep no copy */
	const char *content_type; /* of the body; NULL: it is JSON */
};

struct rest_reply {
	int status;       /* any HTTP status but a redirect */
	struct str body;  /* NUL-ended; lives until the next request, then it is wiped */
	const char *next; /* the next page's URL, of the same origin; NULL: there is none */
	bool is_cut;      /* there is a next page, but its URL is too long or of another origin */
	bool is_unknown;  /* an attempt was lost or got 5xx: the server may have done it */
	const char *request;   /* the value of request_header; "" */
	const char *challenge; /* WWW-Authenticate, several joined by ", "; "" */
	const char *digest;    /* Docker-Content-Digest; "" */
	const char *type;      /* Content-Type; "" */
	enum reach reach;      /* where the connection went; behind a proxy REACH_PUBLIC */
	int64_t wait_s; /* how many seconds a rate limit lasts that was reached; 0: none was */
};

/* Owned: end it with rest_close(); closing NULL is fine. Connects at the first request. NULL:
 * ERR_USAGE rest_check_base() refuses the base; ERR_SYSTEM no memory. */
struct rest *rest_open(const struct rest_opts *opts, struct err *err) NODISCARD;
void rest_close(struct rest *r);

/*
 * Sends the request and waits for the answer; *out lives until the next request. 0 for every HTTP
 * status but a redirect. -1: ERR_USAGE the path is too long; ERR_REFUSED the token is not for this
 * host, or is_led and the address is too near; ERR_SYSTEM no memory; ERR_NETWORK no connection, TLS
 * refused, the answer was lost, is longer than most_bytes, or is a redirect; ERR_TIMEOUT the
 * deadline; ERR_INTERRUPTED stop_fd.
 */
int rest_send(struct rest *r, const struct rest_request *request, struct rest_reply *out,
    struct err *err) NODISCARD;

/* Checks a base: "https://host[:port][/path]", or http:// to loopback, without user info. -1:
 * ERR_USAGE, naming it as `what` ("GITHUB_API_URL"); the text is not repeated, for it may hold a
 * password. */
int rest_check_base(const char *base, const char *what, struct err *err) NODISCARD;

/* After a failure of rest_send(): whether the server may have got the request. */
bool rest_may_be_done(const struct rest *r);

/* Percent-encodes one part of a path or query (RFC 3986, unreserved characters stay); in `a`. */
struct str rest_escape(struct arena *a, struct str part);

#endif
