#include "tap.h"

#include <string.h>

#include "base/arena.h"
#include "ci/env.h"

static bool
is(const char *value, const char *wanted)
{
	return value && wanted ? strcmp(value, wanted) == 0 : value == wanted;
}

static void
test_env_get__empty_is_unset(void)
{
	char a[] = "A=1", b[] = "B=", ab[] = "AB=2", again[] = "A=3", eq[] = "E=x=y", no[] = "F";
	char *vars[] = { ab, a, b, again, eq, no, NULL };
	const struct env env = { vars };
	static const struct {
		const char *name, *value;
	} rows[] = {
		{ "A", "1" },
		{ "B", NULL },
		{ "AB", "2" },
		{ "E", "x=y" },
		{ "F", NULL },
		{ "Z", NULL },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		ok(is(env_get(&env, rows[i].name), rows[i].value), "env_get %s", rows[i].name);
	ok(env_get(&(struct env){ NULL }, "A") == NULL, "no environment at all");
}

static void
test_env_input__as_the_runners_name_them(struct arena *arena)
{
	static const struct {
		const char *entry, *name, *value, *variable;
	} rows[] = {
		{ "INPUT_DRY-RUN=true", "dry-run", "true", "INPUT_DRY-RUN" },
		{ "INPUT_DRYRUN=true", "dry-run", "true", "INPUT_DRYRUN" },
		{ "INPUT_TOKEN= \n x y\r\n", "token", "x y", "INPUT_TOKEN" },
		{ "INPUT_TAG=\t v1", "tag", "v1", "INPUT_TAG" },
		{ "INPUT_TAG= \n ", "tag", NULL, NULL },
		{ "INPUT_TAG=", "tag", NULL, NULL },
		{ "INPUT_DRY_RUN=true", "dry-run", NULL, NULL },
		{ "input_tag=x", "tag", NULL, NULL },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char *vars[] = { arena_cstr(arena, str_of(rows[i].entry)), NULL };
		const struct env env = { vars };
		const char *variable = NULL;
		const char *value = env_input(&env, arena, rows[i].name, &variable);

		ok(is(value, rows[i].value) && is(variable, rows[i].variable), "input row %zu", i);
	}
}

static void
test_env_input__dash_wins_unless_empty(struct arena *arena)
{
	char with[] = "INPUT_DRY-RUN=a", without[] = "INPUT_DRYRUN=b", none[] = "INPUT_DRY-RUN=";
	char *both[] = { without, with, NULL }, *half[] = { none, without, NULL };

	ok(is(env_input(&(struct env){ both }, arena, "dry-run", NULL), "a"),
	    "the exact name wins");
	ok(is(env_input(&(struct env){ half }, arena, "dry-run", NULL), "b"),
	    "an empty one does not");
}

static void
test_env_wipe__leaves_no_copy(struct arena *arena)
{
	char token[] = "INPUT_TOKEN=hush", other[] = "INPUT_TOKEN2=stay",
	     twice[] = "INPUT_TOKEN=hush";
	char *vars[] = { token, other, twice, NULL };
	const struct env env = { vars };
	const char *value = env_input(&env, arena, "token", NULL);

	ok(value == token + strlen("INPUT_TOKEN="),
	    "an input that needs no trimming is not copied");
	env_wipe(&env, "INPUT_TOKEN");
	ok(!memchr(token, 'h', sizeof(token)) && !memchr(twice, 'h', sizeof(twice)),
	    "every entry of that name is wiped");
	ok(is(env_get(&env, "INPUT_TOKEN"), NULL), "and counts as unset from then on");
	ok(is(env_get(&env, "INPUT_TOKEN2"), "stay"), "others stay");
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_env_get__empty_is_unset();
	test_env_input__as_the_runners_name_them(a);
	test_env_input__dash_wins_unless_empty(a);
	test_env_wipe__leaves_no_copy(a);
	arena_free(a);
	return done();
}
