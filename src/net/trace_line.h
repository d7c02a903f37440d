/* trace_line.h: how the lines of trace.h are made; inside net/ only. */
#ifndef NET_TRACE_LINE_H
#define NET_TRACE_LINE_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "net/trace.h"

/* The version of TLS that a handle's connection agreed on, "TLSv1.3"; empty: none, or not known. */
struct tls_version {
	char name[16];
};

/* A connection that was just made. */
struct trace_link {
	struct str to;    /* the address that was asked for, "grpcs://host:443" */
	const char *ip;   /* of the other end */
	int port;         /* and its port */
	bool has_proxy;   /* the other end is a proxy */
	bool has_tls;     /* it uses TLS */
	int64_t begun_ms; /* clock_ms() when it was wanted */
};

/*
 * From now on the handle notes in *tls which version it agrees on with a server: libcurl says so to
 * a debug function only. It ends with trace_connected(), which must come before a request is sent,
 * so that the debug function never sees a header, or with trace_call(). Does nothing without a
 * trace. *code as SETOPT() has it.
 */
void trace_connecting(const struct trace *t, CURL *easy, struct tls_version *tls, CURLcode *code);

/* Ends what trace_connecting() began. With `link` (NULL: the connection was there before) it writes
 * the line "connected to grpcs://host:443 (10.0.0.1:443) in 12 ms: TLSv1.3". */
void trace_connected(const struct trace *t, CURL *easy, const struct tls_version *tls,
    const struct trace_link *link);

/* Writes "call NAME: OUTCOME in 12 ms, 45 bytes sent, 1203 bytes received"; the bytes are those of
 * bodies, without headers. `begun_ms` is clock_ms() when the call began. */
void trace_call(
    const struct trace *t, CURL *easy, struct str name, const char *outcome, int64_t begun_ms);

/* The name of a gRPC status code: "NOT_FOUND"; "a status without a name" for any other number. */
const char *trace_status(int status);

#endif
