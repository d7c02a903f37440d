/* REST calls: net/rest*.c, against tests/net/rest.py. */
#include "../net/servers.h"
#include "../net/token.h"

#include "base/buf.h"
#include "base/limits.h"
#include "net/rest.h"

static struct rest *
open_rest(struct arena *a, const struct servers *all, const char *server, struct rest_opts opts)
{
	struct err err = { 0 };
	struct rest *r;

	opts.base = arena_fmt(a, "%s://127.0.0.1:%u", strcmp(server, "plain") ? "https" : "http",
	    port_of(all, server))
	                .ptr;
	opts.ca_file = opts.ca_file ? opts.ca_file : arena_fmt(a, "%s/ca.pem", all->dir).ptr;
	opts.user_agent = "pachup/test";
	opts.connect_ms = 5000;
	opts.deadline_ms = clock_ms() + (opts.deadline_ms ? opts.deadline_ms : 20000);
	opts.stop_fd = opts.stop_fd ? opts.stop_fd : -1;
	r = rest_open(&opts, &err);
	if (!r)
		ok(false, "%s: %s", server, err.text);
	return r;
}

static int
ask(struct rest *r, const char *method, const char *path, const char *body, struct rest_reply *out,
    struct err *err)
{
	struct rest_request request = { .method = method, .path = path, .body = str_of(body) };

	*err = (struct err){ 0 };
	return rest_send(r, &request, out, err);
}

static bool
holds(const struct rest_reply *reply, const char *text)
{
	return strstr(reply->body.ptr, text) != NULL;
}

static void
test_rest_send__what_goes_out(struct arena *a, const struct servers *all)
{
	static const char *const headers[] = { "Accept: application/vnd.test+json", "X-Version: 7",
		NULL };
	struct err err = { 0 };
	struct secret *token = token_for(AUDIENCE_GITHUB, STR("s3cret-token"));
	struct rest *r = open_rest(a, all, "tls",
	    (struct rest_opts){ .audience = AUDIENCE_GITHUB, .token = token, .headers = headers });
	struct rest_reply reply;

	ok(ask(r, "GET", "/x?y=1", "", &reply, &err) == 0 && reply.status == 200, "GET: %s",
	    err.text);
	ok(holds(&reply, "\"method\": \"GET\"") && holds(&reply, "\"path\": \"/x?y=1\""),
	    "as asked");
	ok(holds(&reply, "\"authorization\": \"Bearer s3cret-token\""), "with the token");
	ok(holds(&reply, "\"accept\": \"application/vnd.test+json\"")
	        && holds(&reply, "\"x-version\": \"7\"")
	        && holds(&reply, "\"user-agent\": \"pachup/test\""),
	    "and the headers");
	ok(!holds(&reply, "content-type"), "none for a body that is not there");
	ok(ask(r, "PUT", "/x", "{\"a\":1}", &reply, &err) == 0
	        && holds(&reply, "\"method\": \"PUT\"") && holds(&reply, "{\\\"a\\\":1}")
	        && holds(&reply, "\"content-type\": \"application/json\""),
	    "PUT with a body");
	ok(!holds(&reply, "\"expect\"") && !holds(&reply, "transfer-encoding"), "sent at once");
	ok(ask(r, "PATCH", "/x", "{}", &reply, &err) == 0 && holds(&reply, "\"PATCH\""), "PATCH");
	ok(ask(r, "DELETE", "/x", "", &reply, &err) == 0 && holds(&reply, "\"DELETE\""), "DELETE");
	ok(ask(r, "GET", "/x", "", &reply, &err) == 0 && holds(&reply, "\"body\": \"\""),
	    "no body is left from before");
	rest_close(r);
	r = open_rest(a, all, "plain", (struct rest_opts){ .token = NULL });
	ok(ask(r, "GET", "/x", "", &reply, &err) == 0 && !holds(&reply, "authorization"),
	    "plaintext to loopback, without a token");
	rest_close(r);
	rest_close(NULL);
	secret_free(token);
}

static void
test_rest_open__addresses(void)
{
	static const struct {
		const char *base;
		bool good;
	} rows[] = {
		{ "https://api.example", true },
		{ "https://host:8443/api/v3", true },
		{ "http://127.0.0.1:80", true },
		{ "http://localhost", true },
		{ "http://127.0.0.1.example", false },
		{ "http://localhost.example", false },
		{ "http://api.example", false },
		{ "https://user:pw@api.example", false },
		{ "https://", false },
		{ "api.example", false },
		{ "ftp://api.example", false },
		{ "", false },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct rest_opts opts = { .base = rows[i].base, .user_agent = "x", .stop_fd = -1 };
		struct err err = { 0 };
		struct rest *r = rest_open(&opts, &err);

		ok((r != NULL) == rows[i].good
		        && (r || (err.kind == ERR_USAGE && !strstr(err.text, "pw"))),
		    "'%s': %s", rows[i].base, err.text);
		rest_close(r);
	}
}

static void
count_retries(void *ctx, const struct err *why, int attempt, int64_t pause_ms)
{
	int *count = ctx;

	*count += why->text[0] && attempt == *count + 1 && pause_ms > 0;
}

static void
test_rest_send__again(struct arena *a, const struct servers *all)
{
	static const struct {
		const char *method, *path;
		int retries; /* 0: not sent again */
		int status;  /* 0: no answer */
	} rows[] = {
		{ "GET", "/limit-once?1", 1, 200 },
		{ "POST", "/limit-once?2", 1, 200 },
		{ "PUT", "/limit-403-once?1", 1, 200 },
		{ "GET", "/503-once?1", 1, 200 },
		{ "PUT", "/503-once?2", 1, 200 },
		{ "POST", "/503-once?3", 0, 503 },
		{ "PATCH", "/503-once?4", 0, 503 },
		{ "GET", "/cut-once?1", 1, 200 },
		{ "PUT", "/cut-once?2", 1, 200 },
		{ "POST", "/cut-once?3", 0, 0 },
		{ "GET", "/half-once?1", 1, 200 },
		{ "GET", "/forbidden", 0, 403 },
		{ "GET", "/limit-far", 0, 403 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		int retries = 0;
		struct rest *r = open_rest(a, all, "tls",
		    (struct rest_opts){ .on_retry = count_retries, .retry_ctx = &retries });
		struct rest_reply reply;
		struct err err;
		const char *body = strcmp(rows[i].method, "GET") ? "{\"a\":1}" : "";
		int rc = ask(r, rows[i].method, rows[i].path, body, &reply, &err);

		ok(rc == (rows[i].status ? 0 : -1) && reply.status == rows[i].status
		        && retries == rows[i].retries,
		    "%s %s: %d after %d more: %s", rows[i].method, rows[i].path, reply.status,
		    retries, err.text);
		if (rc == 0 && rows[i].status == 200 && *body)
			ok(holds(&reply, "{\\\"a\\\":1}"), "the body went out again");
		if (rc < 0)
			ok(err.kind == ERR_NETWORK && rest_may_be_done(r),
			    "it may have come through");
		rest_close(r);
	}
}

static void
test_rest_send__limits_told(struct arena *a, const struct servers *all)
{
	struct rest *r =
	    open_rest(a, all, "tls", (struct rest_opts){ .request_header = "x-github-request-id" });
	struct rest_reply reply;
	struct err err;

	ok(ask(r, "GET", "/limit-far?2", "", &reply, &err) == 0 && reply.wait_s > 3500
	        && reply.wait_s <= 3600,
	    "a limit that ends after the deadline is reported: %lld s", (long long)reply.wait_s);
	ok(ask(r, "GET", "/forbidden", "", &reply, &err) == 0 && reply.wait_s == 0, "no limit");
	ok(strcmp(reply.request, "ABCD:1[1m") == 0, "the server's name for the request, clean");
	rest_close(r);
}

static void
test_rest_send__pages(struct arena *a, const struct servers *all)
{
	struct rest *r = open_rest(a, all, "tls", (struct rest_opts){ .token = NULL });
	struct rest_reply reply;
	struct err err;

	ok(ask(r, "GET", "/page", "", &reply, &err) == 0 && reply.next
	        && strstr(reply.next, "/page2?x=1"),
	    "the next page is known");
	ok(ask(r, "GET", reply.next ? reply.next : "/", "", &reply, &err) == 0
	        && holds(&reply, "\"path\": \"/page2?x=1\"") && !reply.next,
	    "and the last one has none");
	ok(ask(r, "GET", "/page-elsewhere", "", &reply, &err) == 0 && !reply.next,
	    "a page elsewhere is not followed");
	rest_close(r);
}

static void
test_rest_send__refusals(struct arena *a, const struct servers *all)
{
	static char lots[600000];
	struct rest *r = open_rest(a, all, "tls", (struct rest_opts){ .token = NULL });
	struct rest *two = open_rest(a, all, "tls", (struct rest_opts){ .most_bytes = 2 << 20 });
	struct rest_reply reply;
	struct err err;

	memset(lots, 'x', sizeof(lots) - 1);
	ok(ask(r, "GET", "/redirect", "", &reply, &err) < 0 && err.kind == ERR_NETWORK
	        && strstr(err.text, "redirects to 'https://elsewhere.test/x'")
	        && !strstr(err.text, "s3cret"),
	    "redirect: %s", err.text);
	ok(ask(r, "GET", "/exact", "", &reply, &err) == 0 && reply.body.len == MAX_REST_BYTES,
	    "1 MiB is taken");
	ok(ask(r, "GET", "/big", "", &reply, &err) < 0 && strstr(err.text, "longer than 1 MiB"),
	    "a byte more is not: %s", err.text);
	ok(ask(two, "GET", "/big", "", &reply, &err) == 0
	        && ask(two, "GET", "/huge", "", &reply, &err) < 0
	        && strstr(err.text, "longer than 2 MiB"),
	    "another limit: %s", err.text);
	ok(ask(r, "GET", "/headers", "", &reply, &err) < 0 && err.kind == ERR_NETWORK,
	    "too many headers: %s", err.text);
	ok(ask(r, "PUT", "/early", lots, &reply, &err) == 0 && reply.status == 413,
	    "an answer before the body is sent: %d %s", reply.status, err.text);
	ok(ask(r, "GET", "/x", "", &reply, &err) == 0 && reply.status == 200, "and all goes on");
	rest_close(two);
	rest_close(r);
}

static void
test_rest_send__ends_in_time(struct arena *a, const struct servers *all)
{
	struct rest *r = open_rest(a, all, "tls", (struct rest_opts){ .deadline_ms = 700 });
	int64_t from = clock_ms();
	struct rest_reply reply;
	struct err err;
	int fds[2];

	ok(ask(r, "GET", "/slow", "", &reply, &err) < 0 && err.kind == ERR_TIMEOUT
	        && clock_ms() - from < 20000,
	    "the deadline ends it: %s", err.text);
	rest_close(r);
	if (pipe(fds) < 0 || write(fds[1], "x", 1) != 1)
		return;
	r = open_rest(a, all, "tls", (struct rest_opts){ .stop_fd = fds[0] });
	from = clock_ms();
	ok(ask(r, "GET", "/slow", "", &reply, &err) < 0 && err.kind == ERR_INTERRUPTED
	        && clock_ms() - from < 20000,
	    "a signal too: %s", err.text);
	rest_close(r);
	close(fds[0]);
	close(fds[1]);
}

static void
test_rest_send__tls(struct arena *a, const struct servers *all)
{
	struct rest *r = open_rest(a, all, "elsewhere", (struct rest_opts){ .token = NULL });
	struct rest_reply reply;
	struct err err;

	ok(ask(r, "GET", "/x", "", &reply, &err) < 0 && err.kind == ERR_NETWORK
	        && strstr(err.text, "certificate") && !rest_may_be_done(r),
	    "another name in the certificate: %s", err.text);
	rest_close(r);
	r = open_rest(a, all, "tls",
	    (struct rest_opts){ .ca_file = arena_fmt(a, "%s/elsewhere.pem", all->dir).ptr });
	ok(ask(r, "GET", "/x", "", &reply, &err) < 0 && strstr(err.text, "not trusted")
	        && !rest_may_be_done(r),
	    "another authority: %s", err.text);
	rest_close(r);
}

static void
take_line(void *ctx, const char *text)
{
	buf_fmt(ctx, "%s\n", text);
}

static void
test_rest_send__trace(struct arena *a, const struct servers *all)
{
	struct buf lines = BUF_INIT(64 << 10);
	struct err err = { 0 };
	struct secret *token = token_for(AUDIENCE_GITHUB, STR("s3cret-token"));
	struct rest *r = open_rest(a, all, "tls",
	    (struct rest_opts){ .audience = AUDIENCE_GITHUB,
	        .token = token,
	        .trace = { .line = take_line, .ctx = &lines } });
	struct rest_reply reply;
	const char *text;

	ok(ask(r, "PUT", "/x?sig=s3cret-part", "{\"a\":1}", &reply, &err) == 0
	        && ask(r, "GET", "/x", "", &reply, &err) == 0,
	    "two requests: %s", err.text);
	text = arena_cstr(a, buf_str(&lines));
	ok(strncmp(text, "connected to https://127.0.0.1:", 31) == 0 && strstr(text, ": TLSv1.")
	        && !strstr(text + 31, "connected to "),
	    "one connection: %.*s", (int)strcspn(text, "\n"), text);
	ok(strstr(text, "\ncall PUT https://127.0.0.1:") && strstr(text, "/x: HTTP status 200 in ")
	        && strstr(text, " ms, 7 bytes sent, ") && strstr(text, "\ncall GET https://"),
	    "both requests");
	ok(!strstr(text, "s3cret"), "neither the token nor a query");
	rest_close(r);
	buf_free(&lines);
	secret_free(token);
}

static void
test_rest_escape__parts(struct arena *a)
{
	ok(str_is(rest_escape(a, STR("a-b_c.d~9")), "a-b_c.d~9"), "unreserved");
	ok(str_is(rest_escape(a, STR("Pre prod/\xc3\xa9?#%")), "Pre%20prod%2F%C3%A9%3F%23%25"),
	    "rest");
	ok(str_is(rest_escape(a, STR("")), ""), "nothing");
}

static void
tests(struct arena *a, const struct servers *all)
{
	test_rest_send__what_goes_out(a, all);
	test_rest_open__addresses();
	test_rest_send__again(a, all);
	test_rest_send__limits_told(a, all);
	test_rest_send__pages(a, all);
	test_rest_send__refusals(a, all);
	test_rest_send__ends_in_time(a, all);
	test_rest_send__tls(a, all);
	test_rest_send__trace(a, all);
	test_rest_escape__parts(a);
}

int
main(void)
{
	return with_script("tests/net/rest.py", "import http.server, ssl", tests);
}
