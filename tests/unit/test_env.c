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
test_env_input_next__in_any_spelling(struct arena *arena)
{
	static const struct {
		const char *entry, *name, *value, *variable;
	} rows[] = {
		{ "INPUT_DRY-RUN=true", "dry-run", "true", "INPUT_DRY-RUN" },
		{ "INPUT_DRYRUN=true", "dry-run", "true", "INPUT_DRYRUN" },
		{ "INPUT_DRY_RUN=true", "dry-run", "true", "INPUT_DRY_RUN" },
		{ "INPUT_dryRun=true", "dry-run", "true", "INPUT_dryRun" },
		{ "input_tag=x", "tag", "x", "input_tag" },
		{ "INPUT_TOKEN= \n x y\r\n", "token", "x y", "INPUT_TOKEN" },
		{ "INPUT_TAG=\t v1=2", "tag", "v1=2", "INPUT_TAG" },
		{ "INPUT_TAG= \n ", "tag", NULL, NULL },
		{ "INPUT_TAG=", "tag", NULL, NULL },
		{ "INPUT_TAG", "tag", NULL, NULL },
		{ "INPUT_TAGS=x", "tag", NULL, NULL },
		{ "INPUT_TA=x", "tag", NULL, NULL },
		{ "TAG=x", "tag", NULL, NULL },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char *vars[] = { arena_cstr(arena, str_of(rows[i].entry)), NULL };
		const struct env env = { vars };
		const char *variable = NULL;
		struct str value;
		size_t at = 0;
		bool is_there = env_input_next(&env, arena, rows[i].name, &at, &value, &variable);

		ok(is_there == (rows[i].value != NULL)
		        && (!is_there || str_is(value, rows[i].value))
		        && is(variable, rows[i].variable),
		    "input row %zu", i);
	}
}

static void
test_env_input_next__one_after_the_other(struct arena *arena)
{
	char with[] = "INPUT_DRY-RUN=a", without[] = "INPUT_DRYRUN=b", none[] = "INPUT_DRY_RUN=";
	char *vars[] = { without, none, with, NULL };
	const struct env env = { vars };
	const char *variable;
	struct str value;
	size_t at = 0;

	ok(env_input_next(&env, arena, "dry-run", &at, &value, &variable) && str_is(value, "b"),
	    "the first one of the environment");
	ok(env_input_next(&env, arena, "dry-run", &at, &value, &variable) && str_is(value, "a"),
	    "then the next one that has a value");
	ok(!env_input_next(&env, arena, "dry-run", &at, &value, &variable), "then none");
}

static void
test_env_wipe__leaves_no_copy(struct arena *arena)
{
	char token[] = "INPUT_TOKEN=hush", other[] = "INPUT_TOKEN2=stay",
	     twice[] = "INPUT_TOKEN=hush";
	char *vars[] = { token, other, twice, NULL };
	const struct env env = { vars };
	const char *variable;
	struct str value = STR("");
	size_t at = 0;

	ok(env_input_next(&env, arena, "token", &at, &value, &variable)
	        && value.ptr == token + strlen("INPUT_TOKEN="),
	    "an input is not copied");
	env_wipe(&env, "INPUT_TOKEN");
	ok(!memchr(token, 'h', sizeof(token)) && !memchr(twice, 'h', sizeof(twice)),
	    "every entry of that name is wiped");
	ok(is(env_get(&env, "INPUT_TOKEN"), NULL), "and counts as unset from then on");
	ok(is(env_get(&env, "INPUT_TOKEN2"), "stay"), "others stay");
}

static void
test_env_wipe_input__in_every_spelling(void)
{
	char dash[] = "INPUT_TOKEN-KEY=hush", snake[] = "INPUT_token_key=hush\n",
	     azure[] = "INPUT_TOKENKEY= hush", other[] = "INPUT_TOKEN=stay";
	char *vars[] = { dash, snake, azure, other, NULL };
	const struct env env = { vars };

	env_wipe_input(&env, "token-key");
	ok(!strstr(dash, "hush") && !memchr(snake, 'h', sizeof(snake))
	        && !memchr(azure, 'h', sizeof(azure)),
	    "every spelling is wiped");
	ok(is(env_get(&env, "INPUT_TOKEN"), "stay"), "another input stays");
}

static void
test_env_wipe_connections__all_logins(void)
{
	char one[] = "ENDPOINT_AUTH_PARAMETER_7_PASSWORD=hush",
	     two[] = "ENDPOINT_AUTH_8={\"hush\"}", three[] = "endpoint_auth_scheme_7=hush",
	     url[] = "ENDPOINT_URL_7=stay";
	char *vars[] = { one, two, three, url, NULL };
	const struct env env = { vars };

	env_wipe_connections(&env);
	ok(!strstr(one, "hush") && !memchr(two, 'h', sizeof(two)) && !strstr(three, "hush")
	        && strstr(one, "PASSWORD="),
	    "the values are wiped, the names stay");
	ok(is(env_get(&env, "ENDPOINT_URL_7"), "stay"), "an address is not a login");
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_env_get__empty_is_unset();
	test_env_input_next__in_any_spelling(a);
	test_env_input_next__one_after_the_other(a);
	test_env_wipe__leaves_no_copy(a);
	test_env_wipe_input__in_every_spelling();
	test_env_wipe_connections__all_logins();
	arena_free(a);
	return done();
}
