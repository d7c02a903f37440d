/* How users write where data is: data/place.c. */
#include "tap.h"

#include <string.h>

#include "base/arena.h"
#include "data/place.h"
#include "files/descent.h"

static void
test_place_parse__takes(struct arena *a)
{
	static const struct {
		const char *text, *project, *repo, *ref, *path;
		bool is_dir;
	} rows[] = {
		{ "images", "default", "images", "", "", false },
		{ "images@master", "default", "images", "master", "", false },
		{ "vision/images@master:/", "vision", "images", "master", "/", true },
		{ "a-b_c@dev-1.2:/x/y.csv", "default", "a-b_c", "dev-1.2", "/x/y.csv", false },
		{ "images@master:x/y/", "default", "images", "master", "/x/y", true },
		{ "images@master^2:/a b", "default", "images", "master^2", "/a b", false },
		{ "images@0123456789abcdef0123456789abcdef", "default", "images",
		    "0123456789abcdef0123456789abcdef", "", false },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = { 0 };
		struct place p;
		int rc = place_parse(a, rows[i].text, STR("default"), &p, &err);

		ok(rc == 0 && str_is(p.at.project, rows[i].project)
		        && str_is(p.at.repo, rows[i].repo) && str_is(p.at.ref, rows[i].ref)
		        && str_is(p.path, rows[i].path) && p.is_dir == rows[i].is_dir,
		    "'%s': %s", rows[i].text, rc ? err.text : "");
	}
}

static void
test_place_parse__refuses(struct arena *a)
{
	static const char *const texts[] = { "", "@master", "im ages", "images@", "images@:/x",
		"images@a b", "a/b/c", "/images", "images/", "images@master:/a//b",
		"images@master:/../a", "images@master:/a/./b", "images@master:/a*",
		"images@master:/caf\xc3\xa9", "images@master:/a\nb", "images@master:/a/..",
		"images:/x" };

	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct err err = { 0 };
		struct place p;

		ok(place_parse(a, texts[i], STR("default"), &p, &err) < 0 && err.kind == ERR_USAGE,
		    "refused: row %zu", i);
	}
}

static void
test_path_join__has_one_slash(struct arena *a)
{
	ok(str_is(path_join(a, STR("/"), STR("a")), "/a"), "the root");
	ok(str_is(path_join(a, STR("/x/"), STR("a/b")), "/x/a/b"), "a slash at the end");
	ok(str_is(path_join(a, STR("/x"), STR("a")), "/x/a"), "none");
	ok(str_is(path_name(STR("/x/a")), "a") && str_is(path_name(STR("a")), "a"), "a base");
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_place_parse__takes(a);
	test_place_parse__refuses(a);
	test_path_join__has_one_slash(a);
	arena_free(a);
	return done();
}
