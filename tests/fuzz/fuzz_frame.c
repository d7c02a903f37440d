/*
 * Chopping the same bytes in any way gives the same messages, and the messages with their prefixes
 * are the bytes again. The first byte of the input says how the rest is chopped.
 */
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "net/frame.h"

#include "fuzz.h"

/* Takes all messages out of `received` and writes them to `out`, each with a prefix of ours. */
static int
take_all(struct buf *received, struct buf *out)
{
	struct str rest = buf_str(received), message;
	unsigned char prefix[FRAME_PREFIX_BYTES];
	struct err err = { 0 };
	int rc;

	while ((rc = frame_next(&rest, &message, &err)) > 0) {
		frame_prefix(message.len, prefix);
		buf_add(out, (struct str){ (const char *)prefix, sizeof(prefix) });
		buf_add(out, message);
	}
	if ((rc < 0) != (err.kind == ERR_NETWORK))
		abort();
	buf_eat(received, received->len - rest.len);
	return rc;
}

/* Feeds `in` in pieces of 1 to `step` bytes; true when no frame was refused. */
static int
feed(struct str in, size_t step, struct buf *received, struct buf *out)
{
	size_t piece = 1;

	while (in.len > 0) {
		buf_add(received, str_head(in, piece));
		in = str_tail(in, piece);
		if (take_all(received, out) < 0)
			return -1;
		piece = piece % step + 1;
	}
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct buf whole = BUF_INIT(2 * MAX_RPC_BYTES), out = BUF_INIT(2 * MAX_RPC_BYTES);
	struct buf pieces = BUF_INIT(2 * MAX_RPC_BYTES), again = BUF_INIT(2 * MAX_RPC_BYTES);
	struct str in;
	int rc;

	if (len > 0) {
		in = str_tail((struct str){ (const char *)data, len }, 1);
		buf_add(&whole, in);
		rc = take_all(&whole, &out);
		if (feed(in, data[0] % 17 + 1, &pieces, &again) != rc)
			abort();
		if (!str_eq(buf_str(&out), buf_str(&again)))
			abort();
		if (!str_eq(buf_str(&out), str_head(in, out.len)))
			abort();
		if (rc == 0 && !str_eq(buf_str(&whole), buf_str(&pieces)))
			abort();
	}
	buf_free(&whole);
	buf_free(&pieces);
	buf_free(&out);
	buf_free(&again);
	return 0;
}
