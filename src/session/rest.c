#include "session/rest.h"

#include <string.h>

#include "base/arena.h"
#include "base/version.h"
#include "net/url.h"
#include "session/connect.h"
#include "session/run.h"

enum { CONNECT_MS = 30000 };

static void
log_retry(void *ctx, const struct err *why, int attempt, int64_t pause_ms)
{
	struct run *run = ctx;

	ci_log(&run->ci, "asking again (%d) in %lld s: %s", attempt,
	    (long long)(pause_ms + 999) / 1000, why->text);
}

struct rest_opts
token_rest(struct run *run)
{
	return (struct rest_opts){ .user_agent = "pachup/" PACHUP_VERSION,
		.ca_default = connect_roots(run),
		.connect_ms = CONNECT_MS,
		.deadline_ms = run->deadline_ms,
		.stop_fd = run->stop_fd,
		.watch = run->watch,
		.on_retry = log_retry,
		.retry_ctx = run,
		.trace = connect_trace(run) };
}

int
token_proxy(void *ctx, const char *base, const char **out, struct err *err)
{
	struct run *run = ctx;
	const char *host = strstr(base, "://");
	size_t len = host ? (size_t)(host - base) + 3 + strcspn(host + 3, "/") : 0;
	struct url url;

	*out = NULL;
	if (url_parse_api(run->arena, str_head(str_of(base), len), &url, err) < 0)
		return -1;
	return connect_proxy(run, &url, out, err);
}
