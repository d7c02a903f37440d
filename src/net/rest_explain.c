#include "net/rest_call.h"

/* A sentence each, for what can be distinguished; else libcurl's own words. */
static const struct {
	CURLcode code;
	const char *what, *hint;
} reasons[] = {
	{ CURLE_COULDNT_RESOLVE_HOST, "is not known here",
	    "check the address, and that this machine's DNS knows its host" },
	{ CURLE_COULDNT_RESOLVE_PROXY, "cannot be reached: the proxy's name is not known here",
	    "check https_proxy" },
	{ CURLE_PROXY, "cannot be reached through the proxy", "check https_proxy and no_proxy" },
	{ CURLE_COULDNT_CONNECT, "cannot be reached",
	    "check the address, and that this machine can reach it: network, proxy, firewall" },
	{ CURLE_OPERATION_TIMEDOUT, "did not accept a connection in time",
	    "check the address, and that no firewall drops the traffic" },
	{ CURLE_SSL_CONNECT_ERROR, "ended the TLS handshake",
	    "check that the address and its port speak TLS 1.2 or later" },
	{ CURLE_PEER_FAILED_VERIFICATION, "has a certificate that is not trusted here",
	    "put the certificate authority (PEM) into the file that SSL_CERT_FILE names" },
	{ CURLE_SSL_CACERT_BADFILE, "cannot be checked: there are no root certificates here",
	    "name a file of PEM certificates in SSL_CERT_FILE" },
};

static const struct {
	CURLcode code;
	const char *what, *hint;
} lost = { CURLE_RECV_ERROR, "lost the connection before the response", "run this again" };

void
rest_explain(const struct rest *r, CURLcode code, struct err *err)
{
	const char *what = r->is_begun ? lost.what : NULL, *hint = lost.hint;
	const char *detail = r->detail[0] ? r->detail : curl_easy_strerror(code);
	int len = (int)rest_origin(r->opts.base);

	if (r->answer.is_too_long) {
		(void)err_set(err, ERR_NETWORK, "'%.*s' sent a response longer than %zu MiB", len,
		    r->opts.base, r->opts.most_bytes >> 20);
		(void)err_hint(err, "check that the address leads to the API");
		return;
	}
	if (r->is_out_of_reach) {
		(void)err_set(err, ERR_REFUSED,
		    "'%.*s' is not asked: an answer from outside leads to an address inside", len,
		    r->opts.base);
		(void)err_hint(err, "check the server that names this address");
		return;
	}
	for (size_t i = 0; i < COUNT_OF(reasons); i++)
		if (reasons[i].code == code) {
			what = reasons[i].what;
			hint = reasons[i].hint;
		}
	(void)err_set(err, ERR_NETWORK, "'%.*s' %s%s%s", len, r->opts.base,
	    what ? what : "cannot be asked", what == lost.what ? "" : ": ",
	    what == lost.what ? "" : detail);
	(void)err_hint(err, "%s", hint);
}
