#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "net/link.h"
#include "net/rest_call.h"
#include "secret/secret.h"

void
rest_wipe_answer(struct rest_answer *answer)
{
	if (answer->body)
		secret_wipe(answer->body, answer->room);
	free(answer->body);
	*answer =
	    (struct rest_answer){ .retry_after_s = -1, .limit_left = -1, .limit_reset_s = -1 };
}

size_t
rest_origin(const char *url)
{
	const char *host = strstr(url, "://");

	return host ? (size_t)(host - url) + 3 + strcspn(host + 3, "/?#") : 0;
}

/* A header's value as a number of seconds or requests; -1 for any other text. */
static int64_t
read_number(struct str value)
{
	uint64_t number;

	return value.len <= 13 && str_number(value, &number) ? (int64_t)number : -1;
}

/* The printable ASCII of a value, from `first` on (' ': blanks, too), and no more than fits. */
static void
keep_text(char *out, size_t room, struct str value, char first)
{
	size_t len = 0;

	for (size_t i = 0; i < value.len && len < room - 1; i++)
		if (value.ptr[i] >= first && value.ptr[i] < 0x7f)
			out[len++] = value.ptr[i];
	out[len] = '\0';
}

static void
take_retry_after(struct rest_answer *answer, struct str value)
{
	char date[64];
	time_t when;

	answer->retry_after_s = read_number(value);
	if (answer->retry_after_s >= 0 || value.len >= sizeof(date))
		return;
	memcpy(date, value.ptr, value.len); /* an HTTP date: RFC 9110, 10.2.3 */
	date[value.len] = '\0';
	when = curl_getdate(date, NULL);
	if (when > 0)
		answer->retry_after_s = when > time(NULL) ? (int64_t)(when - time(NULL)) : 0;
}

static void
take_limit_left(struct rest_answer *answer, struct str value)
{
	answer->limit_left = read_number(value);
}

static void
take_limit_reset(struct rest_answer *answer, struct str value)
{
	answer->limit_reset_s = read_number(value);
}

static void
take_link(struct rest_answer *answer, struct str value)
{
	struct str url;

	if (!link_next(value, &url))
		return;
	answer->is_cut = url.len >= sizeof(answer->next);
	if (!answer->is_cut)
		keep_text(answer->next, sizeof(answer->next), url, '!');
}

/* A header that comes several times is one list (RFC 9110, 5.3). A value that does not fit is left
 * out: half of it could mean something else. */
static void
take_challenge(struct rest_answer *answer, struct str value)
{
	size_t len = strlen(answer->challenge);

	if (len + value.len + 3 > sizeof(answer->challenge))
		return;
	if (len > 0) {
		memcpy(answer->challenge + len, ", ", 3);
		len += 2;
	}
	keep_text(answer->challenge + len, sizeof(answer->challenge) - len, value, ' ');
}

static void
take_digest(struct rest_answer *answer, struct str value)
{
	keep_text(answer->digest, sizeof(answer->digest), value, '!');
}

static void
take_type(struct rest_answer *answer, struct str value)
{
	keep_text(answer->type, sizeof(answer->type), value, '!');
}

/* Without what follows '?', which may be a secret of the host that the redirect leads to. */
static void
take_location(struct rest_answer *answer, struct str value)
{
	value = str_head(str_head(value, str_find(value, '?')), str_find(value, '#'));
	keep_text(answer->location, sizeof(answer->location), value, '!');
}

static const struct {
	const char *name;
	void (*take)(struct rest_answer *answer, struct str value);
} headers[] = {
	{ "retry-after", take_retry_after },
	{ "x-ratelimit-remaining", take_limit_left },
	{ "x-ratelimit-reset", take_limit_reset },
	{ "link", take_link },
	{ "location", take_location },
	{ "www-authenticate", take_challenge },
	{ "docker-content-digest", take_digest },
	{ "content-type", take_type },
};

/* A status line begins a block: what an earlier one (1xx, a proxy's) said is forgotten. */
static void
begin_block(struct rest_answer *answer, struct str line)
{
	struct str code = str_head(str_tail(line, str_find(line, ' ') + 1), 3);
	size_t header_bytes = answer->header_bytes;

	rest_wipe_answer(answer);
	answer->header_bytes = header_bytes;
	answer->status = code.len == 3 ? (int)read_number(code) : 0;
}

size_t
rest_take_header(char *line, size_t size, size_t count, void *rest)
{
	struct rest *r = rest;
	struct str text = str_trim((struct str){ line, size * count });
	size_t colon = str_find(text, ':');
	struct str name = str_head(text, colon), value = str_trim(str_tail(text, colon + 1));

	r->answer.header_bytes += size * count;
	if (r->answer.header_bytes > MAX_HEADER_BYTES)
		return 0;
	if (str_starts(text, "HTTP/"))
		begin_block(&r->answer, text);
	for (size_t i = 0; i < COUNT_OF(headers) && colon < text.len; i++)
		if (str_is_like(name, headers[i].name))
			headers[i].take(&r->answer, value);
	if (r->opts.request_header && str_is_like(name, r->opts.request_header))
		keep_text(r->answer.request, sizeof(r->answer.request), value, '!');
	return size * count;
}

/* As realloc(), but wipes the old bytes. */
static bool
grow_body(struct rest_answer *answer, size_t more)
{
	size_t room = answer->room ? answer->room : 4096;
	char *bigger;

	while (room < answer->len + more + 1)
		room *= 2;
	if (room == answer->room)
		return true;
	bigger = calloc(1, room);
	if (!bigger)
		return false;
	if (answer->body) {
		memcpy(bigger, answer->body, answer->len);
		secret_wipe(answer->body, answer->room);
	}
	free(answer->body);
	answer->body = bigger;
	answer->room = room;
	return true;
}

size_t
rest_take_body(char *bytes, size_t size, size_t count, void *rest)
{
	struct rest *r = rest;
	struct rest_answer *answer = &r->answer;
	size_t len = size * count;

	answer->is_too_long = len > r->opts.most_bytes - answer->len;
	if (answer->is_too_long || !grow_body(answer, len))
		return 0;
	memcpy(answer->body + answer->len, bytes, len);
	answer->len += len;
	answer->body[answer->len] = '\0';
	return len;
}

int64_t
rest_wait(const struct rest_answer *answer, int64_t now_s)
{
	bool is_limit = answer->status == 429 || answer->status == 403;

	if (answer->retry_after_s >= 0 && (is_limit || answer->status >= 500))
		return answer->retry_after_s > 0 ? answer->retry_after_s : 1;
	if (is_limit && answer->limit_left == 0 && answer->limit_reset_s > 0)
		return answer->limit_reset_s > now_s ? answer->limit_reset_s - now_s : 1;
	return 0;
}
