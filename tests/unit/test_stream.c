/* Streams of messages that are never held all at once: net/call.c, answer.c, against tests/net/servers.py. */
#include "../net/servers.h"

#include <stdlib.h>

#include "base/limits.h"

enum { FAIL_AT_NONE = -1 };

/* A source of `count` messages of `len` bytes each; the one of index `fail_at` ends the call. */
struct made {
	size_t count, len, given;
	long fail_at;
	char *bytes;
};

static int
make_message(void *ctx, struct str *message, struct err *err)
{
	struct made *made = ctx;

	if ((long)made->given == made->fail_at)
		return err_set(err, ERR_SYSTEM, "the file has changed");
	if (made->given == made->count)
		return 0;
	memset(made->bytes, 'a' + (int)(made->given++ % 26), made->len);
	*message = (struct str){ made->bytes, made->len };
	return 1;
}

/* Sums what comes; the message of index `fail_at` ends the call. */
struct summed {
	size_t count, bytes;
	long fail_at;
};

static int
sum_message(void *ctx, struct str message, struct err *err)
{
	struct summed *summed = ctx;

	if ((long)summed->count == summed->fail_at)
		return err_set(err, ERR_SYSTEM, "the disk is full");
	summed->count++;
	summed->bytes += message.len;
	return 0;
}

static struct call
send_made(
    struct arena *a, const struct servers *all, struct at at, const char *method, struct made *made)
{
	struct call_source source = { make_message, made };

	made->bytes = arena_alloc(a, made->len);
	return ask_once(a, all, at, (struct call){ .method = method, .source = &source });
}

static void
test_source__sends_every_message(struct arena *a, const struct servers *all)
{
	static const struct {
		size_t count, len;
		const char *answer;
	} rows[] = {
		{ 0, 0, "0 0 0" },
		{ 3, 0, "3 0 0" },
		{ 1, 1, "1 1 97" },
		{ 5000, 7, "5000 35000 3831996" },
		{ 40, 2 << 20, "40 83886080 274944" },
	};
	static const struct at ways[] = { { .server = "plain" },
		{ .server = "tls", .scheme = "grpcs" } };

	for (size_t i = 0; i < COUNT_OF(rows) * COUNT_OF(ways); i++) {
		size_t row = i / COUNT_OF(ways);
		struct made made = { rows[row].count, rows[row].len, 0, FAIL_AT_NONE, NULL };
		struct call call = send_made(a, all, ways[i % COUNT_OF(ways)], "/t.T/count", &made);

		ok(is_reply(&call, rows[row].answer), "%zu messages of %zu bytes: %s", made.count,
		    made.len, call.answered ? call.replies[0].ptr : call.why.text);
	}
}

static void
test_source__ends_early(struct arena *a, const struct servers *all)
{
	struct at at = { .server = "plain" };
	struct made made = { 1000, 1 << 20, 0, FAIL_AT_NONE, NULL };
	struct call call = send_made(a, all, at, "/t.T/refuse", &made);

	/* libcurl 7.88 loses an answer that comes together with the stream's reset (cf_h2_recv) */
	ok(call.answered ? call.status == GRPC_NOT_FOUND : call.why.kind == ERR_NETWORK,
	    "a refusal in the middle ends the call: %s", call.why.text);
	ok(made.given < made.count, "and the rest is not sent");
	made = (struct made){ 1000, 1 << 20, 0, FAIL_AT_NONE, NULL };
	call = send_made(a, all, at, "/t.T/hurry", &made);
	ok(!call.answered && call.why.kind == ERR_NETWORK, "content too early is not a success: %s",
	    call.why.text);
	made = (struct made){ 10, 1 << 20, 0, 3, NULL };
	call = send_made(a, all, at, "/t.T/count", &made);
	ok(!call.answered && call.why.kind == ERR_SYSTEM
	        && strcmp(call.why.text, "the file has changed") == 0,
	    "the source ends the call: %s", call.why.text);
	made = (struct made){ 1, MAX_RPC_BYTES + 1, 0, FAIL_AT_NONE, NULL };
	call = send_made(a, all, at, "/t.T/count", &made);
	ok(!call.answered && strstr(call.why.text, "above the server's limit"),
	    "a message that is too large: %s", call.why.text);
}

static void
test_source__leaves_the_channel_whole(struct arena *a, const struct servers *all)
{
	struct channel *c = open_at(a, all, (struct at){ .server = "plain" });
	struct made made = { 10, 1000, 0, FAIL_AT_NONE, arena_alloc(a, 1000) };
	struct call_source source = { make_message, &made };
	struct call call = { .method = "/t.T/count", .source = &source };
	struct err err = { 0 };

	ok(channel_run(c, &call, 1, a, &err) == 0 && is_reply(&call, "10 10000 64960"),
	    "a stream: %s", err.text);
	call = (struct call){ .method = "/t.T/echo", .request = STR("hello") };
	ok(channel_run(c, &call, 1, a, &err) == 0 && is_reply(&call, "hello"),
	    "and a call on the same handle: %s", err.text);
	channel_close(c);
}

static void
test_sink__takes_every_message(struct arena *a, const struct servers *all)
{
	struct summed summed = { 0, 0, FAIL_AT_NONE };
	struct call_sink sink = { .take = sum_message, .ctx = &summed };
	struct call call = ask_once(a, all, (struct at){ .server = "plain" },
	    (struct call){ .method = "/t.T/many",
	        .request = STR("300 1048576"),
	        .streams = true,
	        .sink = &sink });

	ok(call.answered && call.status == 0 && summed.count == 300
	        && summed.bytes == (size_t)300 << 20,
	    "more than what would be kept: %s", call.why.text);
	ok(!call.replies && call.reply_count == 300, "nothing is kept");
	summed = (struct summed){ 0, 0, 2 };
	call = ask_once(a, all, (struct at){ .server = "plain" },
	    (struct call){ .method = "/t.T/many",
	        .request = STR("300 1000"),
	        .streams = true,
	        .sink = &sink });
	ok(!call.answered && call.why.kind == ERR_SYSTEM
	        && strcmp(call.why.text, "the disk is full") == 0,
	    "the sink ends the call: %s", call.why.text);
}

static void
run_all(struct arena *a, const struct servers *all)
{
	test_source__sends_every_message(a, all);
	test_source__ends_early(a, all);
	test_source__leaves_the_channel_whole(a, all);
	test_sink__takes_every_message(a, all);
}

int
main(void)
{
	return with_servers(run_all);
}
