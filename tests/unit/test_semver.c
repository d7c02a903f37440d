/* registry/semver.h and registry/tags.h: versions, ranges, and the newest of a list. */
#include "tap.h"

#include <string.h>

#include "base/arena.h"
#include "registry/semver.h"
#include "registry/tags.h"

static void
test_semver_read__texts(void)
{
	static const char *const good[] = { "1.2.3", "v1.2.3", "0.0.0", "1.2.3-rc.1", "1.2.3-x-y.0",
		"999999999999999999.0.1" };
	static const char *const bad[] = { "", "1", "1.2", "1.2.3.4", "01.2.3", "1.2.x", "1.2.3-",
		"1.2.3-01", "1.2.3-a..b", "1.2.3+b", "latest", "1000000000000000000.0.0", "1.2.-3",
		"vv1.2.3" };
	struct semver v;

	for (size_t i = 0; i < COUNT_OF(good); i++)
		ok(semver_read(str_of(good[i]), &v), "'%s'", good[i]);
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		ok(!semver_read(str_of(bad[i]), &v), "not '%s'", bad[i]);
}

/* Semantic Versioning 2.0.0, section 11, its own example among them. */
static void
test_semver_cmp__order(void)
{
	static const char *const order[] = { "0.9.9", "1.0.0-0", "1.0.0-9", "1.0.0-10",
		"1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2",
		"1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.9", "1.0.10", "1.2.0", "1.10.0",
		"2.0.0" };

	for (size_t i = 0; i < COUNT_OF(order); i++)
		for (size_t k = 0; k < COUNT_OF(order); k++) {
			struct semver a, b;
			bool both =
			    semver_read(str_of(order[i]), &a) && semver_read(str_of(order[k]), &b);
			int cmp = both ? semver_cmp(&a, &b) : 9;

			ok((cmp < 0) == (i < k) && (cmp == 0) == (i == k), "%s and %s", order[i],
			    order[k]);
		}
}

static void
test_semver_matches__ranges(void)
{
	static const struct {
		const char *range, *in, *out; /* versions, separated by blanks */
	} rows[] = {
		{ "1.2.3", "1.2.3", "1.2.2 1.2.4 1.2.3-a" },
		{ "=1.2.3", "1.2.3", "1.2.4" },
		{ "1.2", "1.2.0 1.2.9", "1.1.9 1.3.0 1.3.0-a" },
		{ "1", "1.0.0 1.9.9", "0.9.9 2.0.0 2.0.0-a" },
		{ "1.x", "1.0.0 1.9.9", "2.0.0" },
		{ "1.2.*", "1.2.0 1.2.9", "1.3.0" },
		{ "*", "0.0.0 9.9.9", "1.0.0-a" },
		{ ">=*", "0.0.0 9.9.9", "1.0.0-a" },
		{ "<*", "", "0.0.0 1.0.0" },
		{ "^1.2.3", "1.2.3 1.9.0", "1.2.2 2.0.0 2.0.0-a" },
		{ "^1.2", "1.2.0 1.9.0", "1.1.0 2.0.0" },
		{ "^0.2.3", "0.2.3 0.2.9", "0.3.0 0.2.2" },
		{ "^0.0.3", "0.0.3", "0.0.4 0.0.2" },
		{ "^0.0", "0.0.0 0.0.9", "0.1.0" },
		{ "^0", "0.0.1 0.9.9", "1.0.0" },
		{ "~1.2.3", "1.2.3 1.2.9", "1.3.0 1.2.2" },
		{ "~1.2", "1.2.0 1.2.9", "1.3.0" },
		{ "~1", "1.0.0 1.9.9", "2.0.0" },
		{ ">1.2.3", "1.2.4 2.0.0", "1.2.3" },
		{ ">1.2", "1.3.0", "1.2.9" },
		{ ">=1.2", "1.2.0 3.0.0", "1.1.9" },
		{ "<2", "1.9.9", "2.0.0 2.0.0-rc" },
		{ "<=1.2", "1.2.9 0.1.0", "1.3.0" },
		{ "<=1.2.3", "1.2.3", "1.2.4" },
		{ ">=1.2 <2", "1.2.0 1.9.9", "1.1.0 2.0.0" },
		{ ">= 1.2, < 2", "1.2.0 1.9.9", "1.1.0 2.0.0" },
		{ ">=1.2, <2", "1.2.0", "2.0.0" },
		{ "<1 || ~2.1", "0.9.0 2.1.5", "1.0.0 2.2.0" },
		{ "^1.2.3-beta.2", "1.2.3-beta.3 1.2.3 1.9.0", "1.2.3-beta.1 1.2.4-beta.3 2.0.0" },
		{ ">1.0.0-a", "1.0.0-b 1.0.0", "1.0.0-a 2.0.0-a" },
		{ "v1.2", "1.2.7", "1.3.0" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const char *const lists[] = { rows[i].out, rows[i].in };
		struct err err;

		ok(semver_check_range(str_of(rows[i].range), &err) == 0, "'%s' is a range",
		    rows[i].range);
		for (size_t k = 0; k < 2; k++) {
			struct str rest = str_of(lists[k]), one;

			while (str_split(&rest, ' ', &one)) {
				struct semver v;

				ok(one.len == 0
				        || (semver_read(one, &v)
				            && semver_matches(&v, str_of(rows[i].range))
				                   == (k == 1)),
				    "'%.*s' %s '%s'", STR_FMT(one), k ? "in" : "not in",
				    rows[i].range);
			}
		}
	}
}

static void
test_semver_check_range__mistakes(void)
{
	static const char *const bad[] = { "", " ", "||", "1 ||", "|| 1", "one", "1.2.3.4",
		">=", "> ", "1.x.3", "1.2-rc", "1 | 2", "^^1", "==1", "1.2.3 - 2" };

	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct err err = { 0 };

		ok(semver_check_range(str_of(bad[i]), &err) < 0 && err.kind == ERR_USAGE
		        && err.hint[0],
		    "'%s': %s", bad[i], err.text);
	}
}

static void
test_tags_read__pages(struct arena *a)
{
	struct registry_tags tags = { 0 };
	struct err err = { 0 };

	ok(tags_read(a,
	       STR("{\"name\":\"x\",\"tags\":[\"1.9.0\",\"v1.10.0\",\"latest\",7,\"a b\"]}"), &tags,
	       &err) == 0
	        && tags.count == 3,
	    "what is a tag: %s", err.text);
	ok(tags_read(a, STR("{\"tags\":[\"1.10.0\",\"2.0.0-rc.1\"]}"), &tags, &err) == 0
	        && tags.count == 5,
	    "the next page");
	ok(tags_read(a, STR("{\"tags\":null}"), &tags, &err) == 0 && tags.count == 5, "none");
	ok(str_is(tags_newest(&tags, STR("*")), "v1.10.0"), "the first of equal ones");
	ok(str_is(tags_newest(&tags, STR(">=2.0.0-0")), "2.0.0-rc.1"),
	    "a prerelease that is named");
	ok(tags_newest(&tags, STR("3")).len == 0, "none in the range");
	ok(tags_read(a, STR("{\"tags\":{}}"), &tags, &err) < 0 && err.kind == ERR_NETWORK,
	    "an object");
	ok(tags_read(a, STR("<html>"), &tags, &err) < 0 && tags_read(a, STR("[]"), &tags, &err) < 0,
	    "something else");
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_semver_read__texts();
	test_semver_cmp__order();
	test_semver_matches__ranges();
	test_semver_check_range__mistakes();
	test_tags_read__pages(a);
	arena_free(a);
	return done();
}
