#include "inputs/habits.h"

#include <stdbool.h>
#include <string.h>

#include "base/arena.h"

enum { MAX_LINE = 300 };

struct habit {
	const char *words;    /* one or two; the second may have an 's' at its end */
	const char *command;  /* of pachup; NULL: it has none */
	const char *operands; /* shown where the user wrote none; "": the command takes none */
	const char *more;     /* behind them, or NULL */
	const char *hint;     /* instead of a command line */
};

#define NO_DELETE "pachup deletes nothing in a cluster: use pachctl delete"
#define NO_LOGIN  "pachup needs no login: set PACHYDERM_TOKEN, then run 'pachup doctor'"

/* Two words first: "list repo" is not "list". pachup has put and get itself: a place has an '@', so "file" is
 * none. */
static const struct habit habits[] = {
	{ "update pipeline", "push", "FILE", NULL, NULL },
	{ "create pipeline", "push", "FILE", NULL, NULL },
	{ "edit pipeline", "push", "FILE", NULL, NULL },
	{ "list pipeline", "status", "", NULL, NULL },
	{ "inspect pipeline", "status", "PIPELINE", NULL, NULL },
	{ "describe pipeline", "status", "PIPELINE", NULL, NULL },
	{ "get pipeline", "status", "", NULL, NULL },
	{ "list job", "status", "", NULL, NULL },
	{ "list repo", "ls", "", NULL, NULL },
	{ "inspect repo", "ls", "REPO", NULL, NULL },
	{ "create repo", "repo ensure", "REPO", NULL, NULL },
	{ "list branch", "ls", "REPO", NULL, NULL },
	{ "create branch", "repo ensure", "REPO@BRANCH", NULL, NULL },
	{ "list file", "ls", "REPO@BRANCH:/PATH", NULL, NULL },
	{ "put file", "put", "REPO@BRANCH:/PATH FILE", NULL, NULL },
	{ "get file", "get", "REPO@BRANCH:/PATH", NULL, NULL },
	{ "list commit", "ls", "REPO@BRANCH", " --history 10", NULL },
	{ "inspect commit", "provenance", "REPO@COMMIT", NULL, NULL },
	{ "list secret", "secret ls", "", NULL, NULL },
	{ "create secret", "secret set", "NAME KEY=file:PATH", NULL, NULL },
	{ "auth whoami", "token status", "", NULL, NULL },
	{ "auth login", NULL, "", NULL, NO_LOGIN },
	{ "apply", "push", "FILE", NULL, NULL },
	{ "deploy", "push", "FILE", NULL, NULL },
	{ "update", "push", "FILE", NULL, NULL },
	{ "create", "push", "FILE", NULL, NULL },
	{ "diff", "plan", "FILE", NULL, NULL },
	{ "preview", "plan", "FILE", NULL, NULL },
	{ "lint", "validate", "FILE", NULL, NULL },
	{ "check", "validate", "FILE", NULL, NULL },
	{ "list", NULL, "", NULL, "run 'pachup status' for pipelines, 'pachup ls' for repos" },
	{ "inspect", "status", "PIPELINE", NULL, NULL },
	{ "describe", "status", "PIPELINE", NULL, NULL },
	{ "show", "status", "PIPELINE", NULL, NULL },
	{ "delete", NULL, "", NULL, NO_DELETE },
	{ "undo", "rollback", "PIPELINE", NULL, NULL },
	{ "revert", "rollback", "PIPELINE", NULL, NULL },
	{ "login", NULL, "", NULL, NO_LOGIN },
	{ "whoami", "token status", "", NULL, NULL },
};

/* The command line of pachup in place of the user's own. */
struct line {
	struct arena *arena;
	struct str text;
	bool is_plain; /* every word is known, and a shell takes it as it is */
};

static void
add_word(struct line *line, const char *before, const char *word)
{
	line->is_plain = line->is_plain && str_is_of(str_of(word), CHARS_ALNUM "_./@:=,+%^-")
	                 && line->text.len + strlen(before) + strlen(word) < MAX_LINE;
	if (line->is_plain)
		line->text = arena_fmt(line->arena, "%.*s%s%s", STR_FMT(line->text), before, word);
}

/* "pipelines" for "pipeline", too. */
static bool
is_word(const char *given, struct str word)
{
	struct str text = str_of(given);

	if (str_ends(text, "s") && text.len == word.len + 1)
		text = str_head(text, word.len);
	return str_eq(text, word);
}

static const struct habit *
find_habit(int argc, char *const *argv)
{
	for (size_t i = 0; i < COUNT_OF(habits); i++) {
		struct str words = str_of(habits[i].words);
		size_t blank = str_find(words, ' ');
		struct str second = str_tail(words, blank + 1);

		if (argc < 1 || !str_eq(str_of(argv[0]), str_head(words, blank)))
			continue;
		if (second.len == 0 || (argc > 1 && is_word(argv[1], second)))
			return &habits[i];
	}
	return NULL;
}

/* Adds what follows the command: names and files, and the few flags that both tools have. */
static void
add_operands(struct line *line, int argc, char *const *argv)
{
	for (int i = 0; i < argc; i++) {
		bool has_next = i + 1 < argc;

		if (str_is_one_of(str_of(argv[i]), "-f|--file|--filename") && has_next)
			add_word(line, " ", argv[++i]);
		else if (strcmp(argv[i], "--project") == 0 && has_next)
			add_word(line, " --project ", argv[++i]);
		else if (strcmp(argv[i], "--reprocess") == 0)
			add_word(line, " --reprocess ", "always");
		else if (argv[i][0] == '-' && argv[i][1] != '\0')
			line->is_plain = false; /* the next word may be its value */
		else
			add_word(line, " ", argv[i]);
	}
}

static int
habit_hint(struct arena *a, const struct habit *habit, int argc, char *const *argv, struct err *err)
{
	struct line line = { a, STR(""), true };
	const char *more = habit->more ? habit->more : "";

	if (habit->hint)
		return err_hint_text(err, habit->hint);
	add_operands(&line, argc, argv);
	if (line.is_plain && line.text.len > 0)
		return err_hint(
		    err, "run 'pachup %s%.*s%s'", habit->command, STR_FMT(line.text), more);
	return err_hint(err, "run 'pachup %s%s%s%s'", habit->command, *habit->operands ? " " : "",
	    habit->operands, more);
}

int
habit_check(struct arena *a, int argc, char *const *argv, struct err *err)
{
	const struct habit *habit = find_habit(argc, argv);
	int used;

	if (!habit)
		return 0;
	used = strchr(habit->words, ' ') ? 2 : 1;
	(void)err_set(err, ERR_USAGE, "unknown command '%s'", habit->words);
	return habit_hint(a, habit, argc - used, argv + used, err);
}

const char *
habit_command(struct str words)
{
	for (size_t i = 0; i < COUNT_OF(habits); i++)
		if (str_is(words, habits[i].words))
			return habits[i].command;
	return NULL;
}
