/* Calls that are asked again: net/retry.c against tests/net/servers.py. */
#include "../net/servers.h"

struct reported {
	int count;
	struct err last;
};

static void
count_retry(void *ctx, const struct err *why, int attempt, int most)
{
	struct reported *reported = ctx;

	reported->count++;
	reported->last = *why;
	ok(attempt == reported->count && attempt <= most, "attempt %d of %d", attempt, most);
}

static struct channel *
open_counting(struct arena *a, const struct servers *all, struct at at, struct reported *reported)
{
	struct err err = { 0 };
	struct channel_opts opts = { .user_agent = "pachup/test",
		.connect_ms = 5000,
		.deadline_ms = clock_ms() + (at.deadline_ms ? at.deadline_ms : 20000),
		.stop_fd = at.stop_fd ? at.stop_fd : -1,
		.on_retry = count_retry,
		.retry_ctx = reported,
		.ca_file = arena_fmt(a, "%s/ca.pem", all->dir).ptr };
	struct channel *c = NULL;

	if (url_parse(a,
	        arena_fmt(a, "%s://127.0.0.1:%u", at.scheme ? at.scheme : "grpc",
	            port_of(all, at.server)),
	        &opts.url, &err)
	    == 0)
		c = channel_open(&opts, &err);
	if (!c) {
		printf("Bail out! %s: %s\n", at.server, err.text);
		exit(1);
	}
	return c;
}

static void
test_channel_ask__causes(struct arena *a, const struct servers *all)
{
	static const struct {
		const char *server, *scheme;
		int retries;
		bool good;
	} rows[] = {
		{ "first-refused", "grpc", 1, true },
		{ "first-cut", "grpc", 1, true },
		{ "first-503", "grpc", 1, true },
		{ "first-14", "grpc", 1, true },
		{ "goaway", "grpc", 4, false }, /* it does so each time */
		{ "h404", "grpc", 0, false },
		{ "html", "grpc", 0, false },
		{ "close", "grpc", 0, false }, /* nothing says that it is a gRPC server */
		{ "nobody", "grpc", 0, false },
		{ "tls-expired", "grpcs", 0, false },
		{ "trailers-only", "grpc", 0, true },
		{ "two", "grpc", 0, false },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct reported reported = { 0 };
		struct err err = { 0 };
		struct channel *c = open_counting(a, all,
		    (struct at){ .server = rows[i].server, .scheme = rows[i].scheme }, &reported);
		struct call call = { .method = "/t.T/echo" };
		int rc = channel_ask(c, &call, 1, a, &err);

		ok(reported.count == rows[i].retries && (rc == 0) == rows[i].good
		        && call.answered == rows[i].good,
		    "%s: %d retries, %s", rows[i].server, reported.count,
		    rc == 0 ? "good" : err.text);
		channel_close(c);
	}
}

/* libcurl 7.88 gives the connection up when the first call is refused before the second joins it. */
enum { JOIN_TRIES = 5 };

static void
test_channel_ask__only_what_failed(struct arena *a, const struct servers *all)
{
	bool good = false;
	struct err err = { 0 };

	if (getenv("SLOW")) {
		skip("under valgrind the first call is refused before the second begins");
		return;
	}
	for (size_t i = 0; i < JOIN_TRIES && !good; i++) {
		struct reported reported = { 0 };
		struct channel *c =
		    open_counting(a, all, (struct at){ .server = "second-refused" }, &reported);
		struct call calls[2] = { { .method = "/t.T/echo" }, { .method = "/t.T/echo" } };

		good = channel_ask(c, calls, 2, a, &err) == 0 && is_reply(&calls[0], "ok")
		       && is_reply(&calls[1], "ok");
		channel_close(c);
	}
	ok(good, "only the call that was refused is asked again: %s", err.text);
}

static void
test_channel_ask__within_the_deadline(struct arena *a, const struct servers *all)
{
	struct reported reported = { 0 };
	struct err err = { 0 };
	struct channel *c =
	    open_counting(a, all, (struct at){ .server = "goaway", .deadline_ms = 700 }, &reported);
	struct call call = { .method = "/t.T/echo" };

	ok(channel_ask(c, &call, 1, a, &err) < 0 && reported.count <= 2, "no time for more");
	channel_close(c);
}

static void
test_channel_ask__stopped(struct arena *a, const struct servers *all)
{
	struct reported reported = { 0 };
	struct err err = { 0 };
	int fds[2];
	struct channel *c;
	struct call call = { .method = "/t.T/echo" };

	if (pipe(fds) < 0 || write(fds[1], "x", 1) != 1)
		return;
	c = open_counting(a, all, (struct at){ .server = "goaway", .stop_fd = fds[0] }, &reported);
	ok(channel_ask(c, &call, 1, a, &err) < 0 && err.kind == ERR_INTERRUPTED
	        && reported.count == 0,
	    "a signal ends it");
	channel_close(c);
	close(fds[0]);
	close(fds[1]);
}

static void
test_channel_ask__a_token_for_another_host(struct arena *a, const struct servers *all)
{
	struct err err = { 0 };
	struct secret *token = secret_new(STR("a-token"), "a test", &err); /* for nobody yet */
	struct channel *c = open_at(a, all, (struct at){ .server = "plain", .token = token });
	struct call call = { .method = "/t.T/echo" };

	ok(channel_ask(c, &call, 1, a, &err) < 0 && err.kind == ERR_REFUSED && err.text[0]
	        && call.why.kind == ERR_REFUSED && !call.sent,
	    "the failure says why: %s", err.text);
	channel_close(c);
	secret_free(token);
}

static void
tests(struct arena *a, const struct servers *all)
{
	test_channel_ask__causes(a, all);
	test_channel_ask__only_what_failed(a, all);
	test_channel_ask__within_the_deadline(a, all);
	test_channel_ask__stopped(a, all);
	test_channel_ask__a_token_for_another_host(a, all);
}

int
main(void)
{
	return with_servers(tests);
}
