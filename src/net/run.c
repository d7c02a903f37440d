#include <signal.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/limits.h"
#include "net/call.h"
#include "net/multi_wait.h"
#include "net/token_line.h"
#include "process/stop_wait.h"
#include "process/watch.h"

/* How often to look for an answer whose end libcurl has missed: see nudge(). */
enum { NUDGE_MS = 1000 };

/* One channel_run(). */
struct run {
	struct channel *channel;
	struct run_parts parts;
	struct call **waiting; /* a ring of `count` places: the calls that are not begun */
	size_t first, waits, count;
	size_t running, lanes[MAX_RPC_LANES]; /* in flight: all, and of each lane */
	struct curl_slist token;              /* its header line: one for all calls */
	struct err down; /* the connection is of no use: what waits fails with this */
};

static void
wait_again(struct run *run, struct call *call)
{
	run->waiting[(run->first + run->waits++) % run->count] = call;
}

static struct call *
next_waiting(struct run *run)
{
	struct call *call = run->waiting[run->first];

	run->first = (run->first + 1) % run->count;
	run->waits--;
	return call;
}

static bool
has_room(const struct run *run, const struct call *call)
{
	return call->lane == 0 || run->lanes[call->lane] < MAX_LANE_CALLS
	       || run->down.kind != ERR_NONE;
}

/* A free place with its handle, NULL when there is no memory for one. */
static struct stream *
free_stream(struct run *run, struct err *err)
{
	struct channel *c = run->channel;
	size_t i = 0;

	while (c->streams[i].call) /* the caller has seen that fewer run than there are places */
		i++;
	if (!c->streams[i].easy && stream_open(&c->streams[i], &c->opts, &c->connection, err) < 0)
		return NULL;
	return &c->streams[i];
}

static void
begin_call(struct run *run, struct call *call)
{
	struct channel *c = run->channel;
	bool is_opener = c->connection.link == LINK_NONE;
	struct stream *s = free_stream(run, &call->why);

	if (!s || stream_begin(s, call, &run->parts, is_opener, &call->why) < 0)
		return;
	if (curl_multi_add_handle(c->multi, s->easy) != CURLM_OK) {
		(void)err_set(&call->why, ERR_SYSTEM, "out of memory for a call to the cluster");
		stream_drop(s);
		return;
	}
	run->running++;
	run->lanes[call->lane]++;
	if (is_opener) {
		c->connection = (struct connection){
			.link = LINK_OPENING,
			.socket = CURL_SOCKET_BAD,
			.was_heard = c->connection.is_heard || c->connection.was_heard,
		};
	}
}

/* True when a waiting call could begin at once. */
static bool
can_begin(const struct run *run)
{
	if (run->running >= MAX_RPC_STREAMS || run->channel->connection.link == LINK_OPENING)
		return false;
	for (size_t i = 0; i < run->waits; i++)
		if (has_room(run, run->waiting[(run->first + i) % run->count]))
			return true;
	return false;
}

/*
 * Begins what may begin. The opener goes alone until its connection is (TCP, TLS, ALPN done);
 * then all others follow at once, without waiting for an answer to the first.
 */
static void
begin_calls(struct run *run)
{
	while (can_begin(run)) {
		struct call *call = next_waiting(run);

		if (run->down.kind != ERR_NONE)
			call->why = run->down;
		else if (has_room(run, call))
			begin_call(run, call);
		else
			wait_again(run, call);
	}
}

/* A failure on a connection that never brought a gRPC answer: others would fare the same. */
static void
judge_connection(struct run *run, const struct call *call, bool is_opener)
{
	struct connection *connection = &run->channel->connection;
	bool never_stood = is_opener && connection->link == LINK_OPENING;

	if (never_stood)
		connection->link = LINK_NONE;
	else if (call->why.kind != ERR_NETWORK || connection->is_heard || !call->sent)
		return;
	if (run->down.kind == ERR_NONE)
		run->down = call->why;
}

static void
end_call(struct run *run, struct stream *s, CURLcode code)
{
	struct call *call = s->call;
	bool is_opener = s->is_opener;

	(void)curl_multi_remove_handle(run->channel->multi, s->easy);
	run->running--;
	run->lanes[call->lane]--;
	if (s->is_without_link && !call->sent && s->broken.kind == ERR_NONE) {
		/* the connection is gone: the next call to begin opens a new one */
		if (run->channel->connection.link == LINK_OPEN)
			run->channel->connection.link = LINK_NONE;
		stream_drop(s);
		wait_again(run, call);
		return;
	}
	stream_end(s, code);
	judge_connection(run, call, is_opener);
}

static void
collect_ended(struct run *run)
{
	struct CURLMsg *note;
	int left;

	while ((note = curl_multi_info_read(run->channel->multi, &left)) != NULL) {
		struct stream *s = NULL;

		if (note->msg != CURLMSG_DONE)
			continue;
		(void)curl_easy_getinfo(note->easy_handle, CURLINFO_PRIVATE, &s);
		end_call(run, s, note->data.result);
	}
}

/* Ends everything with one cause. */
static void
end_all(struct run *run, const struct err *why)
{
	for (size_t i = 0; i < MAX_RPC_STREAMS; i++)
		if (run->channel->streams[i].call) {
			run->channel->streams[i].broken = *why;
			end_call(run, &run->channel->streams[i], CURLE_OK);
		}
	while (run->waits > 0)
		next_waiting(run)->why = *why;
}

/* When the connection turned out to be of no use, calls that only wait to join it must not stay. */
static void
end_joiners(struct run *run)
{
	for (size_t i = 0; i < MAX_RPC_STREAMS && run->down.kind != ERR_NONE; i++) {
		struct stream *s = &run->channel->streams[i];

		if (s->call && !s->call->sent) {
			s->broken = run->down;
			end_call(run, s, CURLE_OK);
		}
	}
}

static void
end_late_calls(struct run *run)
{
	struct channel *c = run->channel;
	int64_t now = clock_ms();
	struct err why = { 0 };

	if (c->deadline_ms && now >= c->deadline_ms) {
		(void)err_set(
		    &why, ERR_TIMEOUT, "timed out: no response from '%s'", c->opts.url.text);
		(void)err_hint(&why, "raise input 'timeout', or check why pachd is slow");
		end_all(run, &why);
		return;
	}
	for (size_t i = 0; i < MAX_RPC_STREAMS; i++) {
		struct stream *s = &c->streams[i];

		if (!s->call || !s->ends_ms || now < s->ends_ms)
			continue;
		(void)err_set(&s->broken, ERR_TIMEOUT, "no response from '%s' within %lld s",
		    c->opts.url.text, (long long)(s->call->timeout_ms + 999) / 1000);
		(void)err_hint(&s->broken, "check why pachd is slow, then run the command again");
		end_call(run, s, CURLE_OK);
	}
}

/* When something will be late, `until` at the latest. */
static int64_t
first_end(const struct run *run, int64_t until)
{
	const struct channel *c = run->channel;

	if (c->deadline_ms && c->deadline_ms < until)
		until = c->deadline_ms;
	for (size_t i = 0; i < MAX_RPC_STREAMS; i++)
		if (c->streams[i].call && c->streams[i].ends_ms && c->streams[i].ends_ms < until)
			until = c->streams[i].ends_ms;
	return until;
}

/* The one that ends calls: none while the run cleans up. */
static int
stop_fd(const struct channel *c)
{
	return c->is_grace ? -1 : c->opts.stop_fd;
}

/* Waits for the network, the clock or stop_fd. True when stop_fd wants the end. */
static bool
wait_for_news(struct run *run)
{
	struct channel *c = run->channel;
	int64_t now = clock_ms();

	return multi_wait(c->multi, stop_fd(c), first_end(run, now + NUDGE_MS) - now);
}

static bool
is_stopped(const struct channel *c)
{
	return stop_is_set(stop_fd(c));
}

/*
 * libcurl 7.88 can miss the end of an answer that came before the request was all sent: when the
 * last byte sent closes the stream (cf_h2_send, on_stream_close), nothing makes it read once more.
 * Lifting a pause does, and a "timeout" then runs this handle and none before it, which would take
 * the hint for itself.
 */
static void
nudge(struct run *run, bool everybody)
{
	for (size_t i = 0; i < MAX_RPC_STREAMS; i++) {
		struct stream *s = &run->channel->streams[i];
		int running;

		if (!s->call || !stream_is_sent(s) || !(everybody || s->is_early))
			continue;
		(void)curl_easy_pause(s->easy, CURLPAUSE_SEND);
		(void)curl_easy_pause(s->easy, CURLPAUSE_CONT);
		(void)curl_multi_socket_action(
		    run->channel->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	}
}

static void
interrupt(struct run *run)
{
	struct err why = { 0 };

	(void)err_set(&why, ERR_INTERRUPTED, "interrupted before a response from '%s'",
	    run->channel->opts.url.text);
	end_all(run, &why);
}

/*
 * One turn of libcurl. It reads as long as there is something to read, so a server that sends frames
 * which never reach a callback keeps it busy for good: then the watch cuts the connection, and what
 * ends here is what made it do so, not the connection that was lost.
 */
static void
perform(struct run *run)
{
	struct channel *c = run->channel;
	struct err why = { 0 };
	int running;
	bool is_lost;

	connection_cork(&c->connection, true);
	watch_enter(c->opts.watch, first_end(run, INT64_MAX), !c->is_grace);
	is_lost = curl_multi_perform(c->multi, &running) != CURLM_OK;
	if (watch_leave(c->opts.watch)) {
		c->connection.link = LINK_NONE;
		if (is_stopped(c))
			interrupt(run);
		end_late_calls(run);
	}
	if (is_lost) {
		(void)err_set(&why, ERR_SYSTEM, "out of memory for the calls to the cluster");
		end_all(run, &why);
	}
	connection_cork(&c->connection, false);
}

static void
run_loop(struct run *run)
{
	struct channel *c = run->channel;
	int64_t nudge_ms = clock_ms() + NUDGE_MS;

	if (is_stopped(c))
		interrupt(run);
	while (end_late_calls(run), run->running + run->waits > 0) {
		begin_calls(run);
		perform(run);
		nudge(run, clock_ms() >= nudge_ms);
		if (clock_ms() >= nudge_ms)
			nudge_ms = clock_ms() + NUDGE_MS;
		collect_ended(run);
		end_joiners(run);
		/* what can begin now goes into the same flight: no waiting before it */
		if (run->running == 0 || can_begin(run))
			continue;
		if (wait_for_news(run))
			interrupt(run);
		connection_peek(&c->connection, &c->opts);
	}
}

/* Empties the lower half of every call and puts it into the queue. */
static void
queue_calls(struct run *run, struct call *calls)
{
	for (size_t i = 0; i < run->count; i++) {
		calls[i].answered = calls[i].sent = calls[i].transient = false;
		calls[i].status = 0;
		calls[i].message = STR("");
		calls[i].replies = NULL;
		calls[i].reply_count = 0;
		calls[i].why = (struct err){ 0 };
		wait_again(run, &calls[i]);
	}
}

int
channel_run(struct channel *c, struct call *calls, size_t count, struct arena *a, struct err *err)
{
	struct run run = { .channel = c, .count = count };
	sigset_t before;

	run.parts = (struct run_parts){ .base = c->base,
		.connect_to = c->opts.server_name ? &c->connect_to : NULL,
		.deadline_ms = c->deadline_ms,
		.arena = a };
	run.waiting = arena_array(a, count, sizeof(*run.waiting));
	queue_calls(&run, calls);
	if (c->opts.token) {
		run.token.data = token_line_new("authn-token: ", c->opts.token);
		if (!run.token.data)
			return err_set(err, ERR_SYSTEM, "out of memory for the token header");
		run.parts.token = &run.token;
	}
	sigpipe_hold(&before);
	watch_hold(c->opts.watch);
	run_loop(&run);
	watch_release(c->opts.watch);
	sigpipe_release(&before);
	token_line_free(run.token.data);
	for (size_t i = 0; i < count; i++)
		if (!calls[i].answered) {
			*err = calls[i].why;
			return -1;
		}
	return 0;
}
