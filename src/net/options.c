#include "net/call.h"
#include "net/setopt.h"

static void
set_connection(CURL *e, const struct channel_opts *o, CURLcode *code)
{
	SETOPT(code, e, CURLOPT_PROTOCOLS_STR, o->url.tls ? "https" : "http");
	SETOPT(code, e, CURLOPT_FOLLOWLOCATION, 0L);
	SETOPT_OFF(code, e, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	SETOPT(code, e, CURLOPT_NOSIGNAL, 1L);
	SETOPT(code, e, CURLOPT_TCP_NODELAY, 1L);
	SETOPT(code, e, CURLOPT_TCP_KEEPALIVE, 1L);
	SETOPT(code, e, CURLOPT_TCP_KEEPIDLE, 30L);
	SETOPT(code, e, CURLOPT_TCP_KEEPINTVL, 10L);
	SETOPT(code, e, CURLOPT_CONNECTTIMEOUT_MS, (long)o->connect_ms);
	SETOPT(code, e, CURLOPT_PIPEWAIT, 1L);
	/* While one stream's buffer is full, libcurl 7.88 forgets the trailers of others that end; the pages
	 * that hold nothing cost nothing. */
	SETOPT(code, e, CURLOPT_BUFFERSIZE, (long)CURL_MAX_READ_SIZE);
	SETOPT(code, e, CURLOPT_POST, 1L);
	SETOPT(code, e, CURLOPT_USERAGENT, o->user_agent);
	/* never what libcurl finds in the environment by itself; an empty text is no proxy */
	SETOPT(code, e, CURLOPT_PROXY, o->url.tls && o->proxy ? o->proxy : "");
	SETOPT(code, e, CURLOPT_NOPROXY, "");
	SETOPT(code, e, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	SETOPT(code, e, CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);
}

static void
set_tls(CURL *e, const struct channel_opts *o, CURLcode *code)
{
	const char *roots = o->ca_file ? o->ca_file : o->ca_default;

	SETOPT(code, e, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SETOPT(code, e, CURLOPT_SSL_VERIFYPEER, 1L);
	SETOPT(code, e, CURLOPT_SSL_VERIFYHOST, 2L);
	/* P-256 first: the key share that FIPS-bound servers take without a second round */
	SETOPT(code, e, CURLOPT_SSL_EC_CURVES, "P-256:X25519:P-384");
	if (o->ca_pem.len > 0) {
		/* only read from: CURL_BLOB_NOCOPY */
		struct curl_blob blob = { (char *)(uintptr_t)o->ca_pem.ptr, o->ca_pem.len,
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

void
connection_set_options(CURL *e, const struct channel_opts *o, CURLcode *code)
{
	set_connection(e, o, code);
	if (o->url.tls)
		set_tls(e, o, code);
}
