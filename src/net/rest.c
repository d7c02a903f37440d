#include "net/rest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "net/call.h"
#include "net/policy.h"
#include "net/reach.h"
#include "net/rest_call.h"
#include "net/rest_group.h"
#include "net/setopt.h"
#include "process/stop_wait.h"
#include "process/watch.h"
#include "secret/audience.h"

enum {
	MOST_RETRIES = 4,
	FIRST_PAUSE_MS = 500, /* doubled each time, where the server says nothing */
};

int
rest_no_memory(struct err *err)
{
	return err_set(err, ERR_SYSTEM, "no memory for an HTTP request");
}

/* "https://host", or "http://" to loopback, where tests and local proxies are. */
int
rest_check_base(const char *base, const char *what, struct err *err)
{
	static const char *const local[] = { "http://127.0.0.1", "http://[::1]",
		"http://localhost" };
	size_t origin = rest_origin(base);
	bool good = str_starts(str_of(base), "https://") && origin > strlen("https://");

	for (size_t i = 0; i < COUNT_OF(local); i++)
		if (str_starts(str_of(base), local[i])
		    && strchr(":/", base[strlen(local[i])])) /* or its NUL */
			good = true;
	/* user info would be sent as a login, and shown */
	if (good && !memchr(base, '@', origin) && strlen(base) < MAX_URL_BYTES / 4)
		return 0;
	if (memchr(base, '@', origin))
		(void)err_set(err, ERR_USAGE, "%s contains user info (before '@')", what);
	else
		(void)err_set(err, ERR_USAGE, "%s is not an https:// address", what);
	return err_hint(err, "use for example https://api.example.com");
}

static size_t
give_body(char *out, size_t size, size_t count, void *rest)
{
	struct rest *r = rest;
	struct str part = str_head(r->upload, size * count);

	if (part.len > 0)
		memcpy(out, part.ptr, part.len);
	r->upload = str_tail(r->upload, part.len);
	return part.len;
}

static int
note_begun(void *rest, char *ip, char *local_ip, int port, int local_port)
{
	struct rest *r = rest;
	const struct rest_opts *o = &r->opts;
	struct trace_link link = { .to = str_head(str_of(o->base), rest_origin(o->base)),
		.ip = ip,
		.port = port,
		.has_tls = str_starts(str_of(o->base), "https:"),
		.begun_ms = r->begun_ms };

	(void)local_ip; /* of our end */
	(void)local_port;
	link.has_proxy = link.has_tls && o->proxy;
	trace_connected(&o->trace, r->easy, &r->tls, r->is_new ? &link : NULL);
	r->begun_ms = clock_ms();
	/* libcurl would send the request a second time by itself; a group may, as it only reads */
	if (r->is_begun && !o->group)
		return CURL_PREREQFUNC_ABORT;
	r->is_begun = true;
	return CURL_PREREQFUNC_OK;
}

/* Called for each socket before it connects. */
static int
note_socket(void *rest, curl_socket_t fd, curlsocktype purpose)
{
	struct rest *r = rest;

	r->is_new = true;
	(void)purpose; /* there is only one: CURLSOCKTYPE_IPCXN */
	watch_socket(r->opts.watch, fd);
	return CURL_SOCKOPT_OK;
}

/* Opens each socket, unless its address is too near for opts.is_led. The address of a proxy is not
 * checked. */
static curl_socket_t
open_socket(void *rest, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct rest *r = rest;
	const struct rest_opts *o = &r->opts;
	bool has_proxy = o->proxy && str_starts(str_of(o->base), "https:");

	(void)purpose;
	r->reach = has_proxy ? REACH_PUBLIC : reach_of(&to->addr);
	if (o->is_led && !has_proxy && r->reach != REACH_PUBLIC && r->reach != o->led_by) {
		r->is_out_of_reach = true;
		return CURL_SOCKET_BAD;
	}
	return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

static CURLcode
set_options(struct rest *r)
{
	CURLcode result = CURLE_OK, *code = &result;
	const struct rest_opts *o = &r->opts;
	CURL *e = r->easy;
	const struct policy policy = { .has_tls = str_starts(str_of(o->base), "https:"),
		.ca_file = o->ca_file,
		.ca_default = o->ca_default,
		.proxy = o->proxy,
		.user_agent = o->user_agent,
		.connect_ms = o->connect_ms };

	policy_set(e, &policy, code);
	SETOPT(code, e, CURLOPT_ERRORBUFFER, r->detail);
	SETOPT(code, e, CURLOPT_READFUNCTION, give_body);
	SETOPT(code, e, CURLOPT_READDATA, r);
	SETOPT(code, e, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	SETOPT(code, e, CURLOPT_OPENSOCKETDATA, r);
	if (o->is_led) /* a connection that is open already was not checked */
		SETOPT(code, e, CURLOPT_FRESH_CONNECT, 1L);
	SETOPT(code, e, CURLOPT_SOCKOPTFUNCTION, note_socket);
	SETOPT(code, e, CURLOPT_SOCKOPTDATA, r);
	SETOPT(code, e, CURLOPT_PREREQFUNCTION, note_begun);
	SETOPT(code, e, CURLOPT_PREREQDATA, r);
	SETOPT(code, e, CURLOPT_HEADERFUNCTION, rest_take_header);
	SETOPT(code, e, CURLOPT_HEADERDATA, r);
	SETOPT(code, e, CURLOPT_WRITEFUNCTION, rest_take_body);
	SETOPT(code, e, CURLOPT_WRITEDATA, r);
	return result;
}

struct rest *
rest_open(const struct rest_opts *opts, struct err *err)
{
	struct rest *r;

	if (rest_check_base(opts->base, "the API address", err) < 0)
		return NULL;
	r = calloc(1, sizeof(*r));
	if (!r || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		(void)rest_no_memory(err);
		free(r);
		return NULL;
	}
	r->opts = *opts;
	if (r->opts.most_bytes == 0)
		r->opts.most_bytes = MAX_REST_BYTES;
	r->multi = opts->group ? rest_group_multi(opts->group) : curl_multi_init();
	r->easy = curl_easy_init();
	if (!r->multi || !r->easy || set_options(r) != CURLE_OK) {
		(void)rest_no_memory(err);
		rest_close(r);
		return NULL;
	}
	return r;
}

void
rest_close(struct rest *r)
{
	sigset_t before;

	if (!r)
		return;
	sigpipe_hold(&before);
	curl_easy_cleanup(r->easy);
	if (!r->opts.group)
		(void)curl_multi_cleanup(r->multi);
	curl_global_cleanup();
	sigpipe_release(&before);
	rest_wipe_answer(&r->answer);
	free(r);
}

bool
rest_may_be_done(const struct rest *r)
{
	return r->is_begun;
}

static bool
is_idempotent(const struct rest_request *request)
{
	return strcmp(request->method, "POST") != 0 && strcmp(request->method, "PATCH") != 0;
}

/* Whether to send the request again after its answer: after *pause_ms, with *why for the log. */
static bool
may_repeat(const struct rest *r, const struct rest_request *request, int attempt, int64_t *pause_ms,
    struct err *why)
{
	const struct rest_answer *answer = &r->answer;
	int64_t wait_s = rest_wait(answer, (int64_t)time(NULL));
	bool is_limit = (answer->status == 403 && wait_s > 0) || answer->status == 429;

	if (!is_limit && !(answer->status >= 500 && is_idempotent(request)))
		return false;
	*pause_ms = wait_s > 0 ? wait_s * 1000 : (int64_t)FIRST_PAUSE_MS << attempt;
	(void)err_set(why, ERR_NETWORK, "'%.*s' %s (HTTP status %d)",
	    (int)rest_origin(r->opts.base), r->opts.base,
	    is_limit ? "limits how often it is asked" : "has trouble", answer->status);
	return true;
}

/* Before the first attempt, which forgets the last answer: `path` may be the `next` of its
 * reply. */
static int
set_url(struct rest *r, const char *path, struct err *err)
{
	const char *base = str_starts(str_of(path), "http") ? "" : r->opts.base;

	if (strlen(base) + strlen(path) < sizeof(r->url)) {
		(void)snprintf(r->url, sizeof(r->url), "%s%s", base, path);
		return 0;
	}
	return err_set(err, ERR_USAGE, "the path of a request to '%.*s' is too long",
	    (int)rest_origin(r->opts.base), r->opts.base);
}

void
rest_fill_reply(const struct rest *r, bool may_be_done, struct rest_reply *out)
{
	const struct rest_answer *answer = &r->answer;
	size_t origin = rest_origin(r->opts.base);

	*out = (struct rest_reply){ .status = answer->status,
		.body = { answer->body ? answer->body : "", answer->len },
		.request = answer->request,
		.challenge = answer->challenge,
		.digest = answer->digest,
		.type = answer->type,
		.reach = r->reach,
		.wait_s = rest_wait(answer, (int64_t)time(NULL)),
		.is_cut = answer->is_cut,
		.is_unknown = may_be_done || answer->status >= 500 };
	if (!answer->next[0])
		return;
	/* registries give only the path */
	if (answer->next[0] == '/' && answer->next[1] != '/' && strlen(r->opts.base) == origin)
		out->next = answer->next;
	else if (rest_origin(answer->next) == origin
	         && strncmp(answer->next, r->opts.base, origin) == 0)
		out->next = answer->next;
	else
		out->is_cut = true;
}

int
rest_aim(struct rest *r, const struct rest_request *request, struct err *err)
{
	return set_url(r, request->path, err) < 0
	           ? -1
	           : audience_check(r->opts.token, r->opts.audience, r->url, err);
}

int
rest_send(
    struct rest *r, const struct rest_request *request, struct rest_reply *out, struct err *err)
{
	struct err why = { 0 };
	bool is_transient, may_be_done = false;
	int64_t pause_ms;
	sigset_t before;
	int rc;

	r->is_begun = false;
	if (rest_aim(r, request, err) < 0)
		return -1;
	sigpipe_hold(&before);
	watch_hold(r->opts.watch);
	for (int attempt = 0;; attempt++) {
		rc = rest_try(r, request, &is_transient, err);
		pause_ms = (int64_t)FIRST_PAUSE_MS << attempt;
		why = rc < 0 ? *err : (struct err){ 0 };
		if (rc < 0 ? !is_transient || !is_idempotent(request)
		           : !may_repeat(r, request, attempt, &pause_ms, &why))
			break;
		may_be_done |= rc < 0 || r->answer.status >= 500;
		if (attempt == MOST_RETRIES
		    || !stop_pause(r->opts.stop_fd, pause_ms, r->opts.deadline_ms))
			break;
		if (r->opts.on_retry)
			r->opts.on_retry(r->opts.retry_ctx, &why, attempt + 1, pause_ms);
	}
	watch_release(r->opts.watch);
	sigpipe_release(&before);
	r->is_begun |= may_be_done;
	rest_fill_reply(r, may_be_done, out);
	return rc;
}

struct str
rest_escape(struct arena *a, struct str part)
{
	static const char unreserved[] = CHARS_ALNUM "-._~";
	struct buf out = BUF_INIT(MAX_URL_BYTES * 3);

	for (size_t i = 0; i < part.len; i++) {
		unsigned char c = (unsigned char)part.ptr[i];

		if (memchr(unreserved, c, sizeof(unreserved) - 1))
			buf_add_char(&out, (char)c);
		else
			buf_fmt(&out, "%%%02X", c);
	}
	return buf_take(&out, a);
}
