/* The lines for each call and each connection: net/trace_line.c, against tests/net/servers.py. */
#include "../net/servers.h"
#include "../net/token.h"

#include "base/buf.h"

enum { TRACE_MAX = 64 << 10 };

static void
take_line(void *ctx, const char *text)
{
	buf_fmt(ctx, "%s\n", text);
}

/* Takes the lines out, in `a`. */
static const char *
lines_of(struct arena *a, struct buf *lines)
{
	const char *text = arena_cstr(a, buf_str(lines));

	buf_free(lines);
	return text;
}

/* True when `text` is `pattern`, where '#' is one or more digits and '*' anything within a line. */
static bool
fits(const char *text, const char *pattern)
{
	if (*pattern == '\0')
		return *text == '\0';
	if (*pattern == '#') {
		size_t digits = strspn(text, "0123456789");

		return digits > 0 && fits(text + digits, pattern + 1);
	}
	if (*pattern != '*')
		return *text == *pattern && fits(text + 1, pattern + 1);
	for (;; text++) {
		if (fits(text, pattern + 1))
			return true;
		if (*text == '\0' || *text == '\n')
			return false;
	}
}

static void
check_lines(
    struct arena *a, const struct servers *all, struct at at, struct call call, const char *pattern)
{
	struct buf lines = BUF_INIT(TRACE_MAX);
	const char *text;

	at.trace = (struct trace){ .line = take_line, .ctx = &lines };
	(void)ask_once(a, all, at, call);
	text = lines_of(a, &lines);
	ok(fits(text, pattern), "%s: %.*s", at.server, (int)strcspn(text, "\n"), text);
	if (!fits(text, pattern))
		printf("# %s\n", text);
}

static void
test_trace__plaintext_and_tls(struct arena *a, const struct servers *all)
{
	struct call hello = { .method = "/t.T/echo", .request = STR("hello") };

	/* "hello" and the five bytes before each message of gRPC */
	check_lines(a, all, (struct at){ .server = "plain" }, hello,
	    "connected to grpc://127.0.0.1:# (127.0.0.1:#) in # ms: no TLS\n"
	    "call t.T/echo: OK in # ms, 10 bytes sent, 10 bytes received\n");
	check_lines(a, all, (struct at){ .server = "tls", .scheme = "grpcs" }, hello,
	    "connected to grpcs://127.0.0.1:# (127.0.0.1:#) in # ms: TLSv1.#\n"
	    "call t.T/echo: OK in # ms, 10 bytes sent, 10 bytes received\n");
}

static void
test_trace__outcomes(struct arena *a, const struct servers *all)
{
	check_lines(a, all, (struct at){ .server = "plain" },
	    (struct call){ .method = "/t.T/fail", .request = STR("7 the message is not shown") },
	    "connected *\ncall t.T/fail: PERMISSION_DENIED in # ms, 31 bytes sent, 0 bytes "
	    "received\n");
	check_lines(a, all, (struct at){ .server = "plain" },
	    (struct call){ .method = "/t.T/many", .request = STR("30 500"), .streams = true },
	    "connected *\ncall t.T/many: OK in # ms, 11 bytes sent, 15150 bytes received\n");
	check_lines(a, all, (struct at){ .server = "nobody" },
	    (struct call){ .method = "/t.T/echo", .request = STR("hello") },
	    "call t.T/echo: no response in # ms, 0 bytes sent, 0 bytes received\n");
	check_lines(a, all, (struct at){ .server = "tls", .scheme = "grpcs", .without_ca = true },
	    (struct call){ .method = "/t.T/echo", .request = STR("hello") },
	    "call t.T/echo: no response in # ms, 0 bytes sent, 0 bytes received\n");
}

static void
test_trace__proxy(struct arena *a, const struct servers *all)
{
	const char *proxy =
	    arena_fmt(a, "http://someone:s3cret@127.0.0.1:%u", port_of(all, "proxy")).ptr;

	check_lines(a, all, (struct at){ .server = "tls", .scheme = "grpcs", .proxy = proxy },
	    (struct call){ .method = "/t.T/echo", .request = STR("hello") },
	    "connected to grpcs://127.0.0.1:# (proxy 127.0.0.1:#) in # ms: TLSv1.#\n"
	    "call t.T/echo: OK in # ms, 10 bytes sent, 10 bytes received\n");
}

/* One line for a connection that carries many calls, and a secret in none. */
static void
test_trace__many(struct arena *a, const struct servers *all)
{
	struct buf lines = BUF_INIT(TRACE_MAX);
	struct err err = { 0 };
	struct secret *token = token_for(AUDIENCE_PACHD, STR("s3cret-token"));
	struct channel *c = open_at(a, all,
	    (struct at){ .server = "tls",
	        .scheme = "grpcs",
	        .token = token,
	        .trace = { .line = take_line, .ctx = &lines } });
	struct call calls[40];
	size_t count = 0;
	const char *text;

	for (size_t i = 0; i < COUNT_OF(calls); i++)
		calls[i] = (struct call){ .method = "/t.T/meta", .request = STR("s3cret-token") };
	ok(channel_run(c, calls, COUNT_OF(calls), a, &err) == 0
	        && channel_run(c, calls, COUNT_OF(calls), a, &err) == 0,
	    "80 calls: %s", err.text);
	channel_close(c);
	secret_free(token);
	text = lines_of(a, &lines);
	for (const char *at = text; (at = strstr(at, "call t.T/meta: OK in ")) != NULL; at++)
		count++;
	ok(count == 80, "a line for each call: %zu", count);
	ok(strncmp(text, "connected to ", 13) == 0 && !strstr(text + 13, "connected to "),
	    "one connection");
	ok(!strstr(text, "s3cret"), "no secret");
}

static void
tests(struct arena *a, const struct servers *all)
{
	test_trace__plaintext_and_tls(a, all);
	test_trace__outcomes(a, all);
	test_trace__proxy(a, all);
	test_trace__many(a, all);
}

int
main(void)
{
	return with_servers(tests);
}
