#include "tap.h"

#include <string.h>

#include "base/arena.h"
#include "inputs/habits.h"
#include "inputs/inputs.h"

enum { MOST = 6 };

static void
test_habit_check__the_line_of_pachup(struct arena *a)
{
	static const struct {
		const char *args[MOST];
		const char *hint; /* NULL: no habit */
	} rows[] = {
		{ { "push", "apply" }, NULL },
		{ { "pipeline" }, NULL },
		{ { "get", "images@master:/" }, NULL },
		{ { "put", "images@master:/", "file" }, NULL },
		{ { "get", "file", "images@master:/a" }, "run 'pachup get images@master:/a'" },
		{ { "list", "pipelines" }, "run 'pachup status'" },
		{ { "apply", "-f", "a.json", "b.json" }, "run 'pachup push a.json b.json'" },
		{ { "apply", "-f" }, "run 'pachup push FILE'" },
		{ { "apply", "a b" }, "run 'pachup push FILE'" },
		{ { "apply", "$(x)" }, "run 'pachup push FILE'" },
		{ { "apply", "\033[1m" }, "run 'pachup push FILE'" },
		{ { "apply", "--token", "secret" }, "run 'pachup push FILE'" },
		{ { "list", "commit", "a@b" }, "run 'pachup ls a@b --history 10'" },
		{ { NULL }, NULL },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char *argv[MOST + 1] = { NULL };
		struct err err = { .kind = ERR_NONE };
		int argc = 0, rc;

		for (; argc < MOST && rows[i].args[argc]; argc++)
			argv[argc] = arena_cstr(a, str_of(rows[i].args[argc]));
		rc = habit_check(a, argc, argv, &err);
		ok(rows[i].hint ? rc < 0 && strcmp(err.hint, rows[i].hint) == 0 : rc == 0, "%s: %s",
		    argc ? argv[0] : "(nothing)", err.hint);
	}
}

static void
test_habit_check__a_line_that_is_too_long(struct arena *a)
{
	char word[400], *argv[] = { arena_cstr(a, STR("apply")), word };
	struct err err;

	memset(word, 'a', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	ok(habit_check(a, 2, argv, &err) < 0 && strcmp(err.hint, "run 'pachup push FILE'") == 0,
	    "%s", err.hint);
}

static void
test_habit_command__names_commands_that_are_there(struct arena *a)
{
	static const char *const words[] = { "apply", "deploy", "diff", "lint", "check", "inspect",
		"undo", "describe", "update pipeline", "list repo", "whoami" };
	struct str all = arena_fmt(a, "|%s|", inputs[IN_COMMAND].choices);

	for (size_t i = 0; i < COUNT_OF(words); i++) {
		const char *command = habit_command(str_of(words[i]));

		ok(command && str_holds(all, arena_fmt(a, "|%s|", command)), "%s: %s", words[i],
		    command ? command : "(none)");
	}
	ok(!habit_command(STR("push")) && !habit_command(STR("login")), "no habits");
}

int
main(void)
{
	struct arena *a = arena_new(NULL);

	test_habit_check__the_line_of_pachup(a);
	test_habit_check__a_line_that_is_too_long(a);
	test_habit_command__names_commands_that_are_there(a);
	arena_free(a);
	return done();
}
