/* ci/github_name.h: what may become a part of a path. */
#include "tap.h"

#include "base/base.h"
#include "base/str.h"
#include "ci/github_name.h"

static const struct {
	const char *name;
	bool is_owner, is_repository, is_environment;
} rows[] = {
	{ "acme", true, false, true },
	{ "octocat_acme", true, false, true },
	{ "a-b", true, false, true },
	{ "-a", false, false, true },
	{ "a-", false, false, true },
	{ "a.b", false, false, true },
	{ "..", false, false, false },
	{ ".", false, false, false },
	{ "", false, false, false },
	{ "o/r", false, true, true },
	{ "o/r.git_x-1", false, true, true },
	{ "o/.github", false, true, true },
	{ "o/..", false, false, false },
	{ "o/.", false, false, false },
	{ "o/", false, false, true },
	{ "../x", false, false, false },
	{ "./x", false, false, false },
	{ "o/r/x", false, false, true },
	{ "o/r%2f", false, false, true },
	{ "o//r", false, false, true },
	{ "production eu", false, false, true },
	{ "caf\xc3\xa9/x", false, false, true },
	{ "a\nb", false, false, false },
	{ "0123456789012345678901234567890123456789012345678", false, false, true },
};

int
main(void)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct str name = str_of(rows[i].name);

		ok(github_is_owner(name) == rows[i].is_owner, "row %zu: owner", i);
		ok(github_is_repository(name) == rows[i].is_repository, "row %zu: repository", i);
		ok(github_is_environment(name) == rows[i].is_environment, "row %zu: environment",
		    i);
	}
	ok(!github_is_owner((struct str){ "a\0b", 3 }), "no NUL");
	return done();
}
