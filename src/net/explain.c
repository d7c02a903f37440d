#include "net/call.h"

#include <errno.h>
#include <string.h>

static const char look_at_address[] = "check that the address leads to pachd's gRPC port (30650 if "
                                      "nobody changed it) and to no other service";
static const char try_again[] =
    "pachd or a proxy before it went away: look at its state and run this again";

/* "grpcs://…" for an address in plaintext and "grpc://…" for one with TLS. */
static int
hint_scheme(const struct stream *s, const char *when, struct err *err)
{
	const char *text = s->opts->url.text;

	if (s->opts->url.tls)
		return err_hint(err, "%swrite grpc%s", when, text + strlen("grpcs"));
	return err_hint(err, "%swrite grpcs%s", when, text + strlen("grpc"));
}

/* An HTTP answer that is not gRPC's: proxies and other services speak HTTP/2 too. */
static const struct {
	int status;
	const char *what, *hint;
} statuses[] = {
	{ 301, "redirects", look_at_address },
	{ 302, "redirects", look_at_address },
	{ 303, "redirects", look_at_address },
	{ 307, "redirects", look_at_address },
	{ 308, "redirects", look_at_address },
	{ 400, "finds the request malformed", look_at_address },
	{ 401, "is something before pachd that wants its own login",
	    "give pachup an address that leads to pachd without another login before it" },
	{ 403, "is something before pachd that forbids the call",
	    "let the proxy or firewall before pachd pass gRPC from here" },
	{ 404, "knows no gRPC service at this address", look_at_address },
	{ 405, "is not a gRPC server", look_at_address },
	{ 413, "is a proxy that refuses so large a request",
	    "raise the proxy's limit for request bodies to 20 MiB" },
	{ 415, "is not a gRPC server", look_at_address },
	{ 421, "does not serve this host name", "check the host in the address, or 'server-name'" },
	{ 426, "does not take HTTP/2 for this address", look_at_address },
	{ 429, "is a proxy that refuses so many calls", "try again later" },
	{ 431, "finds the request's headers too large", "check that 'token' is a Pachyderm token" },
	{ 502, "is a proxy that got no usable answer from pachd",
	    "check that pachd runs and that the proxy speaks HTTP/2 (gRPC) to it" },
	{ 503, "is a proxy that finds no running pachd behind it",
	    "wait until pachd is ready (kubectl get pods -l app=pachd) and run this again" },
	{ 504, "is a proxy that waited too long for pachd",
	    "check that pachd runs; raise the proxy's timeout if the call needs longer" },
};

static void
explain_status(const struct stream *s, struct err *err)
{
	const char *what = "gave an answer that is not gRPC's", *hint = look_at_address;
	int status = s->answer.http_status;

	if (status >= 300 && status <= 399 && s->answer.is_to_tls && !s->opts->url.tls) {
		(void)err_set(err, ERR_NETWORK, "'%s' redirects to TLS (HTTP status %d)",
		    s->opts->url.text, status);
		(void)hint_scheme(s, "", err);
		return;
	}
	for (size_t i = 0; i < COUNT_OF(statuses); i++)
		if (statuses[i].status == status) {
			what = statuses[i].what;
			hint = statuses[i].hint;
		}
	(void)err_set(
	    err, ERR_NETWORK, "'%s' %s (HTTP status %d)", s->opts->url.text, what, status);
	(void)err_hint(err, "%s", hint);
}

/* Headers came, but no gRPC status. */
static void
explain_answer(const struct stream *s, CURLcode code, struct err *err)
{
	const char *text = s->opts->url.text, *type = s->answer.content_type;

	if (s->answer.is_http1) {
		(void)err_set(
		    err, ERR_NETWORK, "'%s' speaks HTTP/1.1 only, and gRPC needs HTTP/2", text);
		(void)err_hint(err,
		    "let the load balancer or proxy before pachd offer HTTP/2 (ALPN h2), "
		    "or give an address that leads past it");
	} else if (s->answer.http_status != 200) {
		explain_status(s, err);
	} else if (!s->answer.is_grpc) {
		(void)err_set(err, ERR_NETWORK,
		    "'%s' is not a gRPC server: it answered with %s%s%s", text,
		    *type ? "'" : "no content type", type, *type ? "'" : "");
		(void)err_hint(err, "%s", look_at_address);
	} else if (code == CURLE_OK) { /* or libcurl has not seen that the connection was cut */
		(void)err_set(
		    err, ERR_NETWORK, "'%s' ended its answer without a gRPC status", text);
		(void)err_hint(err, "run this again; if it stays so, a proxy before pachd drops "
		                    "HTTP/2 trailers: let it pass gRPC, or lead past it");
	} else {
		(void)err_set(err, ERR_NETWORK,
		    "the connection to '%s' was lost in the middle of an answer", text);
		(void)err_hint(err, "%s", try_again);
	}
}

/* Certificate trouble by OpenSSL's X509_V_ERR_ numbers (x509_vfy.h), which are part of its ABI. */
static const struct {
	long code;
	const char *what, *hint;
} certificates[] = {
	{ 9, "is not valid yet", "check the clock of this machine and the certificate's dates" },
	{ 10, "has expired", "renew the server's certificate" },
	{ 18, "is self-signed",
	    "give the certificate itself as 'ca-file', or use one from a known CA" },
	{ 19, "comes from a CA that is not trusted here",
	    "give the CA's certificate (PEM) as 'ca-file'" },
	{ 20, "comes from a CA that is not trusted here",
	    "give the CA's certificate (PEM) as 'ca-file'; a server must also send its "
	    "intermediate ones" },
	{ 21, "comes from a CA that is not trusted here",
	    "give the CA's certificate (PEM) as 'ca-file'; a server must also send its "
	    "intermediate ones" },
	{ 23, "was revoked", "renew the server's certificate" },
};

static void
explain_certificate(const struct stream *s, struct err *err)
{
	const char *text = s->opts->url.text, *name = s->opts->server_name;
	long result = 0;

	(void)curl_easy_getinfo(s->easy, CURLINFO_SSL_VERIFYRESULT, &result);
	for (size_t i = 0; i < COUNT_OF(certificates); i++)
		if (certificates[i].code == result) {
			(void)err_set(err, ERR_NETWORK, "the certificate of '%s' %s", text,
			    certificates[i].what);
			(void)err_hint(err, "%s", certificates[i].hint);
			return;
		}
	if (result > 1) { /* 1, unspecified: libcurl's own check of the name said no */
		(void)err_set(err, ERR_NETWORK, "the certificate of '%s' is not acceptable: %s",
		    text, s->detail);
		(void)err_hint(
		    err, "give the CA's certificate (PEM) as 'ca-file', or mend the server's");
		return;
	}
	(void)err_set(err, ERR_NETWORK, "the certificate of '%s' is not made for '%s'", text,
	    name ? name : s->opts->url.host);
	(void)err_hint(err, "write the name that the certificate is made for into 'server-name'");
}

static void
explain_roots(const struct stream *s, struct err *err)
{
	const char *roots = s->opts->ca_file ? s->opts->ca_file : s->opts->ca_default;

	if (roots)
		(void)err_set(err, ERR_NETWORK, "no certificates can be read from '%s'", roots);
	else
		(void)err_set(err, ERR_NETWORK,
		    "this system has no root certificates to check '%s' with", s->opts->url.text);
	(void)err_hint(err, "give a file of PEM certificates as 'ca-file'");
}

/* OpenSSL tells what came instead of TLS only in words; the ones looked for are its reason strings
 * (ssl/ssl_err.c), the same since 1.0. */
static void
explain_handshake(const struct stream *s, struct err *err)
{
	const char *text = s->opts->url.text;

	if (strstr(s->detail, "wrong version number") || strstr(s->detail, "packet length too long")
	    || strstr(s->detail, "unknown protocol") || strstr(s->detail, "http request")) {
		(void)err_set(err, ERR_NETWORK, "'%s' does not speak TLS", text);
		(void)hint_scheme(s, "if plaintext is meant, ", err);
	} else if (strstr(s->detail, "alert")) {
		(void)err_set(
		    err, ERR_NETWORK, "'%s' refuses the TLS connection: %s", text, s->detail);
		(void)err_hint(
		    err, "the server must allow TLS 1.2 or later with ALPN h2 for this host name");
	} else {
		(void)err_set(
		    err, ERR_NETWORK, "'%s' ended the connection during the TLS handshake", text);
		(void)hint_scheme(
		    s, "check that its port speaks TLS; if plaintext is meant, ", err);
	}
}

static void
explain_connect(const struct stream *s, struct err *err)
{
	const char *text = s->opts->url.text;
	long os = 0;

	(void)curl_easy_getinfo(s->easy, CURLINFO_OS_ERRNO, &os);
	if (os == ECONNREFUSED && !s->opts->url.has_port) {
		(void)err_set(err, ERR_NETWORK, "nothing listens at '%s'", text);
		(void)err_hint(err,
		    "the address has no port, so pachd's default was tried: add the right one "
		    "(behind Pachyderm's own proxy :80, or :443 with grpcs)");
	} else if (os == ECONNREFUSED) {
		(void)err_set(err, ERR_NETWORK, "nothing listens at '%s'", text);
		(void)err_hint(
		    err, "check the port (pachd's default is 30650) and that pachd runs");
	} else {
		(void)err_set(err, ERR_NETWORK, "no connection to '%s'%s%s", text, os ? ": " : "",
		    os ? strerror((int)os) : "");
		(void)err_hint(
		    err, "check that this machine can reach the cluster: network, VPN, firewall");
	}
}

/* Whether the server hung up or spoke something else cannot always be seen: one sentence for both. */
static void
explain_not_http2(const struct stream *s, struct err *err)
{
	(void)err_set(
	    err, ERR_NETWORK, "'%s' does not speak HTTP/2, which gRPC needs", s->opts->url.text);
	(void)hint_scheme(s, "check that pachd listens at this port; if it wants TLS, ", err);
}

/* A plaintext server's first bytes, when they were no HTTP/2. */
static void
explain_greeting(const struct stream *s, struct err *err)
{
	const char *text = s->opts->url.text;
	struct str first = { (const char *)s->connection->greeting, s->connection->greeting_len };

	if (first.len >= 2 && (first.ptr[0] == 0x15 || first.ptr[0] == 0x16)
	    && first.ptr[1] == 0x03) {
		(void)err_set(err, ERR_NETWORK, "'%s' speaks TLS, not plaintext", text);
		(void)hint_scheme(s, "", err);
	} else if (first.len == 0 || str_starts(first, "HTTP/")) {
		explain_not_http2(s, err);
	} else if (first.len < 4 || first.ptr[3] != 4) {
		(void)err_set(
		    err, ERR_NETWORK, "'%s' is not a gRPC server: it does not speak HTTP/2", text);
		(void)err_hint(err, "%s", look_at_address);
	} else {
		(void)err_set(
		    err, ERR_NETWORK, "the connection to '%s' was lost before its answer", text);
		(void)err_hint(err, "%s", try_again);
	}
}

static void
explain_lost(const struct stream *s, struct err *err)
{
	if (!s->opts->url.tls && !s->connection->is_heard) {
		explain_greeting(s, err);
		return;
	}
	(void)err_set(err, ERR_NETWORK, "the connection to '%s' was lost before its answer",
	    s->opts->url.text);
	(void)err_hint(err, "%s", try_again);
}

static void
explain_reset(const struct stream *s, struct err *err)
{
	(void)err_set(err, ERR_NETWORK, "'%s' reset the call before its answer", s->opts->url.text);
	(void)err_hint(err, "%s", try_again);
}

static void
explain_slow(const struct stream *s, struct err *err)
{
	(void)err_set(err, ERR_NETWORK, "no connection to '%s' within %lld s", s->opts->url.text,
	    (long long)(s->opts->connect_ms + 999) / 1000);
	(void)err_hint(err, "check the address, and that no firewall swallows what is sent to it");
}

static void
explain_name(const struct stream *s, struct err *err)
{
	(void)err_set(err, ERR_NETWORK, "the host name '%s' is not known here", s->opts->url.host);
	(void)err_hint(
	    err, "check its spelling, and that this machine's DNS knows it (VPN, private zone)");
}

static void
explain_proxy(const struct stream *s, struct err *err)
{
	long answer = 0;

	(void)curl_easy_getinfo(s->easy, CURLINFO_HTTP_CONNECTCODE, &answer);
	if (answer)
		(void)err_set(err, ERR_NETWORK,
		    "the proxy does not connect to '%s' (HTTP status %ld)", s->opts->url.text,
		    answer);
	else
		(void)err_set(
		    err, ERR_NETWORK, "the proxy for '%s' cannot be used", s->opts->url.text);
	(void)err_hint(err, "check https_proxy, or put the cluster's host into no_proxy");
}

static void
explain_rest(const struct stream *s, CURLcode code, struct err *err)
{
	const char *why = s->detail[0] ? s->detail : curl_easy_strerror(code);

	(void)err_set(err, ERR_NETWORK, "no answer from '%s': %s", s->opts->url.text, why);
	(void)err_hint(err, "%s", look_at_address);
}

static const struct {
	CURLcode code;
	void (*explain)(const struct stream *s, struct err *err);
} reasons[] = {
	{ CURLE_COULDNT_RESOLVE_PROXY, explain_proxy },
	{ CURLE_PROXY, explain_proxy },
	{ CURLE_COULDNT_RESOLVE_HOST, explain_name },
	{ CURLE_COULDNT_CONNECT, explain_connect },
	{ CURLE_OPERATION_TIMEDOUT, explain_slow },
	{ CURLE_SSL_CONNECT_ERROR, explain_handshake },
	{ CURLE_PEER_FAILED_VERIFICATION, explain_certificate },
	{ CURLE_SSL_CACERT_BADFILE, explain_roots },
	{ CURLE_HTTP2, explain_lost },
	{ CURLE_HTTP2_STREAM, explain_reset },
	{ CURLE_PARTIAL_FILE, explain_lost },
	{ CURLE_GOT_NOTHING, explain_lost },
	{ CURLE_SEND_ERROR, explain_lost },
	{ CURLE_RECV_ERROR, explain_lost },
	{ CURLE_SEND_FAIL_REWIND, explain_lost },
	{ CURLE_ABORTED_BY_CALLBACK, explain_lost },
	{ CURLE_WEIRD_SERVER_REPLY, explain_lost },
	{ CURLE_UNSUPPORTED_PROTOCOL, explain_lost },
};

void
explain(const struct stream *s, CURLcode code, struct err *err)
{
	long proxy = 0;

	(void)curl_easy_getinfo(s->easy, CURLINFO_HTTP_CONNECTCODE, &proxy);
	if (s->answer.http_status != 0) {
		explain_answer(s, code, err);
	} else if (!s->call->sent && proxy >= 300) {
		explain_proxy(s, err);
	} else if (s->call->sent && s->is_without_link) {
		explain_lost(s, err); /* libcurl wanted to send it once more */
	} else {
		for (size_t i = 0; i < COUNT_OF(reasons); i++)
			if (reasons[i].code == code) {
				reasons[i].explain(s, err);
				return;
			}
		explain_rest(s, code, err);
	}
}

/* A plaintext server that has said nothing yet may be anything; its SETTINGS frame says HTTP/2. */
static bool
is_known_server(const struct stream *s)
{
	const struct connection *c = s->connection;

	return c->is_heard || c->was_heard || (s->opts->url.tls && s->call->sent)
	       || (c->greeting_len >= 4 && c->greeting[3] == 4);
}

static bool
status_passes(const struct stream *s)
{
	static const int passing[] = { 429, 502, 503, 504 };

	if (s->answer.is_http1)
		return false;
	if (s->answer.http_status == 200)
		return s->answer.is_grpc;
	for (size_t i = 0; i < COUNT_OF(passing); i++)
		if (passing[i] == s->answer.http_status)
			return true;
	return false;
}

bool
explain_is_transient(const struct stream *s, CURLcode code)
{
	static const CURLcode lasting[] = { CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY,
		CURLE_COULDNT_RESOLVE_HOST, CURLE_PEER_FAILED_VERIFICATION,
		CURLE_SSL_CACERT_BADFILE };

	if (s->answer.http_status != 0)
		return status_passes(s);
	if (!is_known_server(s))
		return false;
	if (s->call->sent && s->is_without_link)
		return true;
	for (size_t i = 0; i < COUNT_OF(lasting); i++)
		if (lasting[i] == code)
			return false;
	return true;
}
