#include <signal.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/limits.h"
#include "net/call.h"
#include "net/multi_wait.h"
#include "net/token_line.h"
#include "process/stop_wait.h"
#include "process/watch.h"
#include "secret/audience.h"

/* How often to look for an answer whose end libcurl has missed: see nudge(). */
enum { NUDGE_MS = 1000 };

/* A larger request fills packets by itself. */
enum { CORKED_BYTES = 64 << 10 };

/* One channel_run(). */
struct flight {
	struct channel *channel;
	struct flight_parts parts;
	struct call **waiting; /* a ring of `count` places: the calls that are not begun */
	size_t first, waits, count;
	size_t running, lanes[MAX_RPC_LANES]; /* in flight: all, and of each lane */
	struct curl_slist token;              /* its header line: one for all calls */
	struct err down; /* the connection is of no use: what waits fails with this */
};

static void
wait_again(struct flight *flight, struct call *call)
{
	flight->waiting[(flight->first + flight->waits++) % flight->count] = call;
}

static struct call *
next_waiting(struct flight *flight)
{
	struct call *call = flight->waiting[flight->first];

	flight->first = (flight->first + 1) % flight->count;
	flight->waits--;
	return call;
}

static bool
has_room(const struct flight *flight, const struct call *call)
{
	size_t room = call->lane == DRY_RUN_LANE ? MAX_DRY_RUNS : MAX_LANE_CALLS;

	return call->lane == 0 || flight->lanes[call->lane] < room || flight->down.kind != ERR_NONE;
}

/* A free place with its handle. NULL: no memory for it. */
static struct stream *
free_stream(struct flight *flight, struct err *err)
{
	struct channel *c = flight->channel;
	size_t i = 0;

	while (c->streams[i].call) /* can_begin() has seen that one is free */
		i++;
	if (!c->streams[i].easy && stream_open(&c->streams[i], &c->opts, &c->connection, err) < 0)
		return NULL;
	return &c->streams[i];
}

static void
begin_call(struct flight *flight, struct call *call)
{
	struct channel *c = flight->channel;
	bool is_opener = c->connection.link == LINK_NONE;
	struct stream *s = free_stream(flight, &call->why);

	if (!s || stream_begin(s, call, &flight->parts, is_opener, &call->why) < 0)
		return;
	if (curl_multi_add_handle(c->multi, s->easy) != CURLM_OK) {
		(void)err_set(&call->why, ERR_SYSTEM, "out of memory for a call to the cluster");
		stream_drop(s);
		return;
	}
	flight->running++;
	flight->lanes[call->lane]++;
	if (is_opener) {
		c->connection = (struct connection){
			.link = LINK_OPENING,
			.socket = CURL_SOCKET_BAD,
			.was_heard = c->connection.is_heard || c->connection.was_heard,
		};
	}
}

/* Whether one of the waiting calls may begin now. */
static bool
can_begin(const struct flight *flight)
{
	if (flight->running >= MAX_RPC_STREAMS || flight->channel->connection.link == LINK_OPENING)
		return false;
	for (size_t i = 0; i < flight->waits; i++)
		if (has_room(flight, flight->waiting[(flight->first + i) % flight->count]))
			return true;
	return false;
}

/*
 * Begins the calls that may begin. The opener goes alone until its connection is made (TCP, TLS,
 * ALPN); then all others follow at once, without waiting for an answer to the first.
 */
static void
begin_calls(struct flight *flight)
{
	while (can_begin(flight)) {
		struct call *call = next_waiting(flight);

		if (flight->down.kind != ERR_NONE)
			call->why = flight->down;
		else if (has_room(flight, call))
			begin_call(flight, call);
		else
			wait_again(flight, call);
	}
}

/* A failure on a connection that never brought a gRPC answer: others would fare the same. */
static void
judge_connection(struct flight *flight, const struct call *call, bool is_opener)
{
	struct connection *connection = &flight->channel->connection;
	bool never_opened = is_opener && connection->link == LINK_OPENING;

	if (never_opened)
		connection->link = LINK_NONE;
	else if (call->why.kind != ERR_NETWORK || connection->is_heard || !call->sent)
		return;
	if (flight->down.kind == ERR_NONE)
		flight->down = call->why;
}

static void
end_call(struct flight *flight, struct stream *s, CURLcode code)
{
	struct call *call = s->call;
	bool is_opener = s->is_opener;

	(void)curl_multi_remove_handle(flight->channel->multi, s->easy);
	flight->running--;
	flight->lanes[call->lane]--;
	if (s->is_without_link && !call->sent && s->broken.kind == ERR_NONE) {
		/* the connection is gone: the next call to begin opens a new one */
		if (flight->channel->connection.link == LINK_OPEN)
			flight->channel->connection.link = LINK_NONE;
		stream_drop(s);
		wait_again(flight, call);
		return;
	}
	stream_end(s, code);
	judge_connection(flight, call, is_opener);
}

static void
collect_ended(struct flight *flight)
{
	struct CURLMsg *note;
	int left;

	while ((note = curl_multi_info_read(flight->channel->multi, &left)) != NULL) {
		struct stream *s = NULL;

		if (note->msg != CURLMSG_DONE)
			continue;
		(void)curl_easy_getinfo(note->easy_handle, CURLINFO_PRIVATE, &s);
		end_call(flight, s, note->data.result);
	}
}

/* Ends all calls, in flight and waiting, with one cause. */
static void
end_all(struct flight *flight, const struct err *why)
{
	for (size_t i = 0; i < MAX_RPC_STREAMS; i++)
		if (flight->channel->streams[i].call) {
			flight->channel->streams[i].broken = *why;
			end_call(flight, &flight->channel->streams[i], CURLE_OK);
		}
	while (flight->waits > 0)
		next_waiting(flight)->why = *why;
}

/* Ends the calls that libcurl keeps waiting for a connection which has turned out to be of no
 * use. */
static void
end_joiners(struct flight *flight)
{
	for (size_t i = 0; i < MAX_RPC_STREAMS && flight->down.kind != ERR_NONE; i++) {
		struct stream *s = &flight->channel->streams[i];

		if (s->call && !s->call->sent) {
			s->broken = flight->down;
			end_call(flight, s, CURLE_OK);
		}
	}
}

/* "ListPipeline", of "/pps_v2.API/ListPipeline". */
static struct str
rpc_name(const struct call *call)
{
	struct str path = str_of(call->method);
	size_t at = str_rfind(path, '/');

	return at < path.len ? str_tail(path, at + 1) : path;
}

/* The deadline has passed: the message names the first call in flight. */
static void
end_at_deadline(struct flight *flight)
{
	struct channel *c = flight->channel;
	struct str name = STR("");
	struct err why = { 0 };

	for (size_t i = 0; i < MAX_RPC_STREAMS && name.len == 0; i++)
		if (c->streams[i].call)
			name = rpc_name(c->streams[i].call);
	(void)err_set(&why, ERR_TIMEOUT, "timed out: no response from '%s'%s%.*s", c->opts.url.text,
	    name.len > 0 ? " to " : "", STR_FMT(name));
	(void)err_hint(&why, "raise input 'timeout', or check why pachd is slow");
	end_all(flight, &why);
}

static void
end_late_calls(struct flight *flight)
{
	struct channel *c = flight->channel;
	int64_t now = clock_ms();

	if (c->deadline_ms && now >= c->deadline_ms) {
		end_at_deadline(flight);
		return;
	}
	for (size_t i = 0; i < MAX_RPC_STREAMS; i++) {
		struct stream *s = &c->streams[i];

		if (!s->call || !s->ends_ms || now < s->ends_ms)
			continue;
		(void)err_set(&s->broken, ERR_TIMEOUT,
		    "no response from '%s' to %.*s within %lld s", c->opts.url.text,
		    STR_FMT(rpc_name(s->call)), (long long)(s->call->timeout_ms + 999) / 1000);
		(void)err_hint(&s->broken, "check why pachd is slow, then run the command again");
		end_call(flight, s, CURLE_OK);
	}
}

/* The first time at which a call or all of them are late; `until` at the latest. */
static int64_t
first_end(const struct flight *flight, int64_t until)
{
	const struct channel *c = flight->channel;

	if (c->deadline_ms && c->deadline_ms < until)
		until = c->deadline_ms;
	for (size_t i = 0; i < MAX_RPC_STREAMS; i++)
		if (c->streams[i].call && c->streams[i].ends_ms && c->streams[i].ends_ms < until)
			until = c->streams[i].ends_ms;
	return until;
}

/* Waits for the network, the clock or a signal. True: the signal came. */
static bool
wait_for_news(struct flight *flight)
{
	struct channel *c = flight->channel;
	int64_t now = clock_ms();

	return multi_wait(c->multi, channel_stop_fd(c), first_end(flight, now + NUDGE_MS) - now);
}

static bool
is_stopped(const struct channel *c)
{
	return stop_is_set(channel_stop_fd(c));
}

/*
 * libcurl 7.88 can miss the end of an answer that came before the request was all sent: when the
 * last byte sent closes the stream (cf_h2_send, on_stream_close), nothing makes it read once more.
 * Lifting a pause does, and a "timeout" then runs this handle and none before it, which would take
 * the hint for itself.
 */
static void
nudge(struct flight *flight, bool everybody)
{
	for (size_t i = 0; i < MAX_RPC_STREAMS; i++) {
		struct stream *s = &flight->channel->streams[i];
		int running;

		if (!s->call || !stream_is_sent(s) || !(everybody || s->is_early))
			continue;
		(void)curl_easy_pause(s->easy, CURLPAUSE_SEND);
		(void)curl_easy_pause(s->easy, CURLPAUSE_CONT);
		(void)curl_multi_socket_action(
		    flight->channel->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	}
}

static void
interrupt(struct flight *flight)
{
	struct err why = { 0 };

	(void)err_set(&why, ERR_INTERRUPTED, "interrupted before a response from '%s'",
	    flight->channel->opts.url.text);
	end_all(flight, &why);
}

/* Whether a body that fills packets by itself is being sent: corking would then cost two system
 * calls for each frame of 16 KiB. */
static bool
is_uploading(const struct flight *flight)
{
	for (size_t i = 0; i < MAX_RPC_STREAMS; i++) {
		const struct stream *s = &flight->channel->streams[i];

		if (s->call && s->call->sent && !stream_is_sent(s)
		    && (s->call->source || s->message.len > CORKED_BYTES))
			return true;
	}
	return false;
}

/*
 * One turn of libcurl. It reads as long as there is something to read, so a server that sends
 * frames which never reach a callback keeps it busy for good. Then the watch cuts the connection,
 * and the calls end with the reason of the watch (a signal or a time), not as a lost connection.
 */
static void
perform(struct flight *flight)
{
	struct channel *c = flight->channel;
	struct err why = { 0 };
	int running;
	bool is_lost;

	if (!is_uploading(flight))
		connection_cork(&c->connection, true);
	watch_enter(c->opts.watch, first_end(flight, INT64_MAX), !c->is_grace);
	is_lost = curl_multi_perform(c->multi, &running) != CURLM_OK;
	if (watch_leave(c->opts.watch)) {
		c->connection.link = LINK_NONE;
		if (is_stopped(c))
			interrupt(flight);
		end_late_calls(flight);
	}
	if (is_lost) {
		(void)err_set(&why, ERR_SYSTEM, "out of memory for the calls to the cluster");
		end_all(flight, &why);
	}
	connection_cork(&c->connection, false);
}

/* Once a second: lets sinks report that they still wait. */
static void
tick_sinks(const struct flight *flight)
{
	for (size_t i = 0; i < MAX_RPC_STREAMS; i++) {
		const struct call *call = flight->channel->streams[i].call;

		if (call && call->sink && call->sink->tick)
			call->sink->tick(call->sink->ctx);
	}
}

static void
fly(struct flight *flight)
{
	struct channel *c = flight->channel;
	int64_t nudge_ms = clock_ms() + NUDGE_MS;

	if (is_stopped(c))
		interrupt(flight);
	for (;;) {
		end_late_calls(flight);
		if (flight->running + flight->waits == 0)
			return;
		begin_calls(flight);
		perform(flight);
		nudge(flight, clock_ms() >= nudge_ms);
		if (clock_ms() >= nudge_ms) {
			tick_sinks(flight);
			nudge_ms = clock_ms() + NUDGE_MS;
		}
		collect_ended(flight);
		end_joiners(flight);
		/* calls that can begin now join the others without a pause */
		if (flight->running == 0 || can_begin(flight))
			continue;
		if (wait_for_news(flight))
			interrupt(flight);
		connection_peek(&c->connection, &c->opts);
	}
}

/* Empties the lower half of every call and puts it into the queue. */
static void
queue_calls(struct flight *flight, struct call *calls)
{
	for (size_t i = 0; i < flight->count; i++) {
		calls[i].answered = calls[i].sent = calls[i].transient = false;
		calls[i].status = 0;
		calls[i].message = STR("");
		calls[i].replies = NULL;
		calls[i].reply_count = 0;
		calls[i].why = (struct err){ 0 };
		wait_again(flight, &calls[i]);
	}
}

/* The header line of the token, once for all calls. -1: the token must not go to this address, or
 * no memory. */
static int
set_token(struct flight *flight, struct err *err)
{
	const struct channel_opts *o = &flight->channel->opts;

	if (audience_check(o->token, AUDIENCE_PACHD, o->url.text, err) < 0)
		return -1;
	if (!o->token)
		return 0;
	flight->token.data = token_line_new("authn-token: ", o->token);
	if (!flight->token.data)
		return err_set(err, ERR_SYSTEM, "out of memory for the token header");
	flight->parts.token = &flight->token;
	return 0;
}

int
calls_verdict(const struct call *calls, size_t count, struct err *err)
{
	for (size_t i = 0; i < count; i++)
		if (!calls[i].answered) {
			*err = calls[i].why;
			return -1;
		}
	return 0;
}

int
channel_run(struct channel *c, struct call *calls, size_t count, struct arena *a, struct err *err)
{
	struct flight flight = { .channel = c, .count = count };
	struct err why = { 0 };
	sigset_t before;

	flight.parts = (struct flight_parts){ .base = c->base,
		.connect_to = c->opts.server_name ? &c->connect_to : NULL,
		.deadline_ms = c->deadline_ms,
		.arena = a };
	flight.waiting = arena_array(a, count, sizeof(*flight.waiting));
	queue_calls(&flight, calls);
	if (set_token(&flight, &why) < 0)
		end_all(&flight, &why);
	sigpipe_hold(&before);
	watch_hold(c->opts.watch);
	fly(&flight);
	watch_release(c->opts.watch);
	sigpipe_release(&before);
	token_line_free(flight.token.data);
	return calls_verdict(calls, count, err);
}
