/* Many calls on one connection, and when it must stop: net/flight.c, against tests/net/servers.py. */
#include "../net/servers.h"

#include <poll.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/limits.h"

enum { MANY = 700 };

/* Asks everybody's peer and returns how many calls came over the same connection as the first. */
static size_t
count_same_peer(struct channel *c, struct arena *a, size_t count, struct err *err)
{
	struct call *calls = ARENA_ARRAY(a, count, struct call);
	size_t same = 0;

	for (size_t i = 0; i < count; i++)
		calls[i] = (struct call){ .method = "/t.T/peer", .request = STR("x") };
	if (channel_run(c, calls, count, a, err) < 0)
		return 0;
	while (same < count && calls[same].reply_count == 1
	       && str_eq(calls[same].replies[0], calls[0].replies[0]))
		same++;
	return same;
}

static void
test_channel_run__one_connection(struct arena *a, const struct servers *all)
{
	static const struct at places[] = { { .server = "plain" }, { .server = "few" },
		{ .server = "tls", .scheme = "grpcs" } };

	for (size_t i = 0; i < COUNT_OF(places); i++) {
		struct channel *c = open_at(a, all, places[i]);
		struct err err = { 0 };
		size_t first = count_same_peer(c, a, MANY, &err), again = 0;

		for (size_t n = 0; n < 3; n++)
			again += count_same_peer(c, a, 50, &err);
		ok(first == MANY && again == 150,
		    "%s: %zu of %d calls over one connection, %zu later: %s", places[i].server,
		    first, MANY, again, err.text);
		channel_close(c);
	}
}

static void
test_channel_run__one_flight(struct arena *a, const struct servers *all)
{
	static const struct at places[] = { { .server = "flights" },
		{ .server = "flights-tls", .scheme = "grpcs" } };

	for (size_t i = 0; i < COUNT_OF(places); i++) {
		struct channel *c = open_at(a, all, places[i]);
		struct call calls[MAX_RPC_STREAMS];
		struct err err = { 0 };
		int rc;

		for (size_t n = 0; n < MAX_RPC_STREAMS; n++)
			calls[n] = (struct call){ .method = "/t.T/x", .request = STR("hello") };
		rc = channel_run(c, calls, MAX_RPC_STREAMS, a, &err);
		ok(rc == 0 && is_reply(&calls[0], "100"),
		    "%s: 100 calls are there before the server has said a word: '%.*s' %s",
		    places[i].server, calls[0].reply_count ? (int)calls[0].replies[0].len : 0,
		    calls[0].reply_count ? calls[0].replies[0].ptr : "", err.text);
		channel_close(c);
	}
}

/* Answers that come before the request is all sent. */
static void
test_channel_run__early_answers(struct arena *a, const struct servers *all)
{
	struct str large = { arena_alloc(a, 300000), 300000 };
	struct call call =
	    ask_once(a, all, (struct at){ .server = "answer-first", .deadline_ms = 3000 },
	        (struct call){ .method = "/t.T/x", .request = large });
	size_t good = 0;

	/* libcurl alone does not see this end */
	ok(is_reply(&call, "ok"), "the whole answer came in the middle of the request: %s",
	    call.why.text);
	call = ask_once(a, all, (struct at){ .server = "answer-only", .deadline_ms = 3000 },
	    (struct call){ .method = "/t.T/x", .request = large });
	ok(call.answered && call.status == GRPC_RESOURCE_EXHAUSTED
	        && str_is(call.message, "too much"),
	    "an error came, and the rest of the request is never taken: %s", call.why.text);
	call = ask_once(a, all, (struct at){ .server = "h503-only", .deadline_ms = 3000 },
	    (struct call){ .method = "/t.T/x", .request = large });
	ok(strstr(call.why.text, "finds no running pachd"), "the same from a proxy: %s",
	    call.why.text);
	for (size_t i = 0; i < 300; i++) {
		call = ask_once(a, all, (struct at){ .server = i % 2 ? "plain" : "odd-status" },
		    (struct call){ .method = "/u.U/nope", .request = STR("hello") });
		good += call.answered;
	}
	ok(good == 300, "%zu of 300 quick refusals are seen", good);
}

enum { TRIES = 30 };

static void
test_channel_run__reconnects(struct arena *a, const struct servers *all)
{
	struct channel *c = open_at(a, all, (struct at){ .server = "polite" });
	struct call calls[3] = { { .method = "/t.T/x" }, { .method = "/t.T/x" },
		{ .method = "/t.T/x" } };
	struct err err = { 0 };
	size_t good = 0;

	/* on a busy machine the server may end the connection only when the next call is being sent */
	for (int i = 0; i < TRIES && good < 3; i++) {
		good += channel_run(c, calls, 1, a, &err) == 0;
		(void)poll(NULL, 0, 120); /* the server ends the connection meanwhile */
	}
	ok(good == 3, "a connection that ended while idle is opened again, by prior knowledge: %s",
	    err.text);
	channel_close(c);
	c = open_at(a, all, (struct at){ .server = "once" });
	ok(channel_run(c, calls, 1, a, &err) == 0, "the first call is answered: %s", err.text);
	ok(channel_run(c, calls, 1, a, &err) < 0 && calls[0].sent && !calls[0].answered
	        && err.kind == ERR_NETWORK,
	    "a call that was sent when the connection ended is not sent again: %s", err.text);
	ok(channel_run(c, calls, 1, a, &err) == 0, "the next one goes over a new connection: %s",
	    err.text);
	channel_close(c);
	c = open_at(a, all, (struct at){ .server = "drain" });
	ok(channel_run(c, calls, 3, a, &err) < 0, "GOAWAY in the middle fails the run");
	for (int i = 0; i < 3; i++)
		ok(calls[i].answered || (calls[i].sent && calls[i].why.kind == ERR_NETWORK),
		    "GOAWAY in the middle: call %d has a verdict: %s", i, calls[i].why.text);
	channel_close(c);
}

static void
test_channel_run__no_use_to_go_on(struct arena *a, const struct servers *all)
{
	static const char *const servers[] = { "h503", "nobody" };

	for (size_t i = 0; i < COUNT_OF(servers); i++) {
		struct channel *c = open_at(a, all, (struct at){ .server = servers[i] });
		struct call *calls = ARENA_ARRAY(a, MANY, struct call);
		struct err err = { 0 };
		size_t unsent = 0;
		int rc;

		for (size_t n = 0; n < MANY; n++)
			calls[n].method = "/t.T/echo";
		rc = channel_run(c, calls, MANY, a, &err);
		for (size_t n = 0; n < MANY; n++)
			unsent +=
			    !calls[n].sent && strcmp(calls[n].why.text, calls[0].why.text) == 0;
		ok(rc < 0 && unsent >= MANY - MAX_RPC_STREAMS && !calls[MANY - 1].sent,
		    "%s: %zu of %d calls are not even sent", servers[i], unsent, MANY);
		channel_close(c);
	}
}

static void
test_channel_run__timeouts(struct arena *a, const struct servers *all)
{
	struct call calls[2] = { { .method = "/t.T/slow", .request = STR("60"), .timeout_ms = 150 },
		{ .method = "/t.T/slow", .request = STR("0.3") } };
	struct channel *c;
	struct err err = { 0 };
	struct call call = ask_once(a, all, (struct at){ .server = "silent" },
	    (struct call){ .method = "/t.T/x", .timeout_ms = 150 });
	int64_t start;

	ok(call.sent && call.why.kind == ERR_TIMEOUT, "the call's own time: %s", call.why.text);
	call = ask_once(a, all, (struct at){ .server = "silent", .deadline_ms = 150 },
	    (struct call){ .method = "/t.T/x" });
	ok(call.sent && call.why.kind == ERR_TIMEOUT, "the deadline: %s", call.why.text);
	call = ask_once(a, all, (struct at){ .server = "plain", .deadline_ms = -1 },
	    (struct call){ .method = "/t.T/x" });
	ok(!call.sent && call.why.kind == ERR_TIMEOUT, "a deadline in the past: nothing is sent");
	c = open_at(a, all, (struct at){ .server = "plain" });
	start = clock_ms();
	ok(channel_run(c, calls, 2, a, &err) == (calls[0].answered ? 0 : -1), "the result agrees");
	ok((calls[0].why.kind == ERR_TIMEOUT || calls[0].status == GRPC_DEADLINE_EXCEEDED)
	        && is_reply(&calls[1], "late") && clock_ms() - start < 20000,
	    "one late call does not harm its neighbour: %s", err.text);
	channel_close(c);
}

/* Writes into the pipe after a moment, from another process. */
static pid_t
stop_later(int fd)
{
	pid_t child = fork();

	if (child == 0) {
		(void)poll(NULL, 0, 150);
		_exit(write(fd, "x", 1) == 1 ? 0 : 1);
	}
	return child;
}

static void
test_channel_run__interrupted(struct arena *a, const struct servers *all)
{
	struct call slow[5], after = { .method = "/t.T/resets", .request = STR("stopped 5") };
	int64_t start = clock_ms();
	struct err err = { 0 };
	struct channel *c;
	int fds[2];
	pid_t child;
	int rc;

	if (pipe(fds) < 0)
		return;
	c = open_at(a, all, (struct at){ .server = "plain", .stop_fd = fds[0] });
	for (size_t i = 0; i < COUNT_OF(slow); i++)
		slow[i] = (struct call){ .method = "/t.T/slow", .request = STR("60 stopped") };
	child = stop_later(fds[1]);
	rc = channel_run(c, slow, COUNT_OF(slow), a, &err);
	(void)waitpid(child, NULL, 0);
	ok(rc < 0 && err.kind == ERR_INTERRUPTED && slow[4].why.kind == ERR_INTERRUPTED
	        && slow[0].sent && clock_ms() - start < 20000,
	    "%s", err.text);
	rc = channel_run(c, slow, COUNT_OF(slow), a, &err);
	ok(rc < 0 && err.kind == ERR_INTERRUPTED && !slow[0].sent, "stopped: nothing more is sent");
	channel_grace(c, 3000);
	rc = channel_run(c, &after, 1, a, &err);
	ok(rc == 0 && is_reply(&after, "5"),
	    "the grace allows to clean up, and the server saw 5 resets: %s", err.text);
	after = (struct call){ .method = "/t.T/slow", .request = STR("5") };
	channel_grace(c, 100);
	ok(channel_run(c, &after, 1, a, &err) < 0 && after.why.kind == ERR_TIMEOUT,
	    "the grace ends");
	channel_close(c);
	close(fds[0]);
	close(fds[1]);
}

static void
run_all(struct arena *a, const struct servers *all)
{
	test_channel_run__one_connection(a, all);
	test_channel_run__one_flight(a, all);
	test_channel_run__early_answers(a, all);
	test_channel_run__reconnects(a, all);
	test_channel_run__no_use_to_go_on(a, all);
	test_channel_run__timeouts(a, all);
	test_channel_run__interrupted(a, all);
}

int
main(void)
{
	return with_servers(run_all);
}
