#include "net/rest_call.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "net/multi_wait.h"
#include "net/setopt.h"
#include "net/token_line.h"
#include "process/stop_wait.h"
#include "process/watch.h"

/* False when there is no memory. */
static bool
add_line(struct rest_attempt *attempt, const char *line)
{
	struct curl_slist *longer = curl_slist_append(attempt->lines, line);

	if (longer)
		attempt->lines = longer;
	return longer != NULL;
}

static char *
make_token_line(const struct rest_opts *o)
{
	if (o->is_pair)
		return token_line_pair(o->token);
	return o->is_basic ? token_line_basic(o->token)
	                   : token_line_new("Authorization: Bearer ", o->token);
}

/* "Content-Type: …" of the request's body. */
static bool
add_type(struct rest_attempt *attempt)
{
	const char *type = attempt->request->content_type;
	char line[100];

	if (attempt->request->body.len == 0)
		return true;
	(void)snprintf(line, sizeof(line), "Content-Type: %s", type ? type : "application/json");
	return add_line(attempt, line);
}

/* curl_slist_append() copies: so the token's line is linked in front of the list by hand. */
static bool
set_lines(struct rest_attempt *attempt)
{
	const struct rest *r = attempt->rest;
	bool good = add_line(attempt, "Expect:");

	for (size_t i = 0; good && r->opts.headers && r->opts.headers[i]; i++)
		good = add_line(attempt, r->opts.headers[i]);
	good = good && add_type(attempt);
	if (good && r->opts.token) {
		attempt->token_line = make_token_line(&r->opts);
		good = attempt->token_line != NULL;
	}
	attempt->token = (struct curl_slist){ attempt->token_line, attempt->lines };
	if (curl_easy_setopt(
	        r->easy, CURLOPT_HTTPHEADER, attempt->token_line ? &attempt->token : attempt->lines)
	    != CURLE_OK)
		return false;
	return good;
}

/* False when there is no memory. */
static bool
set_request(const struct rest_attempt *attempt)
{
	struct rest *r = attempt->rest;
	const struct rest_request *request = attempt->request;
	CURLcode code = CURLE_OK;

	SETOPT(&code, r->easy, CURLOPT_URL, r->url);
	SETOPT(&code, r->easy, CURLOPT_HTTPGET, 1L);
	if (request->body.len > 0) {
		SETOPT(&code, r->easy, CURLOPT_POST, 1L);
		SETOPT(&code, r->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.len);
	}
	if (strcmp(request->method, "HEAD") == 0) /* else libcurl waits for a body */
		SETOPT(&code, r->easy, CURLOPT_NOBODY, 1L);
	SETOPT(&code, r->easy, CURLOPT_CUSTOMREQUEST, request->method);
	r->upload = request->body;
	r->is_begun = r->is_new = false;
	r->begun_ms = clock_ms();
	trace_connecting(&r->opts.trace, r->easy, &r->tls, &code);
	r->detail[0] = '\0';
	rest_wipe_answer(&r->answer);
	return code == CURLE_OK;
}

int
rest_too_late(const struct rest *r, struct err *err)
{
	(void)err_set(err, ERR_TIMEOUT, "time is up, and '%.*s' has not answered",
	    (int)rest_origin(r->opts.base), r->opts.base);
	return err_hint(err, "allow more time with 'timeout'");
}

int
rest_interrupted(const struct rest *r, struct err *err)
{
	return err_set(err, ERR_INTERRUPTED, "interrupted before '%.*s' answered",
	    (int)rest_origin(r->opts.base), r->opts.base);
}

/* Waits for the network, the clock or stop_fd. */
static int
wait_for_news(struct rest *r, struct err *err)
{
	int64_t left = r->opts.deadline_ms ? r->opts.deadline_ms - clock_ms() : 1000;

	if (left <= 0)
		return rest_too_late(r, err);
	return multi_wait(r->multi, r->opts.stop_fd, left < 1000 ? left : 1000)
	           ? rest_interrupted(r, err)
	           : 0;
}

/* One turn of libcurl, which the watch ends when the server keeps libcurl busy. -1: a signal, the
 * deadline, no memory. */
static int
run_once(struct rest *r, int *running, struct err *err)
{
	CURLMcode code;

	watch_enter(r->opts.watch, r->opts.deadline_ms, true);
	code = curl_multi_perform(r->multi, running);
	if (watch_leave(r->opts.watch) && stop_is_set(r->opts.stop_fd))
		return rest_interrupted(r, err);
	if (*running > 0 && r->opts.deadline_ms && clock_ms() >= r->opts.deadline_ms)
		return rest_too_late(r, err);
	return code == CURLM_OK ? 0 : rest_no_memory(err);
}

/* Drives libcurl until the request has ended with *code. -1 as run_once(). */
static int
run_to_end(struct rest *r, CURLcode *code, struct err *err)
{
	int running = 1, left, rc = 0;

	while (rc == 0 && running > 0) {
		rc = run_once(r, &running, err);
		if (rc == 0 && running > 0)
			rc = wait_for_news(r, err);
	}
	for (struct CURLMsg *note; (note = curl_multi_info_read(r->multi, &left)) != NULL;)
		if (note->msg == CURLMSG_DONE)
			*code = note->data.result;
	return rc;
}

static void
trace_attempt(const struct rest *r, const struct rest_request *request)
{
	size_t path = strcspn(r->url, "?#"); /* what follows may be a secret */
	char name[MAX_URL_BYTES + 20], status[40] = "no response";

	if (!r->opts.trace.line)
		return;
	if (r->answer.status > 0)
		(void)snprintf(status, sizeof(status), "HTTP status %d", r->answer.status);
	(void)snprintf(name, sizeof(name), "%.10s %.*s", request->method, (int)path, r->url);
	trace_call(&r->opts.trace, r->easy, str_of(name), status, r->begun_ms);
}

static int
refuse_redirect(const struct rest *r, struct err *err)
{
	const char *to = r->answer.location;

	(void)err_set(err, ERR_NETWORK, "'%.*s' redirects%s%s%s (HTTP status %d)",
	    (int)rest_origin(r->opts.base), r->opts.base, *to ? " to '" : "", to, *to ? "'" : "",
	    r->answer.status);
	return err_hint(err,
	    "use the address or name that it has now: credentials are never sent to "
	    "where an answer leads");
}

int
rest_begin(struct rest_attempt *attempt, struct err *err)
{
	struct rest *r = attempt->rest;

	if (!r->is_spoiled && set_request(attempt) && set_lines(attempt)
	    && curl_multi_add_handle(r->multi, r->easy) == CURLM_OK)
		return 0;
	rest_forget(attempt);
	return rest_no_memory(err);
}

void
rest_forget(struct rest_attempt *attempt)
{
	struct rest *r = attempt->rest;

	(void)curl_multi_remove_handle(r->multi, r->easy);
	/* else the handle would keep pointers to the lines that are freed here */
	r->is_spoiled |= curl_easy_setopt(r->easy, CURLOPT_HTTPHEADER, NULL) != CURLE_OK;
	curl_slist_free_all(attempt->lines);
	token_line_free(attempt->token_line);
	attempt->lines = NULL;
	attempt->token_line = NULL;
}

int
rest_end(struct rest_attempt *attempt, CURLcode code, bool *is_transient, struct err *err)
{
	const struct rest *r = attempt->rest;

	trace_attempt(r, attempt->request);
	rest_forget(attempt);
	/* a server may answer, and end the connection, while the body is being sent */
	if (code != CURLE_OK && (r->answer.status < 400 || r->answer.is_too_long)) {
		rest_explain(r, code, err);
		*is_transient = r->is_begun && !r->answer.is_too_long;
		return -1;
	}
	return r->answer.status >= 300 && r->answer.status < 400 ? refuse_redirect(r, err) : 0;
}

int
rest_try(struct rest *r, const struct rest_request *request, bool *is_transient, struct err *err)
{
	struct rest_attempt attempt = { .rest = r, .request = request };
	CURLcode code = CURLE_OK;

	*is_transient = false;
	if (rest_begin(&attempt, err) < 0)
		return -1;
	if (run_to_end(r, &code, err) < 0) {
		trace_attempt(r, request);
		rest_forget(&attempt);
		return -1;
	}
	return rest_end(&attempt, code, is_transient, err);
}
