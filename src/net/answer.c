#include "net/call.h"

#include "base/arena.h"
#include "base/limits.h"

/* What a message costs beside its bytes: else a stream of empty messages would never reach the
 * limit. */
enum { MESSAGE_OVERHEAD = 64 };

/* "HTTP/2 200 " begins a header block; what an earlier block (1xx) said is forgotten. */
static void
begin_block(struct stream *s, struct str line)
{
	struct answer fresh = { .header_bytes = s->answer.header_bytes };
	struct str code = str_tail(line, str_find(line, ' ') + 1);

	fresh.is_http1 = !str_starts(line, "HTTP/2");
	for (size_t i = 0; i < 3 && i < code.len && code.ptr[i] >= '0' && code.ptr[i] <= '9'; i++)
		fresh.http_status = fresh.http_status * 10 + (code.ptr[i] - '0');
	s->answer = fresh;
}

static void
take_content_type(struct stream *s, struct str value)
{
	size_t len = 0;

	s->answer.is_grpc = str_is_like(str_head(value, 16), "application/grpc")
	                    && !str_starts(str_tail(value, 16), "-web");
	if (s->answer.is_grpc)
		s->connection->is_heard = true;
	for (size_t i = 0; i < value.len && len < sizeof(s->answer.content_type) - 1; i++)
		if (value.ptr[i] > 0x20 && value.ptr[i] < 0x7f && value.ptr[i] != '\'')
			s->answer.content_type[len++] = value.ptr[i];
	s->answer.content_type[len] = '\0';
}

/* A status that is not a number becomes UNKNOWN, as in other gRPC clients. */
static void
take_status(struct stream *s, struct str value)
{
	uint64_t status;

	s->answer.grpc_status =
	    value.len <= 4 && str_number(value, &status) ? (int)status : GRPC_UNKNOWN;
	s->answer.is_status_known = true;
	s->connection->is_heard = true;
}

static void
take_message(struct stream *s, struct str value)
{
	s->answer.message = arena_str(s->arena, value);
}

static void
take_location(struct stream *s, struct str value)
{
	s->answer.is_to_tls = str_is_like(str_head(value, 8), "https://");
}

static const struct {
	const char *name;
	void (*take)(struct stream *s, struct str value);
} headers[] = {
	{ "content-type", take_content_type },
	{ "grpc-status", take_status },
	{ "grpc-message", take_message },
	{ "location", take_location },
	{ "date", peer_note_date },
};

/* At the end of a header block: true when the outcome is known before the whole request is sent.
 * Then the call ends: the server may never read the rest. */
static bool
is_final(const struct stream *s)
{
	const struct answer *answer = &s->answer;

	return answer->http_status >= 200 && !stream_is_sent(s)
	       && (answer->is_status_known || answer->http_status != 200 || !answer->is_grpc);
}

size_t
answer_header(char *bytes, size_t size, size_t count, void *stream)
{
	struct stream *s = stream;
	struct str line = { bytes, size * count };
	struct str name = str_head(line, str_find(line, ':'));

	s->answer.header_bytes += line.len;
	if (s->answer.header_bytes > MAX_HEADER_BYTES) {
		(void)err_set(&s->broken, ERR_NETWORK, "'%s' sent more than %d KiB of headers",
		    s->opts->url.text, MAX_HEADER_BYTES >> 10);
		return 0;
	}
	if (str_starts(line, "HTTP/")) {
		begin_block(s, line);
		s->is_early = !stream_is_sent(s);
		/* 0 ends the transfer: an HTTP/1.1 server is not asked anything more */
		return s->answer.is_http1 ? 0 : line.len;
	}
	if (str_trim(line).len == 0 && is_final(s))
		return 0;
	for (size_t i = 0; i < COUNT_OF(headers); i++)
		if (str_is_like(name, headers[i].name))
			headers[i].take(s, str_trim(str_tail(line, name.len + 1)));
	return line.len;
}

static int
keep_message(struct stream *s, struct str message)
{
	struct call *call = s->call;

	if (call->sink) {
		call->reply_count++;
		return call->sink->take(call->sink->ctx, message, &s->broken);
	}
	s->stream_bytes += message.len + MESSAGE_OVERHEAD;
	if (!call->streams && call->reply_count > 0) {
		(void)err_set(&s->broken, ERR_NETWORK, "'%s' sent several messages for one call",
		    s->opts->url.text);
		return err_hint(
		    &s->broken, "check that the address is pachd's and not another service's");
	}
	if (s->stream_bytes > MAX_STREAM_BYTES) {
		(void)err_set(&s->broken, ERR_NETWORK,
		    "the response of '%s' exceeds the limit of %d MiB", s->opts->url.text,
		    MAX_STREAM_BYTES >> 20);
		return err_hint(&s->broken, "name fewer pipelines in one run");
	}
	call->replies = arena_grow(
	    s->arena, call->replies, call->reply_count, &s->reply_room, sizeof(*call->replies));
	call->replies[call->reply_count++] = arena_str(s->arena, message);
	return 0;
}

/* Takes every whole message out of `rest`. */
static int
keep_messages(struct stream *s, struct str *rest)
{
	struct str message;
	int rc;

	while ((rc = frame_next(rest, &message, &s->broken)) > 0)
		if (keep_message(s, message) < 0)
			return -1;
	return rc;
}

size_t
answer_body(char *bytes, size_t size, size_t count, void *stream)
{
	struct stream *s = stream;
	struct str part = { bytes, size * count }, rest;

	/* a page of some other server: its status and headers say enough */
	if (!s->answer.is_grpc || s->answer.http_status != 200)
		return 0;
	buf_add(&s->received, part);
	if (buf_is_full(&s->received)) {
		(void)err_set(&s->broken, ERR_SYSTEM, "out of memory for the response");
		return 0;
	}
	rest = buf_str(&s->received);
	if (keep_messages(s, &rest) < 0)
		return 0;
	buf_eat(&s->received, s->received.len - rest.len);
	return part.len;
}
