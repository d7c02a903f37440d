#include "tap.h"

#include "base/base.h"
#include "data/pieces.h"

static void
test_pieces_next__rows(void)
{
	/* sorted by path, as remote_read() leaves them */
	static const char *const paths[] = {
		"/a",
		"/a.b/00000000000000ff",
		"/a/0000000000000000",
		"/a/000000000000000a",
		"/a/000000000000000g",
		"/a/1",
		"/a/sub/0000000000000fff",
		"/a0/00000000000000ee",
		"/b/ffff000000000000",
	};
	static const struct {
		const char *path;
		uint64_t next;
	} rows[] = {
		{ "/a", 11 },
		{ "/a.b", 256 },
		{ "/a0", 0xef },
		{ "/b", 0xffff000000000001 },
		{ "/c", 0 },
		{ "/", 0 },
		{ "/a/sub", 0x1000 },
	};
	struct pfs_file files[COUNT_OF(paths)];
	struct remote remote = { files, COUNT_OF(paths), COUNT_OF(paths) }, none = { 0 };

	for (size_t i = 0; i < COUNT_OF(paths); i++)
		files[i] = (struct pfs_file){ .path = str_of(paths[i]) };
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		ok(pieces_next(&remote, str_of(rows[i].path)) == rows[i].next, "%s", rows[i].path);
	ok(pieces_next(&none, STR("/a")) == 0, "an empty branch");
}

int
main(void)
{
	test_pieces_next__rows();
	return done();
}
