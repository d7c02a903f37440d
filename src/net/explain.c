#include "net/call.h"

#include <errno.h>
#include <string.h>

static const char look_at_address[] =
    "check that the address is pachd's gRPC port (default 30650) and not another service's";
static const char try_again[] = "check that pachd is running, then run the command again";

/* Hints at "grpcs://…" for a plaintext address and at "grpc://…" for one with TLS. `when` begins
 * the hint. */
static int
hint_scheme(const struct stream *s, const char *when, struct err *err)
{
	const char *text = s->opts->url.text;

	if (s->opts->url.tls)
		return err_hint(err, "%suse grpc%s", when, text + strlen("grpcs"));
	return err_hint(err, "%suse grpcs%s", when, text + strlen("grpc"));
}

/* HTTP statuses that a gRPC server never sends: proxies and other services speak HTTP/2, too. */
static const struct {
	int status;
	const char *what, *hint;
} statuses[] = {
	{ 301, "redirects", look_at_address },
	{ 302, "redirects", look_at_address },
	{ 303, "redirects", look_at_address },
	{ 307, "redirects", look_at_address },
	{ 308, "redirects", look_at_address },
	{ 400, "rejects the request as malformed", look_at_address },
	{ 401, "is a proxy that requires its own login",
	    "use an address that reaches pachd without another login" },
	{ 403, "is a proxy that forbids the call",
	    "allow gRPC from here in the proxy or firewall before pachd" },
	{ 404, "has no gRPC service at this address", look_at_address },
	{ 405, "is not a gRPC server", look_at_address },
	{ 413, "is a proxy that refuses a request of this size",
	    "raise the proxy's limit for request bodies to 20 MiB" },
	{ 415, "is not a gRPC server", look_at_address },
	{ 421, "does not serve this host name", "check the host in the address, or 'server-name'" },
	{ 426, "does not accept HTTP/2 for this address", look_at_address },
	{ 429, "is a proxy that limits the number of calls", "try again later" },
	{ 431, "rejects the request headers as too large",
	    "check that 'token' is a Pachyderm token" },
	{ 502, "is a proxy that got no usable response from pachd",
	    "check that pachd runs and that the proxy speaks HTTP/2 (gRPC) to it" },
	{ 503, "is a proxy that finds no running pachd",
	    "wait until pachd is ready (kubectl get pods -l app=pachd), then run the command "
	    "again" },
	{ 504, "is a proxy that timed out waiting for pachd",
	    "check that pachd runs; raise the proxy's timeout if the call needs longer" },
};

static void
explain_status(const struct stream *s, struct err *err)
{
	const char *what = "sent a response that is not gRPC", *hint = look_at_address;
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
		(void)err_hint(err, "enable HTTP/2 (ALPN h2) in the load balancer or proxy before "
		                    "pachd, or use an address that bypasses it");
	} else if (s->answer.http_status != 200) {
		explain_status(s, err);
	} else if (!s->answer.is_grpc) {
		(void)err_set(err, ERR_NETWORK, "'%s' is not a gRPC server: it sent %s%s%s", text,
		    *type ? "'" : "no content type", type, *type ? "'" : "");
		(void)err_hint(err, "%s", look_at_address);
	} else if (code == CURLE_OK) { /* or libcurl has not seen that the connection was cut */
		(void)err_set(
		    err, ERR_NETWORK, "'%s' ended its response without a gRPC status", text);
		(void)err_hint(err, "run the command again; if it fails again, a proxy drops "
		                    "HTTP/2 trailers: configure it for gRPC, or bypass it");
	} else {
		(void)err_set(err, ERR_NETWORK,
		    "the connection to '%s' was lost in the middle of a response", text);
		(void)err_hint(err, "%s", try_again);
	}
}

/* Faults of certificates by OpenSSL's X509_V_ERR_ numbers (openssl/x509_vfy.h), which are part of
 * its ABI. */
static const struct {
	long code;
	const char *what, *hint;
} certificates[] = {
	{ 9, "is not valid yet", "check the clock of this machine and the certificate's dates" },
	{ 10, "has expired", "renew the server's certificate" },
	{ 18, "is self-signed",
	    "set 'ca-file' to the certificate itself, or use a certificate of a known CA" },
	{ 19, "is from a CA that is not trusted here",
	    "set 'ca-file' to the CA's certificate (PEM)" },
	{ 20, "is from a CA that is not trusted here",
	    "set 'ca-file' to the CA's certificate (PEM); the server must also send its "
	    "intermediate certificates" },
	{ 21, "is from a CA that is not trusted here",
	    "set 'ca-file' to the CA's certificate (PEM); the server must also send its "
	    "intermediate certificates" },
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
		(void)err_set(
		    err, ERR_NETWORK, "the certificate of '%s' is invalid: %s", text, s->detail);
		(void)err_hint(err, "set 'ca-file' to the CA's certificate (PEM), or correct the "
		                    "server's certificate");
		return;
	}
	(void)err_set(err, ERR_NETWORK, "the certificate of '%s' is not valid for '%s'", text,
	    name ? name : s->opts->url.host);
	(void)err_hint(err, "set 'server-name' to the name in the certificate");
}

static void
explain_roots(const struct stream *s, struct err *err)
{
	const char *roots = s->opts->ca_file ? s->opts->ca_file : s->opts->ca_default;

	if (roots)
		(void)err_set(err, ERR_NETWORK, "cannot read certificates from '%s'", roots);
	else
		(void)err_set(err, ERR_NETWORK, "no root certificates found to verify '%s'",
		    s->opts->url.text);
	(void)err_hint(err, "set 'ca-file' to a file with PEM certificates");
}

/* OpenSSL says only in words what came instead of TLS. The words are its reason strings (its
 * ssl/ssl_err.c), the same since 1.0. */
static void
explain_handshake(const struct stream *s, struct err *err)
{
	const char *text = s->opts->url.text;

	if (strstr(s->detail, "wrong version number") || strstr(s->detail, "packet length too long")
	    || strstr(s->detail, "unknown protocol") || strstr(s->detail, "http request")) {
		(void)err_set(err, ERR_NETWORK, "'%s' does not speak TLS", text);
		(void)hint_scheme(s, "for plaintext, ", err);
	} else if (strstr(s->detail, "alert")) {
		(void)err_set(
		    err, ERR_NETWORK, "'%s' refused the TLS connection: %s", text, s->detail);
		(void)err_hint(
		    err, "the server must allow TLS 1.2 or later with ALPN h2 for this host name");
	} else {
		(void)err_set(
		    err, ERR_NETWORK, "'%s' closed the connection during the TLS handshake", text);
		(void)hint_scheme(s, "check that the port uses TLS; for plaintext, ", err);
	}
}

static void
explain_connect(const struct stream *s, struct err *err)
{
	const char *text = s->opts->url.text;
	long os = 0;

	(void)curl_easy_getinfo(s->easy, CURLINFO_OS_ERRNO, &os);
	if (os == ECONNREFUSED) {
		(void)err_set(err, ERR_NETWORK, "connection refused by '%s'", text);
		(void)err_hint_text(
		    err, s->opts->url.has_port
		             ? "check the port (default 30650) and that pachd is running"
		             : "add the port; without one 30650 is used (Pachyderm's own "
		               "proxy uses :80, or :443 with grpcs)");
	} else {
		(void)err_set(err, ERR_NETWORK, "cannot connect to '%s'%s%s", text, os ? ": " : "",
		    os ? strerror((int)os) : "");
		(void)err_hint(
		    err, "check that this machine can reach the cluster: network, VPN, firewall");
	}
}

/* One message for a server that hung up and for one that speaks another protocol: they cannot
 * always be distinguished. */
static void
explain_not_http2(const struct stream *s, struct err *err)
{
	(void)err_set(
	    err, ERR_NETWORK, "'%s' does not speak HTTP/2, which gRPC needs", s->opts->url.text);
	(void)hint_scheme(s, "check that pachd listens on this port; for TLS, ", err);
}

/* A plaintext server's first bytes, where they are not HTTP/2. False: they are. */
static bool
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
		return false;
	}
	return true;
}

static void
explain_lost(const struct stream *s, struct err *err)
{
	if (!s->opts->url.tls && !s->connection->is_heard && explain_greeting(s, err))
		return;
	(void)err_set(err, ERR_NETWORK, "the connection to '%s' was lost before the response",
	    s->opts->url.text);
	(void)err_hint(err, "%s", try_again);
}

static void
explain_reset(const struct stream *s, struct err *err)
{
	(void)err_set(
	    err, ERR_NETWORK, "'%s' reset the call before the response", s->opts->url.text);
	(void)err_hint(err, "%s", try_again);
}

static void
explain_slow(const struct stream *s, struct err *err)
{
	(void)err_set(err, ERR_NETWORK, "cannot connect to '%s' within %lld s", s->opts->url.text,
	    (long long)(s->opts->connect_ms + 999) / 1000);
	(void)err_hint(err, "check the address, and that no firewall drops the traffic");
}

static void
explain_name(const struct stream *s, struct err *err)
{
	(void)err_set(err, ERR_NETWORK, "cannot resolve host name '%s'", s->opts->url.host);
	(void)err_hint(err, "check the spelling, and the DNS of this machine (VPN, private zone)");
}

static void
explain_proxy(const struct stream *s, struct err *err)
{
	long answer = 0;

	(void)curl_easy_getinfo(s->easy, CURLINFO_HTTP_CONNECTCODE, &answer);
	if (answer)
		(void)err_set(err, ERR_NETWORK,
		    "the proxy cannot connect to '%s' (HTTP status %ld)", s->opts->url.text,
		    answer);
	else
		(void)err_set(err, ERR_NETWORK, "cannot use the proxy for '%s'", s->opts->url.text);
	(void)err_hint(err, "check https_proxy, or add the cluster's host to no_proxy");
}

static void
explain_rest(const struct stream *s, CURLcode code, struct err *err)
{
	const char *why = s->detail[0] ? s->detail : curl_easy_strerror(code);

	(void)err_set(err, ERR_NETWORK, "no response from '%s': %s", s->opts->url.text, why);
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

/* Whether a gRPC server has been seen at the address: one that answered, completed a TLS handshake
 * with ALPN, or began with a SETTINGS frame of HTTP/2. */
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
