/*
 * A tar stream chopped in two ways gives the same entries, and each entry as many bytes as it says. The first
 * byte of the input says how the rest is chopped. What is read can be written, and read again.
 */
#include <string.h>

#include "base/buf.h"
#include "data/tar.h"

#include "fuzz.h"

enum { MOST = 4 << 20 };

struct seen {
	struct buf entries;
	struct buf again; /* the same entries as a new stream */
	uint64_t left;
};

static int
begin(void *ctx, struct str path, bool is_dir, uint64_t size, struct err *err)
{
	struct seen *s = ctx;
	char header[TAR_HEADER_ROOM];
	size_t len;

	(void)err;
	if (path.len == 0 || path.len >= TAR_PATH || (is_dir && size > 0))
		abort();
	buf_fmt(&s->entries, "%d %llu ", is_dir, (unsigned long long)size);
	buf_add(&s->entries, path);
	len = tar_header(header, path, is_dir, size, 1);
	if (len == 0 || len % TAR_BLOCK != 0)
		abort();
	buf_add(&s->again, (struct str){ header, len });
	s->left = size;
	return 0;
}

static int
bytes(void *ctx, struct str piece, struct err *err)
{
	struct seen *s = ctx;

	(void)err;
	if (piece.len > s->left)
		abort();
	s->left -= piece.len;
	buf_add(&s->entries, piece);
	buf_add(&s->again, piece);
	return 0;
}

static int
end(void *ctx, struct err *err)
{
	struct seen *s = ctx;

	(void)err;
	if (s->left != 0)
		abort();
	buf_add_char(&s->entries, '\n');
	return 0;
}

static int
feed(struct seen *s, struct str in, size_t step)
{
	struct tar_sink sink = { begin, bytes, end, s };
	struct tar_reader *t = malloc(sizeof(*t));
	struct err err = { 0 };
	int rc = 0;

	*s = (struct seen){ BUF_INIT(MOST), BUF_INIT(MOST), 0 };
	if (!t)
		abort();
	tar_begin(t, &sink);
	while (in.len > 0 && rc == 0) {
		rc = tar_feed(t, str_head(in, step), &err);
		in = str_tail(in, step);
	}
	if (rc == 0)
		rc = tar_finish(t, &err);
	if ((rc < 0) != (err.kind == ERR_NETWORK))
		abort();
	free(t);
	return rc;
}

static void
forget(struct seen *s)
{
	buf_free(&s->entries);
	buf_free(&s->again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct seen whole, pieces;
	struct str in;

	if (len == 0)
		return 0;
	in = str_tail((struct str){ (const char *)data, len }, 1);
	if (feed(&whole, in, in.len ? in.len : 1) != feed(&pieces, in, data[0] % 255 + 1u))
		abort();
	if (!str_eq(buf_str(&whole.entries), buf_str(&pieces.entries)))
		abort();
	forget(&whole);
	forget(&pieces);
	return 0;
}
