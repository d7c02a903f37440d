/* Marks of owners: what is one, whose it is, and what is hashed. */
#include "tap.h"

#include "base/arena.h"
#include "pipeline/mark.h"

#define HASH   "5f39bc217d5e340581eb3e41b12e7cf08863e3c900b13cddfe43083a6655866f"
#define COMMIT "0123456789abcdef0123456789abcdef01234567"

static void
test_mark_parse__reads_what_was_written(struct arena *a)
{
	const struct mark m = { .repository = STR("team/specs \"x\""),
		.target = STR("prod"),
		.commit = STR(COMMIT),
		.hash = STR(HASH),
		.run = STR("https://ci.example/1"),
		.version = 7,
		.since = 3 };
	struct mark got = mark_parse(a, mark_text(a, &m));

	ok(mark_is_set(&got) && str_eq(got.repository, m.repository) && str_eq(got.target, m.target)
	        && str_eq(got.commit, m.commit) && str_eq(got.hash, m.hash)
	        && str_eq(got.run, m.run) && got.version == 7 && got.since == 3,
	    "all members");
}

static void
test_mark_parse__stopped_is_true_or_not_there(struct arena *a)
{
	static const struct {
		const char *member;
		bool is_stopped;
	} rows[] = { { "", false }, { ",\"stopped\":true", true }, { ",\"stopped\":false", false },
		{ ",\"stopped\":\"true\"", false }, { ",\"stopped\":1", false } };
	struct mark m = { .repository = STR("a/b"), .version = 1, .is_stopped = true };

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		m = mark_parse(
		    a, arena_fmt(a, "{\"repository\":\"a/b\",\"version\":1%s}", rows[i].member));
		ok(mark_is_set(&m) && m.is_stopped == rows[i].is_stopped, "'%s'", rows[i].member);
	}
	m.is_stopped = true;
	m = mark_parse(a, mark_text(a, &m));
	ok(m.is_stopped, "as it was written");
}

static void
test_mark_parse__what_is_forged_or_broken_is_none_or_less(struct arena *a)
{
	static const struct {
		const char *text;
		bool set, commit, hash;
	} rows[] = {
		{ "", false, false, false },
		{ "prod", false, false, false },
		{ "[1]", false, false, false },
		{ "{}", false, false, false },
		{ "{\"repository\":\"a/b\"}", false, false, false },
		{ "{\"repository\":\"a/b\",\"version\":0}", false, false, false },
		{ "{\"repository\":\"a/b\",\"version\":-1}", false, false, false },
		{ "{\"repository\":\"a/b\",\"version\":\"1\"}", false, false, false },
		{ "{\"repository\":\"a/b\",\"version\":1e3}", false, false, false },
		{ "{\"repository\":\"a/b\",\"version\":9999999999999999999}", false, false, false },
		{ "{\"repository\":7,\"version\":1}", false, false, false },
		{ "{\"repository\":\"a\\nb\",\"version\":1}", false, false, false },
		{ "{\"repository\":\"a\\u001b[31mb\",\"version\":1}", false, false, false },
		{ "{\"repository\":\"a/b\",\"version\":1} {}", false, false, false },
		{ "{\"repository\":\"a/b\",\"version\":1}", true, false, false },
		{ "{\"repository\":\"a/b\",\"version\":1,\"more\":[{}]}", true, false, false },
		{ "{\"repository\":\"a/b\",\"version\":1,\"commit\":\"HEAD\",\"hash\":\"12\"}",
		    true, false, false },
		{ "{\"repository\":\"a/b\",\"version\":1,\"commit\":\"" COMMIT "\"}", true, true,
		    false },
		{ "{\"repository\":\"a/b\",\"version\":1,\"hash\":\"" HASH "\"}", true, false,
		    true },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct mark m = mark_parse(a, str_of(rows[i].text));

		ok(mark_is_set(&m) == rows[i].set && (m.commit.len > 0) == rows[i].commit
		        && (m.hash.len > 0) == rows[i].hash,
		    "%s", rows[i].text);
	}
}

static void
test_mark_is_same_owner__however_a_repository_is_named(struct arena *a)
{
	static const struct {
		const char *one, *target, *other, *other_target;
		bool same;
	} rows[] = {
		{ "team/specs", "", "team/specs", "", true },
		{ "team/specs", "", "https://github.com/team/specs", "", true },
		{ "team/specs", "", "https://github.com/team/specs.git", "", true },
		{ "team/specs", "", "git@github.com:Team/specs.git", "", true },
		{ "team/specs", "", "ssh://git@github.com/team/specs/", "", true },
		{ "https://host:8443/team/specs", "", "ssh://git@host:8443/team/specs", "", true },
		{ "specs", "", "https://dev.azure.com/org/project/_git/specs", "", true },
		{ "team/specs", "", "other/specs", "", false },
		{ "team/specs", "", "https://github.com/otherteam/specs", "", false },
		{ "eam/specs", "", "https://github.com/team/specs", "", false },
		{ "https://one/team/specs", "", "https://two/team/specs", "", false },
		{ "team/specs", "dev", "team/specs", "prod", false },
		{ "team/specs", "dev", "team/specs", "dev", true },
		{ "team/specs", "dev", "team/specs", "", true },
		{ "", "", "", "", false },
		{ "team/specs", "", "", "", false },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct mark one = { .repository = str_of(rows[i].one),
			.target = str_of(rows[i].target) },
		                  other = { .repository = str_of(rows[i].other),
			                  .target = str_of(rows[i].other_target) };

		ok(mark_is_same_owner(a, &one, &other) == rows[i].same
		        && mark_is_same_owner(a, &other, &one) == rows[i].same,
		    "row %zu", i);
	}
}

static struct node *
read(struct arena *a, const char *text)
{
	struct diags d = diags_in(a);

	return doc_parse(a, "x.json", str_of(text), &d)->first;
}

static void
test_mark_basis__neither_order_nor_marks_nor_notes(struct arena *a)
{
	static const char *const rows[] = {
		"{\"b\":{\"y\":[2,1],\"x\":1},\"a\":true}",
		"{\"a\":true,\"b\":{\"x\":1,\"y\":[2,1]}}",
		"{\"a\":true,\"b\":{\"x\":1,\"y\":[2,1]},\"description\":\"[pachup] o/r@1234567\"}",
		"{\"metadata\":{\"annotations\":{\"pachup/mark\":\"x\"}},\"a\":true,\"b\":{\"x\":1,"
		"\"y\":[2,1]}}",
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		ok(str_is(
		       mark_basis(a, read(a, rows[i])), "{\"a\":true,\"b\":{\"x\":1,\"y\":[2,1]}}"),
		    "row %zu", i);
	ok(!str_eq(
	       mark_basis(a, read(a, "{\"a\":[1,2]}")), mark_basis(a, read(a, "{\"a\":[2,1]}"))),
	    "the order of a list counts");
}

static void
test_mark_put__and_drop_leave_the_rest(struct arena *a)
{
	static const char *const rows[][2] = {
		{ "{\"a\":1}", "{\"a\":1}" },
		{ "{\"metadata\":{\"annotations\":{\"k\":\"v\"},\"labels\":{\"l\":\"m\"}}}",
		    "{\"metadata\":{\"annotations\":{\"k\":\"v\"},\"labels\":{\"l\":\"m\"}}}" },
		{ "{\"metadata\":{\"labels\":{\"l\":\"m\"}}}",
		    "{\"metadata\":{\"labels\":{\"l\":\"m\"}}}" },
		{ "{\"metadata\":null}", "{}" },
		{ "{\"metadata\":\"x\"}", "{\"metadata\":\"x\"}" },
	};
	const struct mark m = { .repository = STR("o/r"), .version = 1 };

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct node *n = read(a, rows[i][0]);

		mark_put(a, n, &m);
		mark_put(a, n, &m);
		mark_drop(n);
		ok(str_is(mark_basis(a, n), rows[i][1]), "row %zu", i);
	}
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_mark_parse__reads_what_was_written(a);
	test_mark_parse__stopped_is_true_or_not_there(a);
	test_mark_parse__what_is_forged_or_broken_is_none_or_less(a);
	test_mark_is_same_owner__however_a_repository_is_named(a);
	test_mark_basis__neither_order_nor_marks_nor_notes(a);
	test_mark_put__and_drop_leave_the_rest(a);
	arena_free(a);
	return done();
}
