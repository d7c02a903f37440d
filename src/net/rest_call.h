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
	char *body; /* NUL-ended, grows; wiped by rest_wipe_answer() */
	size_t len, room;
	bool is_too_long;
	char next[1024];                   /* Link: <…>; rel="next" */
	bool is_cut;                       /* that link is longer, and `next` is empty */
	char request[80];                  /* of opts.request_header */
	char challenge[2048];              /* WWW-Authenticate; several joined by ", " */
	char digest[160];                  /* Docker-Content-Digest */
	char type[128];                    /* Content-Type */
	char location[200];                /* without query and fragment */
	int64_t retry_after_s;             /* -1: not said */
	int64_t limit_left, limit_reset_s; /* X-RateLimit-Remaining, -Reset; -1: not said */
};

struct rest {
	struct rest_opts opts;
	CURLM *multi; /* its own, or the group's */
	CURL *easy;
	char url[MAX_URL_BYTES]; /* of the request */
	struct rest_answer answer;
	struct str upload;      /* what is left of the request's body */
	struct tls_version tls; /* for the trace only */
	bool is_new;            /* a connection is made for this request */
	int64_t begun_ms;       /* when the attempt began, then when its request did */
	bool is_begun;          /* the request may have been sent */
	bool is_spoiled;        /* the handle cannot be used again */
	enum reach reach;       /* where the last connection went */
	bool is_out_of_reach;   /* the address is too near: opts.is_led */
	char detail[CURL_ERROR_SIZE];
};

/* One attempt. */
struct rest_attempt {
	struct rest *rest;
	const struct rest_request *request;
	struct curl_slist *lines;
	struct curl_slist token; /* in front of them */
	char *token_line;        /* NULL: no token */
};

/* rest.c */
int rest_no_memory(struct err *err);

/* Writes the request's URL to r->url and checks that the token may go there. -1 as rest_send(). */
int rest_aim(struct rest *r, const struct rest_request *request, struct err *err) NODISCARD;

/* Fills *out from the last answer; `may_be_done`: an attempt before it was lost or answered with
 * 5xx. */
void rest_fill_reply(const struct rest *r, bool may_be_done, struct rest_reply *out);

/* rest_call.c */

/* Sends the request once, to r->url; the answer is in r->answer. -1 as rest_send(); *is_transient:
 * whether the cause may pass. */
int rest_try(struct rest *r, const struct rest_request *request, bool *is_transient,
    struct err *err) NODISCARD;

/* The same in steps, for several at once: rest_begin() hands the attempt to libcurl, rest_end()
 * takes it back with libcurl's result, rest_forget() takes it back unanswered. */
int rest_begin(struct rest_attempt *attempt, struct err *err) NODISCARD;
int rest_end(
    struct rest_attempt *attempt, CURLcode code, bool *is_transient, struct err *err) NODISCARD;
void rest_forget(struct rest_attempt *attempt);

/* ERR_TIMEOUT and ERR_INTERRUPTED. Always -1. */
int rest_too_late(const struct rest *r, struct err *err);
int rest_interrupted(const struct rest *r, struct err *err);

/* rest_answer.c */

/* libcurl's callbacks; `rest` is a struct rest. */
size_t rest_take_header(char *line, size_t size, size_t count, void *rest);
size_t rest_take_body(char *bytes, size_t size, size_t count, void *rest);

/* Forgets the last answer, and wipes its body: it may hold a token. */
void rest_wipe_answer(struct rest_answer *answer);

/* After how many seconds the server accepts the next request, from "Retry-After" or
 * "X-RateLimit-Reset"; 0: it does not say. `now_s` is our clock, in seconds since 1970. */
int64_t rest_wait(const struct rest_answer *answer, int64_t now_s);

/* The length of "https://host:port" at the start of a URL; 0: there is no "://". */
size_t rest_origin(const char *url);

/* rest_explain.c */

/* Says why there is no answer. */
void rest_explain(const struct rest *r, CURLcode code, struct err *err);

#endif
