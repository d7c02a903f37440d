#include "inputs/values.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "ci/env.h"

/* Growing lists of one input while argv is read. */
struct reader {
	struct values *out;
	struct arena *arena;
	struct err *err;
	size_t room[INPUT_COUNT];
	bool may_join; /* only the command's first word was read */
};

static int
usage(struct reader *r, const char *what, const char *flag)
{
	(void)err_set(r->err, ERR_USAGE, "%s '%s'", what, flag);
	return err_hint(r->err, "run 'pachup help' for all flags");
}

static void
add_item(struct reader *r, enum input_id id, const char *item)
{
	struct values *v = r->out;

	v->list[id] = arena_grow(r->arena, v->list[id], v->count[id], &r->room[id], sizeof(char *));
	v->list[id][v->count[id]++] = item;
}

/* Items are separated by newlines, commas or blanks; by newlines only where the value holds one. */
static void
add_items(struct reader *r, enum input_id id, struct str text)
{
	const char *separators = str_find(text, '\n') < text.len ? "\r\n" : ", \t\r\n";
	size_t start = 0;

	for (size_t i = 0; i <= text.len; i++) {
		struct str item;

		if (i < text.len && !strchr(separators, text.ptr[i]))
			continue;
		item = str_trim((struct str){ text.ptr + start, i - start });
		if (item.len > 0)
			add_item(r, id, arena_cstr(r->arena, item));
		start = i + 1;
	}
}

static const char *
flag_of(const struct input *input)
{
	return input->flag ? input->flag : input->name;
}

/* The input that "--name" or "--name=value" means; INPUT_COUNT when there is none. */
static enum input_id
find_flag(struct str name)
{
	for (enum input_id id = 0; id < INPUT_COUNT; id++)
		if (name.len > 0 && str_is(name, flag_of(&inputs[id])))
			return id;
	return INPUT_COUNT;
}

/* Flags that stand for an input with a value: NULL for any other. */
static const char *
short_for(const char *arg)
{
	static const char *const forms[] = { "json", "sarif", "mermaid", "dot" };

	for (size_t i = 0; i < COUNT_OF(forms); i++)
		if (strncmp(arg, "--", 2) == 0 && strcmp(arg + 2, forms[i]) == 0)
			return forms[i];
	return NULL;
}

/* The input that a flag means, INPUT_COUNT for none; *value is what is behind its '='. */
static enum input_id
read_flag(const char *arg, const char **value)
{
	struct str name = str_tail(str_of(arg), 2);
	size_t equals = str_find(name, '=');

	*value = short_for(arg);
	if (*value)
		return IN_OUTPUT;
	if (strcmp(arg, "-C") == 0)
		return IN_WORKING_DIRECTORY;
	if (!str_starts(str_of(arg), "--"))
		return INPUT_COUNT;
	if (equals < name.len)
		*value = name.ptr + equals + 1;
	return find_flag(str_head(name, equals));
}

static int
unknown_flag(struct reader *r, const char *arg)
{
	if (str_starts(str_of(arg), "--token"))
		return usage(r,
		    "other users can see a token on the command line; use PACHYDERM_TOKEN or",
		    "--token-file");
	return usage(r, "unknown flag", arg);
}

static int
take_flag(struct reader *r, int argc, char *const *argv, int *i)
{
	const char *arg = argv[*i], *value;
	enum input_id id = read_flag(arg, &value);

	if (id == INPUT_COUNT)
		return unknown_flag(r, arg);
	if (!value && inputs[id].kind == INPUT_BOOL)
		value = "true";
	if (!value && ++*i >= argc)
		return usage(r, "missing value after flag", arg);
	if (!value)
		value = argv[*i];
	if (*value == '\0')
		return 0; /* an empty input counts as not given */
	if (inputs[id].kind == INPUT_LIST)
		add_items(r, id, str_of(value));
	else if (r->out->text[id])
		return usage(r, "flag given twice:", arg);
	r->out->text[id] = value;
	r->out->from[id] = arena_fmt(r->arena, "--%s", flag_of(&inputs[id])).ptr;
	return 0;
}

/* "push --help" is "help push". */
static void
ask_for_help(struct reader *r)
{
	const char *command = r->out->command_in_argv ? r->out->text[IN_COMMAND] : NULL;

	*r->out = (struct values){ .command_in_argv = true };
	r->out->text[IN_COMMAND] = "help";
	r->room[IN_SPECS] = 0;
	if (command)
		add_item(r, IN_SPECS, command);
}

static bool
is_help(const char *arg)
{
	return strcmp(arg, "--help") == 0 || strcmp(arg, "-h") == 0;
}

/* The first word of commands with two ("token seal"), which are choices of input `command`. */
static bool
is_group(const char *word)
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
	else if (r->may_join && is_group(*command))
		*command = arena_fmt(r->arena, "%s %s", *command, word).ptr;
	else
		return false;
	r->may_join = !r->out->command_in_argv;
	r->out->command_in_argv = true;
	return true;
}

static int
read_argv(struct reader *r, int argc, char *const *argv)
{
	bool only_paths = false;

	for (int i = 0; i < argc; i++) {
		if (argv[i][0] == '\0') {
			continue; /* how a runner passes an input that is not given */
		} else if (!only_paths && is_help(argv[i])) {
			ask_for_help(r);
			return 0;
		} else if (!only_paths && strcmp(argv[i], "--") == 0) {
			only_paths = true;
		} else if (!only_paths && argv[i][0] == '-' && argv[i][1] != '\0') {
			if (take_flag(r, argc, argv, &i) < 0)
				return -1;
		} else if (!only_paths && take_command(r, argv[i])) {
			continue;
		} else if (r->out->text[IN_IN]) {
			add_item(r, IN_IN, argv[i]); /* as a shell writes a glob out */
		} else {
			add_item(r, IN_SPECS, argv[i]);
			r->out->text[IN_SPECS] = argv[i];
			r->out->from[IN_SPECS] = "the arguments";
		}
	}
	return 0;
}

static void
read_env(struct reader *r, const struct env *env, enum input_id id)
{
	const struct input *input = &inputs[id];
	const char *variable = NULL;
	const char *value =
	    input->cli_only ? NULL : env_input(env, r->arena, input->name, &variable);

	for (size_t i = 0; !value && i < COUNT_OF(input->also) && input->also[i]; i++) {
		variable = input->also[i];
		value = env_get(env, variable);
	}
	if (!value)
		return;
	r->out->text[id] = value;
	r->out->from[id] = variable;
	if (input->kind == INPUT_LIST)
		add_items(r, id, str_of(value));
}

static bool
is_true(const char *text)
{
	return strcmp(text, "true") == 0 || strcmp(text, "True") == 0 || strcmp(text, "TRUE") == 0;
}

static bool
is_false(const char *text)
{
	return strcmp(text, "false") == 0 || strcmp(text, "False") == 0
	       || strcmp(text, "FALSE") == 0;
}

static bool
is_choice(struct str choices, const char *text)
{
	struct str one;

	while (str_split(&choices, '|', &one))
		if (str_is(one, text))
			return true;
	return false;
}

/* The commands that begin with the group's word, "a|b". */
static void
list_group(struct str group, char *out, size_t room)
{
	struct str choices = str_of(inputs[IN_COMMAND].choices), one;
	size_t len = 0;

	out[0] = '\0';
	while (str_split(&choices, '|', &one))
		if (str_eq(str_head(one, str_find(one, ' ')), group) && len < room)
			len += (size_t)snprintf(
			    out + len, room - len, "%s%.*s", len ? "|" : "", STR_FMT(one));
}

static int
check_command(const char *text, struct err *err)
{
	char group[200];
	struct str first = str_head(str_of(text), str_find(str_of(text), ' '));

	if (is_choice(str_of(inputs[IN_COMMAND].choices), text))
		return 0;
	list_group(first, group, sizeof(group));
	(void)err_set(err, ERR_USAGE,
	    *group && str_is(first, text) ? "command '%.100s' needs a subcommand"
	                                  : "unknown command '%.100s'",
	    text);
	return err_hint(err, "use one of: %s", *group ? group : inputs[IN_COMMAND].choices);
}

static int
check(const struct values *v, enum input_id id, struct err *err)
{
	const struct input *input = &inputs[id];
	const char *text = v->text[id];

	if (!text)
		return 0;
	if (input->kind == INPUT_BOOL && !is_true(text) && !is_false(text)) {
		(void)err_set(
		    err, ERR_USAGE, "invalid boolean '%.100s' in input '%s'", text, input->name);
		return err_hint(err, "use true or false");
	}
	if (id == IN_COMMAND)
		return check_command(text, err);
	if (input->choices && !is_choice(str_of(input->choices), text)) {
		(void)err_set(
		    err, ERR_USAGE, "invalid value '%.100s' in input '%s'", text, input->name);
		return err_hint(err, "use one of: %s", input->choices);
	}
	return 0;
}

int
values_check(const struct values *v, struct err *err)
{
	for (enum input_id id = 0; id < INPUT_COUNT; id++)
		if (check(v, id, err) < 0)
			return -1;
	return 0;
}

int
values_read(struct values *out, struct arena *a, int argc, char *const *argv, const struct env *env,
    struct err *err)
{
	struct reader r = { .out = out, .arena = a, .err = err };

	*out = (struct values){ 0 };
	if (read_argv(&r, argc, argv) < 0)
		return -1;
	for (enum input_id id = 0; id < INPUT_COUNT; id++) {
		if (!out->text[id])
			read_env(&r, env, id);
		if (!out->text[id] && inputs[id].fallback) {
			out->text[id] = inputs[id].fallback;
			if (inputs[id].kind == INPUT_LIST)
				add_items(&r, id, str_of(out->text[id]));
		}
	}
	return values_check(out, err);
}

bool
value_is_true(const struct values *v, enum input_id id)
{
	return v->text[id] && is_true(v->text[id]);
}
