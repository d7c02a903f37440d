#include "tap.h"

#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "retag/tag.h"

static const struct tag_facts facts = {
	{ "0123456789012345678901234567890123456789", 40 },
	{ "feature/x+y", 11 },
	{ "-.v1/..", 7 },
};

static void
test_tag_expand__places(struct arena *a)
{
	static const struct {
		const char *in, *out; /* NULL: refused */
	} rows[] = {
		{ "{sha}", "0123456789012345678901234567890123456789" }, { "{short}", "0123456" },
		{ "v-{branch}", "v-feature-x-y" }, { "{ref}", "v1-.." }, { "1.2", "1.2" },
		{ "{branch}-{short}", "feature-x-y-0123456" }, { "{nope}", NULL }, { "{", NULL },
		{ "", NULL }, { "a b", NULL }, { ".x", NULL },
		{ "{sha}{sha}{sha}{sha}", NULL }, /* longer than 128 */
		{ "{}", NULL }, { "{SHA}", NULL }, { "{sha", NULL }, { "sha}", NULL },
		{ "{{sha}}", NULL }, { "v{short}.{short}", "v0123456.0123456" }, { "_", "_" },
		{ "{sha}{sha}{sha}12345678",
		    "0123456789012345678901234567890123456789012345678901234567890123456789"
		    "01234567890123456789012345678901234567890123456789"
		    "12345678" }, /* just 128 */
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = { 0 };
		struct str out = { "", 0 };
		int rc = tag_expand(a, str_of(rows[i].in), &facts, &out, &err);

		if (rows[i].out)
			ok(rc == 0 && str_is(out, rows[i].out), "'%s' is '%s'", rows[i].in,
			    rows[i].out);
		else
			ok(rc < 0 && err.kind == ERR_USAGE && err.hint[0], "'%s' is refused: %s",
			    rows[i].in, err.text);
	}
}

static void
test_tag_expand__versions(struct arena *a)
{
	static const struct {
		const char *ref, *version, *semver; /* NULL: refused */
	} rows[] = {
		{ "v1.2.3", "v1.2.3", "1.2.3" },
		{ "1.2.3", "1.2.3", "1.2.3" },
		{ "edges/v1.2.3", "v1.2.3", "1.2.3" },
		{ "a/b/edges/2.0.0-rc.1", "2.0.0-rc.1", "2.0.0-rc.1" },
		{ "edges@1.2.3", "edges-1.2.3", "1.2.3" },
		{ "@team/edges@1.2.3", "edges-1.2.3", "1.2.3" },
		{ "edges-v1.2.3", "edges-v1.2.3", "1.2.3" },
		{ "edges-2-1.2.3", "edges-2-1.2.3", "1.2.3" },
		{ "v1.2.3+b5", "v1.2.3-b5", "1.2.3-b5" },
		{ "v1.2", "v1.2", NULL },
		{ "v1.02.3", "v1.02.3", NULL },
		{ "v1.2.3.4", "v1.2.3.4", NULL },
		{ "dev1.2.3", "dev1.2.3", NULL },
		{ "main", "main", NULL },
		{ "edges/", NULL, NULL },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct tag_facts of = { .ref = str_of(rows[i].ref) };
		struct err err = { 0 };
		struct str out = { "", 0 };
		int rc = tag_expand(a, STR("{version}"), &of, &out, &err);

		ok(rows[i].version ? rc == 0 && str_is(out, rows[i].version) : rc < 0,
		    "{version} of '%s': %.*s", rows[i].ref, STR_FMT(out));
		rc = tag_expand(a, STR("{semver}"), &of, &out, &err);
		ok(rows[i].semver ? rc == 0 && str_is(out, rows[i].semver) : rc < 0,
		    "{semver} of '%s': %.*s", rows[i].ref, STR_FMT(out));
	}
}

static void
test_text_expand__braces_that_are_text(struct arena *a)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{ "/a/\\{linkdir}", "/a/{linkdir}" },
		{ "\\{sha}", "{sha}" },
		{ "\\\\{short}", "\\0123456" },
		{ "\\\\\\{short}", "\\{short}" },
		{ "{\"a\": \\{}}", "{\"a\": {}}" },
		{ "C:\\dir\\", "C:\\dir\\" },
		{ "\\\\host\\x", "\\\\host\\x" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = { 0 };
		struct str out = { "", 0 };
		int rc = text_expand(a, str_of(rows[i].in), "input 'set'", &facts, &out, &err);

		ok(rc == 0 && str_is(out, rows[i].out), "'%s' is '%.*s'", rows[i].in, STR_FMT(out));
	}
	ok(!tag_needs_sha(STR("\\{sha}")) && tag_needs_sha(STR("\\\\{sha}")),
	    "an escaped place needs no commit");
}

static void
test_tag_expand__empty_place_is_an_error(struct arena *a)
{
	struct tag_facts none = { 0 };
	struct err err = { 0 };
	struct str out;

	ok(tag_expand(a, STR("x{branch}"), &none, &out, &err) < 0, "no branch is known");
	ok(tag_needs_sha(STR("a{short}")) && tag_needs_sha(STR("{sha}")), "needs the commit");
	ok(!tag_needs_sha(STR("{branch}")), "does not need the commit");
}

static void
test_tag_expand__long_and_odd_names(struct arena *a)
{
	static const struct {
		const char *branch, *tag; /* NULL: refused */
	} rows[] = {
		{ "main", "main" },
		{ "Feature/\xc3\xa4 b", "Feature----b" },
		{ "--..x", "x" },
		{ "/x", "x" },
		{ "_x", "_x" },
		{ "-./", NULL },
		{ "x/", "x-" },
	};
	char name[200];
	struct tag_facts facts_of = { .branch = { name, sizeof(name) } };
	struct err err = { 0 };
	struct str out;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct tag_facts f = { .branch = str_of(rows[i].branch) };
		int rc = tag_expand(a, STR("{branch}"), &f, &out, &err);

		ok(rows[i].tag ? rc == 0 && str_is(out, rows[i].tag) : rc < 0, "'%s'",
		    rows[i].branch);
	}
	memset(name, 'x', sizeof(name));
	name[0] = '-';
	ok(tag_expand(a, STR("{branch}"), &facts_of, &out, &err) == 0 && out.len == 128,
	    "at most 128 of it");
	ok(tag_expand(a, STR("v{branch}"), &facts_of, &out, &err) < 0, "one more is too long");
}

/* Each of these takes seconds where one of the functions looks at a run again for each of its bytes. */
static void
test_text_expand__long_runs(struct arena *a)
{
	enum { LEN = 2 << 20 };
	static const char runs[] = { '\\', 'a', '{' };
	char *text = arena_alloc(a, LEN);
	clock_t start = clock();

	for (size_t i = 0; i < sizeof(runs); i++) {
		struct err err = { 0 };
		struct str out;

		memset(text, runs[i], LEN);
		ok(!tag_needs_sha((struct str){ text, LEN }), "a run of '%c' needs no commit",
		    runs[i]);
		ok(text_expand(a, (struct str){ text, LEN }, "set", &facts, &out, &err) < 0
		        && str_starts(str_of(err.text), "input 'set' is longer"),
		    "a run of '%c' is too long", runs[i]);
		memcpy(text + 1000, "{sha}", 5);
		ok(tag_needs_sha((struct str){ text, 1005 })
		        && text_expand(a, (struct str){ text, 1005 }, "set", &facts, &out, &err)
		               == 0,
		    "a place behind a run of '%c'", runs[i]);
	}
	ok(clock() - start < 30 * CLOCKS_PER_SEC, "in time that grows with the length");
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_tag_expand__places(a);
	test_tag_expand__versions(a);
	test_text_expand__braces_that_are_text(a);
	test_tag_expand__empty_place_is_an_error(a);
	test_tag_expand__long_and_odd_names(a);
	test_text_expand__long_runs(a);
	arena_free(a);
	return done();
}
