/*
 * call.h: inside net/ only: one call in flight on its libcurl handle.
 *
 * channel.c owns the connection; flight.c decides when a call starts and when it must stop; call.c
 * puts it on a handle; answer.c reads what comes back; explain.c says why nothing came back.
 */
#ifndef NET_CALL_H
#define NET_CALL_H

#include <curl/curl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/base.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "net/channel.h"
#include "net/frame.h"
#include "net/trace_line.h"

struct arena;

/* What the response headers said, of the last header block that began with a status line. */
struct answer {
	int http_status;       /* 0: no status line yet */
	bool is_http1;         /* the status line was not one of HTTP/2 */
	bool is_grpc;          /* content-type application/grpc */
	bool is_status_known;  /* grpc-status came */
	bool is_to_tls;        /* location: https://… */
	int grpc_status;       /* meaningful with is_status_known */
	struct str message;    /* grpc-message as sent, in the flight's arena */
	char content_type[64]; /* cut; printable ASCII only */
	size_t header_bytes;   /* of all blocks and trailers of the call */
};

/* The channel's one connection, as far as we know it. */
struct connection {
	enum { LINK_NONE, LINK_OPENING, LINK_OPEN } link;
	curl_socket_t opened[4]; /* the sockets tried last, while addresses race each other */
	size_t opened_count;
	curl_socket_t socket;   /* the one that won; CURL_SOCKET_BAD: not known */
	bool is_corked;         /* small packets are held back */
	bool is_heard;          /* a gRPC answer came over it */
	bool was_heard;         /* or over one before it: there is a gRPC server at the address */
	struct tls_version tls; /* for the trace only */
	size_t greeting_len;
	unsigned char greeting[16]; /* the first raw bytes that a plaintext server sent, if seen */
};

/* A place in the channel for one call at a time. The handle is kept for the next one. */
struct stream {
	CURL *easy;
	const struct channel_opts *opts;
	struct connection *connection;
	struct call *call;   /* NULL: the place is free */
	struct arena *arena; /* the flight's */
	struct answer answer;
	struct buf received; /* message bytes that are not a whole message yet */
	size_t reply_room;
	size_t stream_bytes; /* what all messages so far count against MAX_STREAM_BYTES */
	unsigned char prefix[FRAME_PREFIX_BYTES];
	struct str message;   /* the one that is being sent */
	size_t uploaded;      /* of prefix and message together */
	bool is_last;         /* none comes after it */
	int64_t begun_ms;     /* when the call began, then when its request did */
	int64_t ends_ms;      /* when this call's own time is over; 0: never */
	bool is_opener;       /* it may open the connection */
	bool is_early;        /* an answer came before the request was all sent */
	bool is_without_link; /* there was no connection to join, and it may not open one */
	struct err broken;    /* why we ended the call; ERR_NONE: we did not */
	char detail[CURL_ERROR_SIZE];
};

enum { MAX_AUTHORITY_BYTES = 300 }; /* a host of 253 bytes, brackets, a port, a scheme */

struct channel {
	struct channel_opts opts;
	CURLM *multi;
	struct connection connection;
	bool is_grace;                  /* channel_grace() was called: stop_fd is ignored */
	int64_t deadline_ms;            /* 0: never */
	char base[MAX_AUTHORITY_BYTES]; /* "https://name:port", what every call's URL begins with */
	char redirect[MAX_AUTHORITY_BYTES]; /* "::host:port", for CURLOPT_CONNECT_TO */
	struct curl_slist connect_to;       /* names `redirect` */
	struct stream streams[MAX_RPC_STREAMS];
};

/* channel.c */

/* What ends the calls: stop_fd of the options; -1 while the run cleans up. */
int channel_stop_fd(const struct channel *c);

/* Blocks SIGPIPE while libcurl works, and takes one that came off the queue afterwards: OpenSSL
 * writes without MSG_NOSIGNAL, and libcurl leaves signals alone (CURLOPT_NOSIGNAL). */
void sigpipe_hold(sigset_t *before);
void sigpipe_release(const sigset_t *before);

/* flight.c */

/* 0 when all calls were answered; -1: *err is why the first of the others was not. */
int calls_verdict(const struct call *calls, size_t count, struct err *err) NODISCARD;

/* call.c */

/* What the calls of one flight have in common. */
struct flight_parts {
	const char *base;              /* "https://name:port" */
	struct curl_slist *connect_to; /* NULL: where `base` says */
	struct curl_slist *token;      /* the authn-token line; NULL: none */
	int64_t deadline_ms;           /* 0: never */
	struct arena *arena;
};

/* Makes the handle of a zeroed place, with all options that are the same for every call. -1:
 * ERR_SYSTEM no memory. */
int stream_open(struct stream *s, const struct channel_opts *opts, struct connection *connection,
    struct err *err) NODISCARD;
void stream_close(struct stream *s);

/* Puts `call` on the handle, ready for curl_multi_add_handle(); `is_opener`: it may open the
 * connection. -1: the call cannot be sent (ERR_NETWORK: too large, or a header that is not
 * printable; ERR_SYSTEM no memory); the place stays free. */
int stream_begin(struct stream *s, struct call *call, const struct flight_parts *parts,
    bool is_opener, struct err *err) NODISCARD;

/* Writes the outcome into the call and frees the place; `code` is what libcurl said at its end. */
void stream_end(struct stream *s, CURLcode code);

/* Frees the place and leaves the call as it is. */
void stream_drop(struct stream *s);

/* Copies the first bytes that a plaintext server sends, before libcurl reads them: libcurl keeps no
 * copy, and only these bytes distinguish a TLS alert from an HTTP/1.1 page. Does nothing once a
 * gRPC answer came. */
void connection_peek(struct connection *to, const struct channel_opts *opts);

/*
 * Holds small packets back, and lets them go: around each curl_multi_perform(), which writes the
 * headers and the body of every call one by one. So a flight is as few packets as it can be, and no
 * server can answer the headers alone and then reset the stream: libcurl 7.88 loses such an answer
 * when it reads it before it has sent the body (cf_h2_recv, stream->reset). Not while a large body is being sent.
 */
void connection_cork(struct connection *to, bool is_corked);

/* upload.c */

/* Makes the place ready to send its call's messages. */
void upload_begin(struct stream *s);
/* CURLOPT_READFUNCTION: gives libcurl the next bytes of the request. */
size_t upload_body(char *out, size_t size, size_t count, void *stream);

/* Whether libcurl has taken the last byte of the request. */
bool stream_is_sent(const struct stream *s);

/* answer.c: CURLOPT_HEADERFUNCTION and CURLOPT_WRITEFUNCTION; `stream` is a struct stream. 0 ends
 * the call. */

size_t answer_header(char *line, size_t size, size_t count, void *stream);
size_t answer_body(char *bytes, size_t size, size_t count, void *stream);

/* peer.c */

/* Makes libcurl keep the server's certificates, where opts->peer wants them. *code as SETOPT() has
 * it. */
void peer_watch(struct stream *s, CURLcode *code);
/* Notes the certificates that the handle has kept, at the first call that has any. */
void peer_note_chain(struct stream *s);
/* Notes a "date" header. */
void peer_note_date(struct stream *s, struct str value);

/* explain.c */

/* Says why a call without a gRPC status has none, and what to do about it. */
void explain(const struct stream *s, CURLcode code, struct err *err);

/* Whether that cause may pass by itself. True only for an address where a gRPC server has been
 * seen: else a wrong address would be tried again and again. */
bool explain_is_transient(const struct stream *s, CURLcode code);

#endif
