/* Tar streams: data/tar.c. */
#include "tap.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "data/tar.h"

enum { MOST = 8 << 20 };

/* Writes what comes out as text. */
static int
note_begin(void *ctx, struct str path, bool is_dir, uint64_t size, struct err *err)
{
	(void)err;
	buf_fmt(ctx, "%c %.*s %llu ", is_dir ? 'd' : 'f', STR_FMT(str_head(path, 40)),
	    (unsigned long long)size);
	return 0;
}

static int
note_bytes(void *ctx, struct str bytes, struct err *err)
{
	(void)err;
	buf_add(ctx, str_head(bytes, 20));
	return 0;
}

static int
note_end(void *ctx, struct err *err)
{
	(void)err;
	buf_add_char(ctx, ';');
	return 0;
}

/* Reads the stream in pieces of `step` bytes; what came out, or the error's text. */
static struct str
read_all(struct arena *a, struct str bytes, size_t step)
{
	struct buf out = BUF_INIT(MOST);
	struct tar_sink sink = { note_begin, note_bytes, note_end, &out };
	struct tar_reader *t = ARENA_NEW(a, struct tar_reader);
	struct err err = { 0 };
	int rc = 0;

	tar_begin(t, &sink);
	for (size_t at = 0; at < bytes.len && rc == 0; at += step)
		rc = tar_feed(t, str_head(str_tail(bytes, at), step), &err);
	if (rc == 0)
		rc = tar_finish(t, &err);
	if (rc == 0)
		return buf_take(&out, a);
	buf_free(&out);
	return arena_str(a, str_of(err.text));
}

static void
add(struct buf *to, struct str path, bool is_dir, struct str bytes)
{
	char header[TAR_HEADER_ROOM];

	buf_add(
	    to, (struct str){ header, tar_header(header, path, is_dir, bytes.len, 1704067200) });
	buf_add(to, bytes);
	for (size_t i = tar_padding(bytes.len); i > 0; i--)
		buf_add_char(to, '\0');
}

static struct str
whole(struct arena *a, struct buf *b)
{
	for (size_t i = 0; i < 2 * (size_t)TAR_BLOCK; i++)
		buf_add_char(b, '\0');
	return buf_take(b, a);
}

static void
test_tar__there_and_back(struct arena *a)
{
	struct buf b = BUF_INIT(MOST);
	char name[400], wanted[600];
	struct str bytes;

	memset(name, 'n', 300);
	name[0] = '/';
	name[300] = '\0';
	add(&b, STR("/"), true, STR(""));
	add(&b, STR("/a.txt"), false, STR("hello"));
	add(&b, str_of(name), false, STR("long"));
	add(&b, STR("/empty"), false, STR(""));
	bytes = whole(a, &b);
	(void)snprintf(
	    wanted, sizeof(wanted), "d / 0 ;f /a.txt 5 hello;f %.40s 4 long;f /empty 0 ;", name);
	for (size_t step = 1; step < 3000; step = step * 3 + 1) {
		struct str got = read_all(a, bytes, step);

		/* the bytes of a file may come in pieces, but all of them come */
		ok(str_is(got, wanted), "in steps of %zu: %.*s", step, STR_FMT(got));
	}
	ok(str_is(read_all(a, str_head(bytes, bytes.len - 1024), 999), wanted),
	    "the zeros at the end may be missing");
	ok(str_holds(read_all(a, str_head(bytes, 1030), 999), STR("in the middle of a file")),
	    "a stream that ends early");
}

static void
test_tar__refuses(struct arena *a)
{
	struct buf b = BUF_INIT(MOST);
	char header[TAR_HEADER_ROOM];
	size_t len = tar_header(header, STR("/link"), false, 0, 0);
	struct str got;

	header[156] = '2'; /* a symbolic link, with its checksum */
	header[148 + 5] = (char)(header[148 + 5] + 2);
	buf_add(&b, (struct str){ header, len });
	got = read_all(a, whole(a, &b), 512);
	ok(str_holds(got, STR("neither a file nor a directory")), "a link: %.*s", STR_FMT(got));
	header[0] = 'x';
	b = BUF_INIT(MOST);
	buf_add(&b, (struct str){ header, len });
	got = read_all(a, whole(a, &b), 512);
	ok(str_holds(got, STR("damaged")), "a wrong checksum: %.*s", STR_FMT(got));
	got = read_all(a, STR("<html>not found</html>"), 512);
	ok(str_holds(got, STR("in the middle")), "no tar: %.*s", STR_FMT(got));
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_tar__there_and_back(a);
	test_tar__refuses(a);
	arena_free(a);
	return done();
}
