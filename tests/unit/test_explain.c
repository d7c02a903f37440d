/* What is said when a server goes wrong: net/explain.c, against tests/net/servers.py. */
#include "../net/servers.h"

#include <stdlib.h>

/* Servers that go wrong, and what is said then; a NULL text: the call is answered with `status`. */
static const struct trouble {
	const char *server, *scheme, *text, *hint;
	bool sent;
	int status;
	const char *message;
} troubles[] = {
	{ "nobody", "grpc", "connection refused by 'grpc://127.0.0.1:", "30650", false, 0, NULL },
	{ "full", "grpc", "cannot connect to 'grpc://", "firewall", false, 0, NULL },
	{ "redirect-tls", "grpc", "redirects to TLS (HTTP status 301)", "use grpcs://127", true, 0,
	    NULL },
	{ "redirect", "grpc", "redirects (HTTP status 302)", "is pachd's", true, 0, NULL },
	{ "h401", "grpc", "requires its own login", "without another login", true, 0, NULL },
	{ "h403", "grpc", "forbids the call", "firewall", true, 0, NULL },
	{ "h404", "grpc", "has no gRPC service", "is pachd's", true, 0, NULL },
	{ "h500", "grpc", "that is not gRPC (HTTP status 500)", "is pachd's", true, 0, NULL },
	{ "h502", "grpc", "got no usable response from pachd", "HTTP/2", true, 0, NULL },
	{ "h503", "grpc", "finds no running pachd", "kubectl", true, 0, NULL },
	{ "h504", "grpc", "timed out waiting for pachd", "timeout", true, 0, NULL },
	{ "html", "grpc", "is not a gRPC server: it sent 'text/html'", "pachd's", true, 0, NULL },
	{ "untyped", "grpc", "it sent no content type", "is pachd's", true, 0, NULL },
	{ "status-on-503", "grpc", NULL, NULL, true, 14, "no backend" },
	{ "trailers-only", "grpc", NULL, NULL, true, 5, "caf\xc3\xa9 %zz 100% ? %" },
	{ "odd-status", "grpc", NULL, NULL, true, GRPC_UNKNOWN, "" },
	{ "early", "grpc", NULL, NULL, true, GRPC_UNIMPLEMENTED, "unknown" },
	{ "continue", "grpc", NULL, NULL, true, GRPC_OK, "" },
	{ "no-status", "grpc", "ended its response without a gRPC status", "run the command again",
	    true, 0, NULL },
	{ "none", "grpc", "sent 0 messages for one call", "address", true, 0, NULL },
	{ "two", "grpc", "sent several messages for one call", "address", true, 0, NULL },
	{ "half", "grpc", "in the middle of a message", "address", true, 0, NULL },
	{ "compressed", "grpc", "the response is compressed", "turn off gRPC compression", true, 0,
	    NULL },
	{ "no-frame", "grpc", "the response is not gRPC", "address", true, 0, NULL },
	{ "too-large", "grpc", "20971521 bytes exceeds the limit of 20 MiB", "", true, 0, NULL },
	{ "headers", "grpc", "more than 64 KiB of headers", "", true, 0, NULL },
	{ "cut", "grpc", "was lost in the middle of a response", "run the command again", true, 0,
	    NULL },
	{ "cut-before", "grpc", "was lost before the response", "run the command again", true, 0,
	    NULL },
	{ "reset", "grpc", "reset the call before the response", "run the command again", true, 0,
	    NULL },
	{ "goaway", "grpc", "was lost before the response", "run the command again", true, 0,
	    NULL },
	{ "garbage", "grpc", "was lost before the response", "run the command again", true, 0,
	    NULL },
	{ "http1", "grpc", "does not speak HTTP/2, which", "use grpcs://127", true, 0, NULL },
	{ "ssh", "grpc", "does not speak HTTP/2", "is pachd's", true, 0, NULL },
	{ "close", "grpc", "does not speak HTTP/2, which", "use grpcs://127", true, 0, NULL },
	{ "alert", "grpc", "speaks TLS, not plaintext", "use grpcs://127", true, 0, NULL },
	{ "plain", "grpcs", "TLS", "use grpc://127", false, 0, NULL },
	{ "http1-first", "grpcs", "does not speak TLS", "use grpc://127", false, 0, NULL },
	{ "tls-http1", "grpcs", "speaks HTTP/1.1 only", "ALPN h2", true, 0, NULL },
	{ "tls-no-alpn", "grpcs", "speaks HTTP/1.1 only", "ALPN h2", true, 0, NULL },
	{ "tls-expired", "grpcs", "has expired", "renew", false, 0, NULL },
	{ "tls-self", "grpcs", "is self-signed", "'ca-file'", false, 0, NULL },
	{ "tls-elsewhere", "grpcs", "is not valid for '127.0.0.1'", "'server-name'", false, 0,
	    NULL },
	{ "tls-reset", "grpcs", "was lost before the response", "run the command again", true, 0,
	    NULL },
};

static void
test_channel_run__says_what_went_wrong(struct arena *a, const struct servers *all)
{
	for (size_t i = 0; i < COUNT_OF(troubles); i++) {
		const struct trouble *t = &troubles[i];
		struct at at = { .server = t->server, .scheme = t->scheme, .connect_ms = 300 };
		struct call call = ask_once(
		    a, all, at, (struct call){ .method = "/t.T/echo", .request = STR("hello") });
		bool good = call.sent == t->sent;

		if (t->text)
			good = good && !call.answered && call.why.kind == ERR_NETWORK
			       && strstr(call.why.text, t->text) && strstr(call.why.hint, t->hint);
		else
			good = good && call.answered && call.status == t->status
			       && str_is(call.message, t->message);
		ok(good, "%s with %s: '%s' '%s' sent %d status %d", t->server, t->scheme,
		    call.why.text, call.why.hint, call.sent, call.status);
	}
}

static void
test_channel_run__plaintext_to_tls_port(struct arena *a, const struct servers *all)
{
	struct call call = ask_once(a, all, (struct at){ .server = "tls" },
	    (struct call){ .method = "/t.T/echo", .request = STR("hello") });

	ok(!call.answered && strstr(call.why.hint, "use grpcs://127"), "%s", call.why.text);
}

static void
test_channel_run__unknown_ca(struct arena *a, const struct servers *all)
{
	struct call call =
	    ask_once(a, all, (struct at){ .server = "tls", .scheme = "grpcs", .without_ca = true },
	        (struct call){ .method = "/t.T/echo" });

	ok(!call.answered && !call.sent
	        && strstr(call.why.text, "from a CA that is not trusted here")
	        && strstr(call.why.hint, "'ca-file'"),
	    "%s", call.why.text);
	call = ask_once(a, all,
	    (struct at){ .server = "tls", .scheme = "grpcs", .server_name = "wrong.test" },
	    (struct call){ .method = "/t.T/echo" });
	ok(!call.answered && strstr(call.why.text, "is not valid for 'wrong.test'"), "%s",
	    call.why.text);
}

static void
run_all(struct arena *a, const struct servers *all)
{
	test_channel_run__says_what_went_wrong(a, all);
	test_channel_run__plaintext_to_tls_port(a, all);
	test_channel_run__unknown_ca(a, all);
}

int
main(void)
{
	return with_servers(run_all);
}
