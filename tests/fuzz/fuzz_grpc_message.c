/*
 * grpc-message: the decoded text is valid UTF-8 and never longer than what was sent; text without
 * '%' that is UTF-8 stays as it is; what is encoded as the gRPC document says comes back.
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "net/frame.h"

#include "fuzz.h"

/* The sender's side: all but printable ASCII, and '%' itself, is escaped. */
static struct str
encode(struct arena *a, struct str text)
{
	struct buf out = BUF_INIT(3 * text.len + 1);

	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if (c < 0x20 || c > 0x7e || c == '%')
			buf_fmt(&out, "%%%02X", c);
		else
			buf_add_char(&out, text.ptr[i]);
	}
	return buf_take(&out, a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *a = arena_new(no_memory);
	struct str in = { (const char *)data, len };
	struct str out = percent_decode(a, in);
	size_t at;

	if (out.len > in.len || !utf8_is_valid(out, &at))
		abort();
	if (utf8_is_valid(in, &at)) {
		if (str_find(in, '%') == in.len && !str_eq(in, out))
			abort();
		if (!str_eq(percent_decode(a, encode(a, in)), in))
			abort();
	}
	arena_free(a);
	return 0;
}
