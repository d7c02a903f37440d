#include "net/trace_line.h"

#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "base/clock.h"
#include "net/setopt.h"

/* A longer name (a URL) is cut. */
enum { MAX_NAME = 700, LINE_MAX_BYTES = 1024 };

static int
note_tls(CURL *easy, curl_infotype type, char *text, size_t len, void *tls)
{
	static const char begin[] = "SSL connection using "; /* "TLSv1.3 / TLS_AES_…" follows */
	struct tls_version *out = tls;
	struct str line = { text, len }, name;

	(void)easy;
	if (type != CURLINFO_TEXT || !str_starts(line, begin))
		return 0;
	name = str_tail(line, sizeof(begin) - 1);
	name = str_head(str_head(name, str_find(name, ' ')), sizeof(out->name) - 1);
	if (name.len > 0)
		memcpy(out->name, name.ptr, name.len);
	out->name[name.len] = '\0';
	return 0;
}

void
trace_connecting(const struct trace *t, CURL *easy, struct tls_version *tls, CURLcode *code)
{
	if (!t->line)
		return;
	*tls = (struct tls_version){ .name = "" };
	SETOPT(code, easy, CURLOPT_DEBUGFUNCTION, note_tls);
	SETOPT(code, easy, CURLOPT_DEBUGDATA, tls);
	SETOPT(code, easy, CURLOPT_VERBOSE, 1L);
}

void
trace_connected(
    const struct trace *t, CURL *easy, const struct tls_version *tls, const struct trace_link *link)
{
	bool is_v6 = link && strchr(link->ip, ':');
	char line[LINE_MAX_BYTES];

	if (!t->line)
		return;
	(void)curl_easy_setopt(easy, CURLOPT_VERBOSE, 0L); /* cannot fail: it is only stored */
	if (!link)
		return;
	(void)snprintf(line, sizeof(line), "connected to %.*s (%s%s%s%s:%d) in %lld ms: %s",
	    STR_FMT(link->to), link->has_proxy ? "proxy " : "", is_v6 ? "[" : "", link->ip,
	    is_v6 ? "]" : "", link->port, (long long)(clock_ms() - link->begun_ms),
	    !link->has_tls ? "no TLS"
	    : tls->name[0] ? tls->name
	                   : "TLS");
	t->line(t->ctx, line);
}

void
trace_call(
    const struct trace *t, CURL *easy, struct str name, const char *outcome, int64_t begun_ms)
{
	curl_off_t sent = 0, received = 0;
	char line[LINE_MAX_BYTES];

	if (!t->line)
		return;
	/* trace_connected() was not called where there was no connection */
	(void)curl_easy_setopt(easy, CURLOPT_VERBOSE, 0L);
	(void)curl_easy_getinfo(easy, CURLINFO_SIZE_UPLOAD_T, &sent);
	(void)curl_easy_getinfo(easy, CURLINFO_SIZE_DOWNLOAD_T, &received);
	(void)snprintf(line, sizeof(line),
	    "call %.*s: %s in %lld ms, %lld bytes sent, %lld bytes received",
	    STR_FMT(str_head(name, MAX_NAME)), outcome, (long long)(clock_ms() - begun_ms),
	    (long long)sent, (long long)received);
	t->line(t->ctx, line);
}

const char *
trace_status(int status)
{
	/* the codes of grpc/status, in their order */
	static const char *const names[] = { "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT",
		"DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED",
		"RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE",
		"UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED" };

	if (status >= 0 && (size_t)status < COUNT_OF(names))
		return names[status];
	return "a status without a name";
}
