#include "net/policy.h"
#include "net/setopt.h"

static void
set_roots(CURL *e, const struct policy *p, CURLcode *code)
{
	const char *roots = p->ca_file ? p->ca_file : p->ca_default;

	if (p->ca_pem.len > 0) {
		/* only read from: CURL_BLOB_NOCOPY */
		struct curl_blob blob = { (char *)(uintptr_t)p->ca_pem.ptr, p->ca_pem.len,
			CURL_BLOB_NOCOPY };

		SETOPT(code, e, CURLOPT_CAINFO_BLOB, &blob);
		SETOPT(code, e, CURLOPT_CAINFO, NULL);
		SETOPT(code, e, CURLOPT_CAPATH, NULL);
		return;
	}
	if (!roots && !curl_version_info(CURLVERSION_NOW)->cainfo)
		roots = "/etc/ssl/certs/ca-certificates.crt";
	if (roots) {
		SETOPT(code, e, CURLOPT_CAINFO, roots);
		/* else the directory that libcurl was built with would be trusted as well */
		SETOPT(code, e, CURLOPT_CAPATH, NULL);
	}
}

static void
set_tls(CURL *e, const struct policy *p, CURLcode *code)
{
	SETOPT(code, e, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SETOPT(code, e, CURLOPT_SSL_VERIFYPEER, 1L);
	SETOPT(code, e, CURLOPT_SSL_VERIFYHOST, 2L);
	/* P-256 first: the key share that FIPS-bound servers take without a second round */
	SETOPT(code, e, CURLOPT_SSL_EC_CURVES, "P-256:X25519:P-384");
	set_roots(e, p, code);
}

void
policy_set(CURL *e, const struct policy *p, CURLcode *code)
{
	SETOPT(code, e, CURLOPT_PROTOCOLS_STR, p->has_tls ? "https" : "http");
	SETOPT(code, e, CURLOPT_FOLLOWLOCATION, 0L);
	SETOPT_OFF(code, e, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	SETOPT(code, e, CURLOPT_NOSIGNAL, 1L);
	SETOPT(code, e, CURLOPT_CONNECTTIMEOUT_MS, (long)p->connect_ms);
	SETOPT(code, e, CURLOPT_USERAGENT, p->user_agent);
	/* never what libcurl finds in the environment by itself; an empty text means no proxy */
	SETOPT(code, e, CURLOPT_PROXY, p->has_tls && p->proxy ? p->proxy : "");
	SETOPT(code, e, CURLOPT_NOPROXY, "");
	SETOPT(code, e, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	SETOPT(code, e, CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);
	if (p->has_tls)
		set_tls(e, p, code);
}
