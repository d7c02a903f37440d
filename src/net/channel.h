/*
 * channel.h: all of HTTP/2 and gRPC behind one call; no curl type leaks out.
 *
 * One channel is one HTTP/2 connection that carries many calls at once. Plaintext by prior
 * knowledge, TLS by ALPN with full verification; no redirects; plaintext never uses a proxy.
 */
#ifndef NET_CHANNEL_H
#define NET_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "net/trace.h"
#include "net/url.h"

struct arena;
struct channel;
struct peer;
struct secret;
struct watch;

/* All that its pointers name is borrowed until channel_close(). */
struct channel_opts {
	struct url url;
	const char *ca_file; /* PEM roots instead of the system's; NULL: the system's */
	struct str ca_pem;   /* PEM roots themselves; ca_file then only names them. Empty: none */
	/* where the system's roots are (SSL_CERT_FILE); NULL: the place that libcurl was built
	 * with */
	const char *ca_default;
	/* for TLS only (net/proxy.h); NULL: none, whatever the environment says */
	const char *proxy;
	/* verified, and sent as SNI and :authority, instead of the host; NULL: the host */
	const char *server_name;
	const struct secret *token; /* sent as "authn-token"; NULL: none */
	/* the hint where the server wants a token and `token` is NULL; NULL: the usual hint */
	const char *no_token_hint;
	bool allow_plaintext;   /* a token may go over plaintext to a host that is not loopback */
	const char *user_agent; /* "pachup/1.0.0" */
	int64_t connect_ms;     /* how long TCP and TLS may take */
	int64_t deadline_ms;    /* clock_ms() when all calls must be over; 0: never */
	/* readable when the run must stop (watch_stop_fd()); only polled, never read. -1: none */
	int stop_fd;
	/* cuts the connection when a server keeps libcurl busy (process/watch.h); NULL: nobody
	 * does */
	struct watch *watch;

	/* called before calls are sent again, with the failure of the first of them; NULL.
	 * `attempt` counts from 1 to `most` */
	void (*on_retry)(void *ctx, const struct err *why, int attempt, int most);
	void *retry_ctx;
	struct trace trace; /* a line for each call and connection */
	struct peer *peer; /* where to note what the connection shows (net/peer.h); NULL: nowhere */
};

/* gRPC status codes that this program distinguishes (grpc/status). */
enum grpc_status {
	GRPC_OK = 0,
	GRPC_CANCELLED = 1,
	GRPC_UNKNOWN = 2,
	GRPC_INVALID_ARGUMENT = 3,
	GRPC_DEADLINE_EXCEEDED = 4,
	GRPC_NOT_FOUND = 5,
	GRPC_ALREADY_EXISTS = 6,
	GRPC_PERMISSION_DENIED = 7,
	GRPC_RESOURCE_EXHAUSTED = 8,
	GRPC_FAILED_PRECONDITION = 9,
	GRPC_ABORTED = 10,
	GRPC_UNIMPLEMENTED = 12,
	GRPC_INTERNAL = 13,
	GRPC_UNAVAILABLE = 14,
	GRPC_UNAUTHENTICATED = 16,
};

/* Where the messages of a client stream come from, one after the other, so that no more than one is held. */
struct call_source {
	/* 1: *message is the next one, borrowed until the next call of this; at most MAX_RPC_BYTES. 0: there
	 * are no more. -1 with *err: the call is reset, and fails with it. */
	int (*next)(void *ctx, struct str *message, struct err *err);
	void *ctx;
};

/* Where the messages of a server stream go as they come, instead of into `replies`. */
struct call_sink {
	/* `message` lives until it returns. -1 with *err: the call is reset, and fails with it. */
	int (*take)(void *ctx, struct str message, struct err *err);
	/* Called about once a second while the call runs, to report that; NULL. It must not make
	 * calls. */
	void (*tick)(void *ctx);
	void *ctx;
};

/* One call: the caller fills the upper half, channel_run() the lower. */
struct call {
	const char *method; /* "/pps_v2.API/InspectPipeline" */
	struct str request; /* one serialized message, borrowed; at most MAX_RPC_BYTES */
	/* the request or the answer holds a secret: once the caller has wiped the arena, we keep no
	 * copy */
	bool is_secret;
	bool streams; /* the answer is a server stream: any number of messages */
	/* the request is a client stream, and `request` is ignored; or NULL */
	const struct call_source *source;
	/* with `streams`: takes the messages, the sum of which then has no limit; or NULL */
	const struct call_sink *sink;
	/* below MAX_RPC_LANES. At most MAX_LANE_CALLS calls of a lane are in flight, MAX_DRY_RUNS
	 * of DRY_RUN_LANE; lane 0 has no limit of its own */
	unsigned lane;
	/* for this call, sent as grpc-timeout; 0: only the channel's deadline */
	int64_t timeout_ms;
	/* one more header, name and value; NULL: none. The value is printable ASCII, else the call
	 * fails before anything is sent */
	const char *metadata[2];

	bool answered;       /* a gRPC status came back; else `why` says what happened */
	int status;          /* enum grpc_status or any other code; meaningful when answered */
	struct str message;  /* grpc-message, percent-decoded; may be empty; never trusted */
	struct str *replies; /* the messages that came, in order; NULL with a sink */
	size_t reply_count;  /* a unary call that is OK has exactly one */
	struct err why; /* not answered: ERR_NETWORK, ERR_TIMEOUT or ERR_INTERRUPTED with a hint */
	bool sent;      /* part of the request may have reached the server */
	/* not answered, for a cause that may pass: the connection was lost or refused, the stream
	 * reset, a proxy found no pachd behind it */
	bool transient;
};

/* Owned: end it with channel_close(); closing NULL is fine. Connects at the first call, not here.
 * NULL: ERR_USAGE a token would go in plaintext off loopback without allow_plaintext, or
 * `server_name` is not a host name; ERR_SYSTEM no memory, a libcurl without HTTP/2, or `ca_file`
 * cannot be read. */
struct channel *channel_open(const struct channel_opts *opts, struct err *err) NODISCARD;
void channel_close(struct channel *c);

/*
 * Runs `calls[0..count)` side by side, at most MAX_RPC_STREAMS in flight, in the order of the list
 * (a call whose lane is full lets others pass), and returns when each is answered or has failed.
 * All that was received lives in `a`. No call is ever sent twice. When the connection ends, calls
 * that were not sent yet go over a new one, unless the old one never brought a gRPC answer: then
 * they fail with the same cause. 0 when every call was answered, whatever its status; -1 when one
 * was not: *err is the first such call's `why`. ERR_REFUSED: the token is not for this address.
 * ERR_NETWORK: no connection, TLS refused, not a gRPC server (an HTTP/1.1 answer, HTML, a redirect,
 * 404, 503 without grpc-status: each has its own sentence and hint), connection lost, a frame that
 * is not a gRPC frame, compressed, or larger than MAX_RPC_BYTES. ERR_TIMEOUT: the deadline.
 * ERR_INTERRUPTED: stop_fd became readable; calls in flight are reset.
 */
int channel_run(struct channel *c, struct call *calls, size_t count, struct arena *a,
    struct err *err) NODISCARD;

/*
 * As channel_run(), for calls that do no harm when the server gets them twice: those that a
 * transient cause or the status UNAVAILABLE ended are sent again, at most four times, after pauses
 * that grow and vary at random, within the deadline. Returns as channel_run() after the last
 * attempt. Calls with a source or a sink cannot be repeated: they are sent once.
 */
int channel_ask(struct channel *c, struct call *calls, size_t count, struct arena *a,
    struct err *err) NODISCARD;

/* From now on stop_fd and the deadline end no call; all must be over in `grace_ms` from now: for
 * cleaning up (DeleteTransaction) after an interruption. */
void channel_grace(struct channel *c, int64_t grace_ms);

#endif
