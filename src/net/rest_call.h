/* rest_call.h: one request and its answer on libcurl; inside net/ only. */
#ifndef NET_REST_CALL_H
#define NET_REST_CALL_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "net/rest.h"
#include "net/trace_line.h"

enum { MAX_URL_BYTES = 4096 };

/* What came back so far. The texts are cut to their size. */
struct rest_answer {
	int status; /* of the last header block; 0: none */
	size_t header_bytes;
	char *body; /* NUL-ended, grows; wiped by rest_wipe_body() */
	size_t len, room;
	bool is_too_long;
	char next[1024];                   /* Link: <…>; rel="next" */
	bool is_cut;                       /* which is longer than that */
	char request[80];                  /* of opts.request_header */
	char location[200];                /* without query and fragment */
	int64_t retry_after_s;             /* -1: not said */
	int64_t limit_left, limit_reset_s; /* X-RateLimit-Remaining, -Reset; -1: not said */
};

struct rest {
	struct rest_opts opts;
	CURLM *multi;
	CURL *easy;
	char url[MAX_URL_BYTES]; /* of the request */
	struct rest_answer answer;
	struct str upload;      /* what is left of the request's body */
	struct tls_version tls; /* for the trace only */
	bool is_new;            /* a connection is made for this request */
	int64_t begun_ms;       /* when the attempt began, then when its request did */
	bool is_begun;          /* the connection is: the next byte is the request's first */
	bool is_spoiled;        /* the handle is of no more use */
	char detail[CURL_ERROR_SIZE];
};

/* rest.c */
int rest_no_memory(struct err *err);

/* rest_call.c */

/* Sends the request once, to r->url; the answer is in r->answer. -1 as rest_send(); *is_transient:
 * for a cause that may pass. */
int rest_try(struct rest *r, const struct rest_request *request, bool *is_transient,
    struct err *err) NODISCARD;

/* rest_answer.c */

/* libcurl's callbacks; `rest` is a struct rest. */
size_t rest_take_header(char *line, size_t size, size_t count, void *rest);
size_t rest_take_body(char *bytes, size_t size, size_t count, void *rest);

/* Forgets the last answer, and wipes its body: it may hold a token. */
void rest_wipe_answer(struct rest_answer *answer);

/* How many seconds the server wants to be left alone after this answer; 0: it says nothing of that.
 * `now_s` is our clock, in seconds since 1970. */
int64_t rest_wait(const struct rest_answer *answer, int64_t now_s);

/* Length of "https://host:port" at the start of a URL. */
size_t rest_origin(const char *url);

/* rest_explain.c */

/* Says why there is no answer. */
void rest_explain(const struct rest *r, CURLcode code, struct err *err);

#endif
