/* What a call sends: one message, or those of its source. */
#include <string.h>

#include "base/limits.h"
#include "net/call.h"

void
upload_begin(struct stream *s)
{
	const struct call *call = s->call;

	if (call->source) { /* as if a message were out, so that the first one is asked for */
		s->message = (struct str){ "", 0 };
		s->uploaded = FRAME_PREFIX_BYTES;
		s->is_last = false;
	} else {
		frame_prefix(call->request.len, s->prefix);
		s->message = call->request;
		s->is_last = true;
	}
}

/* The five bytes of prefix and the message, without joining them in memory; as much as fits. */
static size_t
give_message(struct stream *s, char *out, size_t room)
{
	struct str prefix = { (const char *)s->prefix, sizeof(s->prefix) };
	struct str head = str_head(str_tail(prefix, s->uploaded), room);
	size_t at = s->uploaded + head.len; /* what follows the prefix, if it is all out */
	struct str body = { NULL, 0 };

	if (at >= prefix.len)
		body = str_head(str_tail(s->message, at - prefix.len), room - head.len);
	if (head.len > 0)
		memcpy(out, head.ptr, head.len);
	if (body.len > 0)
		memcpy(out + head.len, body.ptr, body.len);
	s->uploaded += head.len + body.len;
	return head.len + body.len;
}

static bool
is_message_sent(const struct stream *s)
{
	return s->uploaded == FRAME_PREFIX_BYTES + s->message.len;
}

/* Puts the source's next message in the place of the one that is out. */
static int
next_message(struct stream *s)
{
	const struct call_source *source = s->call->source;
	int rc = source->next(source->ctx, &s->message, &s->broken);

	if (rc > 0 && s->message.len > MAX_RPC_BYTES)
		rc = err_set(&s->broken, ERR_NETWORK,
		    "a request of %zu bytes is above the server's limit of %d MiB", s->message.len,
		    MAX_RPC_BYTES >> 20);
	if (rc > 0) {
		frame_prefix(s->message.len, s->prefix);
		s->uploaded = 0;
	}
	s->is_last = rc <= 0;
	return rc;
}

/* As much as fits at once: libcurl makes a DATA frame of each piece, and asks for the next only after it
 * has read. */
size_t
upload_body(char *out, size_t size, size_t count, void *stream)
{
	struct stream *s = stream;
	size_t room = size * count, len = give_message(s, out, room);

	while (len < room && is_message_sent(s) && !s->is_last) {
		if (next_message(s) < 0)
			return CURL_READFUNC_ABORT;
		if (!s->is_last)
			len += give_message(s, out + len, room - len);
	}
	return len;
}

bool
stream_is_sent(const struct stream *s)
{
	return s->is_last && is_message_sent(s);
}
