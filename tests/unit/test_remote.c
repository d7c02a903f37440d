/* The URL of a git remote, without credentials: git/remote.c. */
#include "tap.h"

#include "base/arena.h"
#include "git/remote.h"

static void
test_remote_clean__no_credentials(struct arena *a)
{
	static const struct {
		const char *url, *clean;
	} rows[] = {
		{ "https://github.example/o/r.git", "https://github.example/o/r.git" },
		{ "https://ada:s3cret@github.example/o/r.git", "https://github.example/o/r.git" },
		{ "https://s3cret@github.example/o/r", "https://github.example/o/r" },
		{ "https://ada:s3@cret@github.example:8443/o/r",
		    "https://github.example:8443/o/r" },
		{ "https://github.example/o/r@v1", "https://github.example/o/r@v1" },
		{ "https://github.example/o/r?access_token=s3cret", "https://github.example/o/r" },
		{ "https://github.example/o/r#s3cret", "https://github.example/o/r" },
		{ "https://github.example?t=a/b@s3cret", "https://github.example" },
		{ "https://s3cret@github.example", "https://github.example" },
		{ "ssh://git:s3cret@host.example:22/o/r", "ssh://host.example:22/o/r" },
		{ "git@host.example:o/r.git", "git@host.example:o/r.git" },
		{ "host.example:o/r.git", "host.example:o/r.git" },
		{ "ada:s3cret@host.example", "" },
		{ "file:///srv/git/r", "" },
		{ "/srv/git/r", "" },
		{ "../r", "" },
		{ "./a:b", "" },
		{ "C:\\git\\r", "" },
		{ "C:/git/r", "" },
		{ "", "" },
		{ ":", "" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		ok(str_is(remote_clean(a, str_of(rows[i].url)), rows[i].clean), "'%s' is '%.*s'",
		    rows[i].url, STR_FMT(remote_clean(a, str_of(rows[i].url))));
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_remote_clean__no_credentials(a);
	arena_free(a);
	return done();
}
