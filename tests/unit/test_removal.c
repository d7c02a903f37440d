/* Which pipelines may be removed, and in which order: pipeline/removal.c. */
#include "tap.h"

#include <string.h>

#include "base/arena.h"
#include "pipeline/removal.h"

#define SHA "1234567890123456789012345678901234567890"

static const struct mark owner = { .repository = { "git.example/team/specs", 22 },
	.target = { "prod", 4 },
	.commit = { SHA, 40 } };

/* Marks as they may stand on a pipeline. `good`: it is this owner's own, whole. */
static const struct {
	const char *what, *repository, *target, *commit;
	uint64_t version;
	bool is_ours, good;
} marks[] = {
	{ "our own", "git.example/team/specs", "prod", SHA, 7, true, true },
	{ "our own, by another name", "https://git.example/team/specs.git", "prod", SHA, 7, true,
	    true },
	{ "our own, by CI's name", "team/specs", "prod", SHA, 7, true, true },
	{ "no mark", "", "", "", 0, false, false },
	{ "another repository", "git.example/team/other", "prod", SHA, 7, false, false },
	{ "another owner's repository of that name", "git.example/them/specs", "prod", SHA, 7,
	    false, false },
	{ "a longer name", "git.example/team/specs2", "prod", SHA, 7, false, false },
	{ "a part of the name", "specs2", "prod", SHA, 7, false, false },
	{ "another target", "git.example/team/specs", "dev", SHA, 7, false, false },
	{ "no target", "git.example/team/specs", "", SHA, 7, false, false },
	{ "a target like it", "git.example/team/specs", "prod2", SHA, 7, false, false },
	{ "no commit", "git.example/team/specs", "prod", "", 7, true, false },
	{ "an older version", "git.example/team/specs", "prod", SHA, 6, true, false },
	{ "a newer version", "git.example/team/specs", "prod", SHA, 8, true, false },
};

/* What git says of the name at the mark's commit. */
static const struct {
	const char *what;
	bool was_in_git, is_unchecked_out, good;
} names[] = {
	{ "was in git", true, false, true },
	{ "never was in git", false, false, false },
	{ "is in git and not checked out", true, true, false },
};

/* Who made the live version, and who we are. */
static const struct {
	const char *author, *user;
	bool good; /* for deleting; stopping can be taken back */
} creators[] = {
	{ "robot:ci", "robot:ci", true }, { "user:eve", "robot:ci", false },
	{ "robot:ci2", "robot:ci", false },
	{ "", "robot:ci", true }, /* the server does not say: before 2.11 */
	{ "", "", true },         /* there is no authentication */
};

static struct str
text(const char *s)
{
	return (struct str){ s, strlen(s) };
}

static void
check(struct arena *a, size_t m, size_t n, size_t c, enum removal_kind kind, bool stopped)
{
	const struct mark mark = { .repository = text(marks[m].repository),
		.target = text(marks[m].target),
		.commit = text(marks[m].commit),
		.version = marks[m].version };
	const struct deployed live = { .exists = true, .version = 7, .stopped = stopped };
	const struct removal_facts facts = { .kind = kind,
		.live = &live,
		.mark = &mark,
		.owner = &owner,
		.was_in_git = names[n].was_in_git,
		.is_unchecked_out = names[n].is_unchecked_out,
		.author = text(creators[c].author),
		.user = text(creators[c].user) };
	bool stops = kind == REMOVAL_STOP;
	bool may =
	    marks[m].good && names[n].good && (stops || creators[c].good) && !(stops && stopped);
	enum removal_verdict verdict = removal_decide(a, &facts);

	ok((verdict == REMOVAL_TAKE) == may && (verdict == REMOVAL_NOT_OURS) == !marks[m].is_ours,
	    "%s %s %s: mark of %s, name %s, made by '%s' for '%s': %s", removal_word(kind),
	    kind == REMOVAL_WITH_DATA ? "with data" : "", stopped ? "(stopped)" : "", marks[m].what,
	    names[n].what, creators[c].author, creators[c].user, may ? "taken" : "kept");
}

static void
test_removal_decide__takes_only_what_this_repository_made(struct arena *a)
{
	static const enum removal_kind kinds[] = { REMOVAL_STOP, REMOVAL_DELETE,
		REMOVAL_WITH_DATA };

	for (size_t m = 0; m < COUNT_OF(marks); m++)
		for (size_t n = 0; n < COUNT_OF(names); n++)
			for (size_t c = 0; c < COUNT_OF(creators); c++)
				for (size_t k = 0; k < COUNT_OF(kinds); k++)
					for (int stopped = 0; stopped < 2; stopped++)
						check(a, m, n, c, kinds[k], stopped);
}

static void
test_removal_limit__is_a_tenth_and_at_most_10(void)
{
	static const struct {
		size_t total, limit;
	} rows[] = { { 0, 0 }, { 1, 1 }, { 10, 1 }, { 11, 2 }, { 99, 10 }, { 100, 10 },
		{ 700, 10 } };

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		ok(removal_limit(rows[i].total) == rows[i].limit, "%zu of %zu", rows[i].limit,
		    rows[i].total);
}

/* "a<images b<a c<b": pipelines and what each reads. */
static struct specs
specs_of(struct arena *a, const char *what)
{
	struct specs specs = { 0 };
	struct str rest = text(what), word;

	while (str_split(&rest, ' ', &word)) {
		struct str name = str_head(word, str_find(word, '<')), reads, repo;
		struct spec *one;

		reads = str_tail(word, name.len + (name.len < word.len));
		specs.list = arena_grow(a, specs.list, specs.count, &specs.room, sizeof(*one));
		one = &specs.list[specs.count++];
		*one = (struct spec){ .file = "x",
			.project = STR("default"),
			.name = name,
			.output_branch = STR("master") };
		one->inputs = ARENA_ARRAY(a, 8, struct spec_input);
		while (reads.len > 0 && str_split(&reads, ',', &repo))
			one->inputs[one->input_count++] =
			    (struct spec_input){ .project = STR("default"), .repo = repo };
	}
	return specs;
}

/* The specs that the letters name. */
static bool *
marked(struct arena *a, const struct specs *specs, const char *letters)
{
	bool *out = ARENA_ARRAY(a, specs->count, bool);

	for (size_t i = 0; i < specs->count; i++)
		out[i] = strchr(letters, specs->list[i].name.ptr[0]) != NULL;
	return out;
}

static void
test_removal_order__readers_first_and_none_below_one_that_stays(struct arena *a)
{
	static const struct {
		const char *specs, *gone, *rest, *order, *kept;
	} rows[] = {
		{ "a<i b<a c<b", "abc", "", "cba", "" }, { "a<i b<a c<b", "a", "", "", "a" },
		{ "a<i b<a c<b", "ab", "", "", "ab" }, /* c stays, so b does, so a does */
		{ "a<i b<a c<b", "bc", "", "cb", "" },
		{ "a<i b<a c<b", "ab", "c", "ba", "" }, /* c is stopped already */
		{ "a<i b<i c<a,b", "ab", "", "", "ab" }, { "a<i b<i c<a", "ab", "", "b", "a" },
		{ "a<a", "a", "", "a", "" }, /* its own repo, on another branch */
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct specs specs = specs_of(a, rows[i].specs);
		bool *gone = marked(a, &specs, rows[i].gone);
		size_t order[8], stays_for[8];
		char taken[9] = "", kept[9] = "";
		size_t count = removal_order(
		    a, &specs, gone, marked(a, &specs, rows[i].rest), stays_for, order);

		for (size_t k = 0; k < count; k++)
			taken[k] = specs.list[order[k]].name.ptr[0];
		for (size_t k = 0, n = 0; k < specs.count; k++)
			if (stays_for[k] != SIZE_MAX)
				kept[n++] = specs.list[k].name.ptr[0];
		ok(strcmp(taken, rows[i].order) == 0 && strcmp(kept, rows[i].kept) == 0,
		    "%s without '%s': takes '%s', keeps '%s'", rows[i].specs, rows[i].gone, taken,
		    kept);
	}
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_removal_decide__takes_only_what_this_repository_made(a);
	test_removal_limit__is_a_tenth_and_at_most_10();
	test_removal_order__readers_first_and_none_below_one_that_stays(a);
	arena_free(a);
	return done();
}
