/* The arguments: a command of one or two words, flags, and what is behind them. */
#include <string.h>

#include "base/arena.h"
#include "base/nearest.h"
#include "inputs/habits.h"
#include "inputs/reader.h"

/* Flags that stand for --output with a value: NULL for any other. */
static const char *
form_of(const char *arg)
{
	struct str name = str_of(arg);

	return str_take(&name, "--") && str_is_one_of(name, "json|sarif|mermaid|dot") ? name.ptr
	                                                                              : NULL;
}

static bool
is_behind(const char *command, const char *wanted)
{
	return command && strcmp(command, wanted) == 0;
}

/* The input that "--name" means behind the command (NULL: none yet); INPUT_COUNT when there is none. Where the flag
 * has another name than the input, both are taken. Behind rollback, --version is the one to go back to. */
static enum input_id
find_flag(struct str name, const char *command)
{
	enum input_id found = INPUT_COUNT;

	if (str_is(name, "version") && is_behind(command, "rollback"))
		return IN_TO;
	for (enum input_id id = 0; id < INPUT_COUNT; id++) {
		const struct input *in = &inputs[id];
		const char *flag = input_flag(in);

		if (!*flag || (!str_is(name, flag) && !str_is(name, in->name)))
			continue;
		if (in->command && is_behind(command, in->command))
			return id;
		if (found == INPUT_COUNT && (!in->command || str_is(name, in->name)))
			found = id;
	}
	return found;
}

/* "-f FILE" names a file of specs where users of kubectl and pachctl write it; -f of logs is --follow. */
static bool
takes_files(const char *command)
{
	return command && str_is_one_of(str_of(command), "push|plan|validate|graph|status|put");
}

/* "-C", "-Cdir", "-q": *value is what is behind the letter, or NULL. */
static enum input_id
find_letter(const char *arg, const char *command, const char **value)
{
	*value = arg[2] != '\0' ? arg + 2 : NULL;
	if (arg[1] == 'f' && takes_files(command))
		return IN_SPECS;
	for (enum input_id id = 0; id < INPUT_COUNT; id++) {
		const struct input *in = &inputs[id];

		if (!in->letter || arg[1] != in->letter)
			continue;
		if (in->command && !is_behind(command, in->command))
			continue;
		return arg[2] != '\0' && in->kind == INPUT_BOOL ? INPUT_COUNT : id;
	}
	return INPUT_COUNT;
}

/* The input that a flag means, INPUT_COUNT for none; *value is what is behind its '='. */
static enum input_id
read_flag(const char *arg, const char *command, const char **value)
{
	struct str name = str_tail(str_of(arg), 2);
	size_t equals = str_find(name, '=');

	*value = form_of(arg);
	if (*value)
		return IN_OUTPUT;
	if (!str_starts(str_of(arg), "--"))
		return find_letter(arg, command, value);
	if (equals < name.len)
		*value = name.ptr + equals + 1;
	return find_flag(str_head(name, equals), command);
}

/* A secret has no flag: arguments can be seen by every user of the machine. */
static int
refuse_secret(struct reader *r, const struct input *in)
{
	(void)err_set(
	    r->err, ERR_USAGE, "--%s is not a flag: other users can see arguments", in->name);
	if (in->also[0])
		return err_hint(r->err, "set %s, or use --%s-file", in->also[0], in->name);
	return err_hint(r->err, "use --%s-file", in->name);
}

/* Only the name is shown: a secret may stand behind the '='. */
static int
unknown_flag(struct reader *r, const char *arg)
{
	struct str flag = str_head(str_of(arg), str_find(str_of(arg), '='));
	struct str name = str_tail(flag, str_starts(flag, "--") ? 2 : 1);
	const char *command = r->out->command_in_argv ? r->out->text[IN_COMMAND] : NULL;
	struct nearest near = nearest_to(name);

	for (enum input_id id = 0; id < INPUT_COUNT; id++) {
		if (inputs[id].kind == INPUT_SECRET && str_is(name, inputs[id].name))
			return refuse_secret(r, &inputs[id]);
		nearest_offer(&near, input_flag(&inputs[id]));
	}
	nearest_offer(&near, "help");
	nearest_offer(&near, "version");
	if (command && command_check(r->arena, command, r->err) < 0)
		return -1;
	(void)err_set(r->err, ERR_USAGE, "unknown flag '%.*s'", STR_FMT(flag));
	if (command && str_is(flag, "--version"))
		return err_hint(r->err, "run 'pachup version' for the version of pachup");
	if (near.found)
		return err_hint(r->err, "did you mean '--%s'?", near.found);
	if (command)
		return err_hint(r->err, "run 'pachup help %s' for its flags", command);
	return err_hint(r->err, "run 'pachup help' for all commands");
}

static void
take_word(struct reader *r, const char *word)
{
	enum input_id id = r->out->text[IN_IN] ? IN_IN : IN_SPECS;

	reader_add(r, id, word); /* behind --in as a shell writes a glob out */
	if (id == IN_IN)
		return;
	r->out->text[IN_SPECS] = word;
	r->out->from[IN_SPECS] = "the arguments";
}

static int
take_flag(struct reader *r, int argc, char *const *argv, int *i)
{
	const char *value;
	enum input_id id = read_flag(argv[*i], r->out->text[IN_COMMAND], &value);
	const char *flag, *placeholder;

	if (id == INPUT_COUNT)
		return unknown_flag(r, argv[*i]);
	flag = id == IN_SPECS ? "-f" : arena_fmt(r->arena, "--%s", input_flag(&inputs[id])).ptr;
	placeholder = inputs[id].value ? inputs[id].value : "VALUE";
	if (!value && inputs[id].kind == INPUT_BOOL)
		value = "true";
	if (!value && ++*i >= argc) {
		(void)err_set(r->err, ERR_USAGE, "%s needs a value", flag);
		if (inputs[id].choices)
			return err_hint(r->err, "write %s with one of: %.*s", flag,
			    STR_FMT(choices_text(r->arena, inputs[id].choices)));
		return err_hint(r->err, "write %s %s", flag, placeholder);
	}
	if (!value)
		value = argv[*i];
	if (*value == '\0')
		return 0; /* an empty input counts as not given */
	if (id == IN_SPECS) {
		take_word(r, value);
		return 0;
	}
	if (inputs[id].by_line) {
		reader_add(r, id, value);
	} else if (inputs[id].kind == INPUT_LIST) {
		reader_add_items(r, id, str_of(value));
	} else if (r->out->text[id]) {
		(void)err_set(r->err, ERR_USAGE, "%s is given twice", flag);
		return err_hint(r->err, "write %s once", flag);
	}
	r->out->text[id] = value;
	r->out->from[id] = flag;
	return 0;
}

/* The first word of commands that have two ("token seal"); they are choices of input `command`. */
static bool
is_first_word(const char *word)
{
	struct str choices = str_of(inputs[IN_COMMAND].choices), one;

	while (str_split(&choices, '|', &one))
		if (str_is(str_head(one, str_find(one, ' ')), word) && !str_is(one, word))
			return true;
	return false;
}

/* Whether the word is part of the command's name; then it is taken. */
static bool
take_command(struct reader *r, const char *word)
{
	const char **command = &r->out->text[IN_COMMAND];

	if (!r->out->command_in_argv)
		*command = word;
	else if (r->may_join && is_first_word(*command))
		*command = arena_fmt(r->arena, "%s %s", *command, word).ptr;
	else
		return false;
	r->may_join = !r->out->command_in_argv;
	r->out->command_in_argv = true;
	return true;
}

static bool
is_help(const char *arg)
{
	return strcmp(arg, "--help") == 0 || strcmp(arg, "-h") == 0;
}

/* Before a command, or alone. */
static bool
is_version(const struct reader *r, const char *arg)
{
	return !r->out->command_in_argv && strcmp(arg, "--version") == 0;
}

/* "push --help" is "help push", and so is "--help push". */
static void
ask_for_help(struct reader *r, int argc, char *const *argv)
{
	const char *command = r->out->command_in_argv ? r->out->text[IN_COMMAND] : NULL;

	if (command && strcmp(command, "help") != 0) {
		*r->out = (struct values){ .arena = r->arena };
		r->room[IN_SPECS] = 0;
		take_word(r, command);
		argc = 0;
	}
	for (int i = 0; i < argc; i++)
		if (argv[i][0] != '-' && argv[i][0] != '\0')
			take_word(r, argv[i]);
	r->out->command_in_argv = true;
	r->out->text[IN_COMMAND] = "help";
}

/* One argument, not a flag. */
static int
take_plain(struct reader *r, bool only_words, int argc, char *const *argv)
{
	if (!r->out->command_in_argv && habit_check(r->arena, argc, argv, r->err) < 0)
		return -1;
	if (only_words || !take_command(r, argv[0]))
		take_word(r, argv[0]);
	return 0;
}

static void
ask_for_version(struct reader *r)
{
	*r->out = (struct values){ .arena = r->arena, .command_in_argv = true };
	r->out->text[IN_COMMAND] = "version";
}

int
reader_argv(struct reader *r, int argc, char *const *argv)
{
	bool only_words = false;

	for (int i = 0; i < argc; i++) {
		bool is_flag = !only_words && argv[i][0] == '-' && argv[i][1] != '\0';

		if (argv[i][0] == '\0') {
			continue; /* how a runner passes an input that is not given */
		} else if (is_flag && is_help(argv[i])) {
			ask_for_help(r, argc - i - 1, argv + i + 1);
			return 0;
		} else if (is_flag && is_version(r, argv[i])) {
			ask_for_version(r);
			return 0;
		} else if (is_flag && strcmp(argv[i], "--") == 0) {
			only_words = true;
		} else if ((is_flag ? take_flag(r, argc, argv, &i)
		                    : take_plain(r, only_words, argc - i, argv + i))
		           < 0) {
			return -1;
		}
	}
	return 0;
}

/* The commands that begin with `first`, "token keygen, token seal", in `a`; empty: there are none. */
static struct str
commands_of(struct arena *a, struct str first)
{
	struct str choices = str_of(inputs[IN_COMMAND].choices), one, list = STR("");

	while (str_split(&choices, '|', &one))
		if (str_eq(str_head(one, str_find(one, ' ')), first))
			list = arena_listed(a, list, one);
	return list;
}

static bool
looks_like_path(const char *word)
{
	return strpbrk(word, "/.*") != NULL;
}

int
command_check(struct arena *a, const char *command, struct err *err)
{
	struct str choices = str_of(inputs[IN_COMMAND].choices), one;
	struct str first = str_head(str_of(command), str_find(str_of(command), ' '));
	struct str family = commands_of(a, first);
	struct nearest near = nearest_to(str_of(command));

	while (str_split(&choices, '|', &one)) {
		if (str_is(one, command))
			return 0;
		nearest_offer(&near, arena_cstr(a, one));
	}
	if (family.len > 0 && str_is(first, command)) {
		(void)err_set(err, ERR_USAGE, "command '%s' needs a subcommand", command);
		return err_hint(err, "use one of: %.*s", STR_FMT(family));
	}
	(void)err_set(err, ERR_USAGE, "unknown command '%.100s'", command);
	if (habit_command(str_of(command)))
		return err_hint(err, "did you mean '%s'? run 'pachup help' for all commands",
		    habit_command(str_of(command)));
	if (near.found)
		return err_hint(
		    err, "did you mean '%s'? run 'pachup help' for all commands", near.found);
	if (family.len > 0)
		return err_hint(err, "use one of: %.*s", STR_FMT(family));
	if (looks_like_path(command))
		return err_hint(
		    err, "to push a file or directory, run 'pachup push %.200s'", command);
	return err_hint(err, "run 'pachup help' for all commands");
}
