#include "net/call.h"
#include "base/clock.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/limits.h"
#include "net/policy.h"
#include "net/setopt.h"
#include "process/watch.h"
#include "secret/secret.h"

/* How much room a call may take for bytes of an unfinished message: the longest message, its prefix
 * and what one callback can bring on top. */
enum { RECEIVED_MAX = MAX_RPC_BYTES + FRAME_PREFIX_BYTES + (1 << 20) };

/* libcurl's buffers for the request: most requests are small, so that 100 handles stay small,
 * too. */
enum { SMALL_UPLOAD = 16 << 10, BIG_UPLOAD = 256 << 10 };

enum { MAX_LINES = 10 };

/* Only the opener makes a connection. Without this libcurl would open a second one, or send an
 * HTTP/1.1 Upgrade over it, when the shared one is lost while calls wait for it. */
static curl_socket_t
open_socket(void *stream, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct stream *s = stream;
	struct connection *to = s->connection;
	int fd;

	(void)purpose; /* there is only one: CURLSOCKTYPE_IPCXN */
	if (!s->is_opener || s->call->sent) {
		s->is_without_link = true;
		return CURL_SOCKET_BAD;
	}
	fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
	if (fd >= 0) {
		to->opened[to->opened_count++ % COUNT_OF(to->opened)] = fd;
		watch_socket(s->opts->watch, fd);
	}
	return fd;
}

/* The socket of those that were tried whose local port is `local_port`: the others may be closed by
 * now. */
static curl_socket_t
find_socket(const struct connection *to, int local_port)
{
	for (size_t i = 0; i < COUNT_OF(to->opened) && i < to->opened_count; i++) {
		struct sockaddr_storage name = { 0 };
		socklen_t len = sizeof(name);
		in_port_t port = 0;

		if (getsockname(to->opened[i], (struct sockaddr *)&name, &len) < 0)
			continue;
		if (name.ss_family == AF_INET)
			port = ((struct sockaddr_in *)&name)->sin_port;
		else if (name.ss_family == AF_INET6)
			port = ((struct sockaddr_in6 *)&name)->sin6_port;
		if (ntohs(port) == local_port)
			return to->opened[i];
	}
	return CURL_SOCKET_BAD;
}

void
connection_peek(struct connection *to, const struct channel_opts *opts)
{
	ssize_t len;

	if (opts->url.tls || to->link != LINK_OPEN || to->is_heard || to->greeting_len > 0
	    || to->socket == CURL_SOCKET_BAD)
		return;
	len = recv(to->socket, to->greeting, sizeof(to->greeting), MSG_PEEK | MSG_DONTWAIT);
	to->greeting_len = len > 0 ? (size_t)len : 0;
}

void
connection_cork(struct connection *to, bool is_corked)
{
#ifdef TCP_CORK
	int value = is_corked;

	if (to->link != LINK_OPEN || to->socket == CURL_SOCKET_BAD || to->is_corked == is_corked)
		return;
	(void)setsockopt(to->socket, IPPROTO_TCP, TCP_CORK, &value, sizeof(value));
	to->is_corked = is_corked;
#else
	(void)to; /* TCP_CORK is Linux only */
	(void)is_corked;
#endif
}

/* CURLOPT_PREREQFUNCTION: the connection is open, and the request's first byte comes next. libcurl
 * sends a request that died unanswered on a reused connection once more on a new one; a write must
 * not go out twice, so the second time is refused here. */
static int
before_request(void *stream, char *ip, char *local_ip, int port, int local_port)
{
	struct stream *s = stream;
	const struct channel_opts *o = s->opts;

	(void)local_ip;
	if (s->call->sent)
		return CURL_PREREQFUNC_ABORT;
	s->call->sent = true;
	if (s->is_opener) {
		trace_connected(&o->trace, s->easy, &s->connection->tls,
		    &(struct trace_link){ .to = str_of(o->url.text),
		        .ip = ip,
		        .port = port,
		        .has_proxy = o->url.tls && o->proxy,
		        .has_tls = o->url.tls,
		        .begun_ms = s->begun_ms });
		s->connection->link = LINK_OPEN;
		s->connection->socket = find_socket(s->connection, local_port);
		connection_peek(s->connection, s->opts);
		connection_cork(s->connection, true);
	}
	s->begun_ms = clock_ms();
	return CURL_PREREQFUNC_OK;
}

/* libcurl rewinds a request to send it again, and nothing is sent twice. */
static int
no_rewind(void *stream, curl_off_t offset, int origin)
{
	(void)stream;
	(void)offset;
	(void)origin;
	return CURL_SEEKFUNC_FAIL;
}

static void
set_callbacks(struct stream *s, CURLcode *code)
{
	CURL *e = s->easy;

	SETOPT(code, e, CURLOPT_PRIVATE, s);
	SETOPT(code, e, CURLOPT_ERRORBUFFER, s->detail);
	SETOPT(code, e, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	SETOPT(code, e, CURLOPT_OPENSOCKETDATA, s);
	SETOPT(code, e, CURLOPT_PREREQFUNCTION, before_request);
	SETOPT(code, e, CURLOPT_PREREQDATA, s);
	SETOPT(code, e, CURLOPT_READFUNCTION, upload_body);
	SETOPT(code, e, CURLOPT_READDATA, s);
	SETOPT(code, e, CURLOPT_SEEKFUNCTION, no_rewind);
	SETOPT(code, e, CURLOPT_HEADERFUNCTION, answer_header);
	SETOPT(code, e, CURLOPT_HEADERDATA, s);
	SETOPT(code, e, CURLOPT_WRITEFUNCTION, answer_body);
	SETOPT(code, e, CURLOPT_WRITEDATA, s);
}

static int
cannot_set(CURLcode code, struct err *err)
{
	return err_set(
	    err, ERR_SYSTEM, "cannot prepare a call to the cluster: %s", curl_easy_strerror(code));
}

/* What all calls of a channel have in common. */
static void
set_connection(CURL *e, const struct channel_opts *o, CURLcode *code)
{
	const struct policy policy = { .has_tls = o->url.tls,
		.ca_file = o->ca_file,
		.ca_pem = o->ca_pem,
		.ca_default = o->ca_default,
		.proxy = o->proxy,
		.user_agent = o->user_agent,
		.connect_ms = o->connect_ms };

	policy_set(e, &policy, code);
	SETOPT(code, e, CURLOPT_TCP_NODELAY, 1L);
	SETOPT(code, e, CURLOPT_TCP_KEEPALIVE, 1L);
	SETOPT(code, e, CURLOPT_TCP_KEEPIDLE, 30L);
	SETOPT(code, e, CURLOPT_TCP_KEEPINTVL, 10L);
	SETOPT(code, e, CURLOPT_PIPEWAIT, 1L);
	/* While one stream's buffer is full, libcurl 7.88 forgets the trailers of others that end; the pages
	 * that hold nothing cost nothing. */
	SETOPT(code, e, CURLOPT_BUFFERSIZE, (long)CURL_MAX_READ_SIZE);
	SETOPT(code, e, CURLOPT_POST, 1L);
}

int
stream_open(struct stream *s, const struct channel_opts *opts, struct connection *connection,
    struct err *err)
{
	CURLcode code = CURLE_OK;

	s->easy = curl_easy_init();
	if (!s->easy)
		return err_set(err, ERR_SYSTEM, "out of memory for a call to the cluster");
	s->opts = opts;
	s->connection = connection;
	s->received = BUF_INIT(RECEIVED_MAX);
	set_callbacks(s, &code);
	set_connection(s->easy, opts, &code);
	peer_watch(s, &code);
	if (code == CURLE_OK)
		return 0;
	stream_close(s);
	return cannot_set(code, err);
}

void
stream_close(struct stream *s)
{
	curl_easy_cleanup(s->easy);
	buf_free(&s->received);
	s->easy = NULL;
}

/* Whether the value is valid in a header: it may come from the server (a transaction's id). */
static bool
is_header_value(const char *value)
{
	for (; *value; value++)
		if (*value < 0x20 || *value > 0x7e)
			return false;
	return true;
}

struct lines {
	struct curl_slist list[MAX_LINES];
	size_t count;
};

/* Linked by hand, as curl_slist_append() would copy each line. */
static void
add_line(struct lines *lines, char *text)
{
	struct curl_slist *line = &lines->list[lines->count];

	line->data = text;
	if (lines->count++ > 0)
		lines->list[lines->count - 2].next = line;
}

static struct curl_slist *
make_lines(const struct stream *s, const struct flight_parts *parts)
{
	static const char *const fixed[] = { "content-type: application/grpc", "te: trailers",
		"grpc-accept-encoding: identity", "Accept:", "Expect:" };
	struct lines *lines = ARENA_NEW(parts->arena, struct lines);
	const char *const *more = s->call->metadata;
	int64_t ends = s->ends_ms, left;

	for (size_t i = 0; i < COUNT_OF(fixed); i++)
		add_line(lines, arena_cstr(parts->arena, str_of(fixed[i])));
	if (more[0])
		add_line(lines,
		    arena_cstr(parts->arena, arena_fmt(parts->arena, "%s: %s", more[0], more[1])));
	if (parts->deadline_ms && (!ends || parts->deadline_ms < ends))
		ends = parts->deadline_ms;
	left = ends - clock_ms();
	if (ends)
		add_line(lines, arena_cstr(parts->arena, arena_fmt(parts->arena, "grpc-timeout: %s",
		                                             timeout_text(parts->arena, left))));
	if (parts->token)
		lines->list[lines->count - 1].next = parts->token;
	return lines->list;
}

static int
check_call(const struct call *call, struct err *err)
{
	if (call->request.len > MAX_RPC_BYTES) {
		(void)err_set(err, ERR_NETWORK,
		    "the request has %zu bytes, the server's limit is %d MiB", call->request.len,
		    MAX_RPC_BYTES >> 20);
		return err_hint(err, "push fewer pipelines in one run");
	}
	if (call->metadata[0] && !is_header_value(call->metadata[1]))
		return err_set(
		    err, ERR_NETWORK, "invalid value for header '%s'", call->metadata[0]);
	return 0;
}

int
stream_begin(struct stream *s, struct call *call, const struct flight_parts *parts, bool is_opener,
    struct err *err)
{
	size_t body = call->source ? SIZE_MAX : FRAME_PREFIX_BYTES + call->request.len;
	CURLcode code = CURLE_OK;
	long version = s->opts->url.tls ? (long)CURL_HTTP_VERSION_2TLS
	               : is_opener      ? (long)CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE
	                                : (long)CURL_HTTP_VERSION_2_0;

	if (check_call(call, err) < 0)
		return -1;
	s->call = call;
	s->arena = parts->arena;
	s->is_opener = is_opener;
	s->begun_ms = clock_ms();
	s->ends_ms = call->timeout_ms ? s->begun_ms + call->timeout_ms : 0;
	upload_begin(s);
	if (is_opener)
		trace_connecting(&s->opts->trace, s->easy, &s->connection->tls, &code);
	SETOPT(&code, s->easy, CURLOPT_URL,
	    arena_fmt(parts->arena, "%s%s", parts->base, call->method).ptr);
	SETOPT(&code, s->easy, CURLOPT_CONNECT_TO, parts->connect_to);
	SETOPT(&code, s->easy, CURLOPT_HTTP_VERSION, version);
	SETOPT(&code, s->easy, CURLOPT_HTTPHEADER, make_lines(s, parts));
	SETOPT(&code, s->easy, CURLOPT_POSTFIELDSIZE_LARGE,
	    call->source ? (curl_off_t)-1 : (curl_off_t)body); /* -1: not known */
	SETOPT(&code, s->easy, CURLOPT_UPLOAD_BUFFERSIZE,
	    body > SMALL_UPLOAD ? (long)BIG_UPLOAD : (long)SMALL_UPLOAD);
	if (code == CURLE_OK)
		return 0;
	stream_drop(s);
	return cannot_set(code, err);
}

void
stream_drop(struct stream *s)
{
	const struct call *call = s->call;
	bool is_secret = call && call->is_secret;
	struct stream kept = { .easy = s->easy,
		.opts = s->opts,
		.connection = s->connection,
		.received = s->received };
	CURLcode code = CURLE_OK;

	SETOPT(&code, s->easy, CURLOPT_HTTPHEADER, NULL); /* the lines end with the flight */
	SETOPT(&code, s->easy, CURLOPT_CONNECT_TO, NULL);
	/* libcurl 7.88 would begin the next call with the rewind that it was refused in this one */
	if (code != CURLE_OK || (s->is_without_link && call && call->sent)) {
		curl_easy_cleanup(s->easy);
		kept.easy = NULL;
	}
	*s = kept;
	if (is_secret && s->received.ptr)
		secret_wipe(s->received.ptr, s->received.room);
	/* one large answer must not keep its room for the rest of the channel's life */
	if (s->received.room > SMALL_UPLOAD)
		buf_free(&s->received);
	buf_clear(&s->received);
}

/* -1 when what came with the status breaks gRPC's rules. */
static int
check_status(const struct stream *s, struct err *err)
{
	const struct call *call = s->call;

	if (s->answer.grpc_status != GRPC_OK)
		return 0;
	if (s->received.len > 0)
		return err_set(err, ERR_NETWORK,
		    "'%s' ended its response in the middle of a message", s->opts->url.text);
	if (call->source && !stream_is_sent(s))
		return err_set(err, ERR_NETWORK, "'%s' ended the call before everything was sent",
		    s->opts->url.text);
	if (!call->streams && call->reply_count != 1)
		return err_set(err, ERR_NETWORK, "'%s' sent %zu messages for one call",
		    s->opts->url.text, call->reply_count);
	return 0;
}

void
stream_end(struct stream *s, CURLcode code)
{
	struct call *call = s->call;

	peer_note_chain(s);
	if (s->broken.kind != ERR_NONE)
		call->why = s->broken;
	else if (!s->answer.is_status_known) {
		explain(s, code, &call->why);
		call->transient = explain_is_transient(s, code);
	} else if (check_status(s, &call->why) < 0)
		(void)err_hint(
		    &call->why, "check that the address is pachd's and not another service's");
	if (call->why.kind == ERR_NONE) {
		call->answered = true;
		call->status = s->answer.grpc_status;
		call->message = percent_decode(s->arena, s->answer.message);
	}
	trace_call(&s->opts->trace, s->easy, str_tail(str_of(call->method), 1),
	    call->answered ? trace_status(call->status) : "no response", s->begun_ms);
	stream_drop(s);
}
