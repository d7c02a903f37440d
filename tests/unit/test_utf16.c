#include "tap.h"

#include "base/arena.h"
#include "format/utf16.h"

static void
test_utf16_decode__table(void)
{
	const struct {
		struct str in;
		const char *out; /* NULL: refused */
	} rows[] = {
		{ STR("\xff\xfe"), "" },
		{ STR("\xff\xfe"
		      "a\0\xe9\0"),
		    "a\xc3\xa9" },
		{ STR("\xfe\xff\0a\x20\xac"), "a\xe2\x82\xac" },
		{ STR("\xff\xfe\x3d\xd8\x00\xde"), "\xf0\x9f\x98\x80" },
		{ STR("\xff\xfe\x3d\xd8"), NULL },         /* half a pair */
		{ STR("\xff\xfe\x00\xde\x3d\xd8"), NULL }, /* the wrong way round */
		{ STR("\xff\xfe\x3d\xd8\x41\x00"), NULL },
		{ STR("\xff\xfe"
		      "a"),
		    NULL },                           /* half a unit */
		{ STR("\xff\xfe\0\0a\0\0\0"), NULL }, /* UTF-32 */
		{ STR("a\0"), NULL },
		{ STR(""), NULL },
	};
	struct arena *a = arena_new(no_memory);

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct str out = STR("");
		bool is_read = utf16_decode(a, rows[i].in, &out);

		ok(is_read == (rows[i].out != NULL) && (!is_read || str_is(out, rows[i].out)),
		    "row %zu", i);
	}
	arena_free(a);
}

int
main(void)
{
	test_utf16_decode__table();
	return done();
}
