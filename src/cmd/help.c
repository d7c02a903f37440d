/* help: what pachup says about itself, and tables of it for other programs. */
#include "help/help.h"
#include "cmd/command_table.h"

#include <string.h>

#include "base/arena.h"
#include "base/nearest.h"
#include "diag/check.h"
#include "init/init.h"
#include "inputs/exit_code.h"
#include "inputs/habits.h"
#include "session/run.h"

/* "push|plan": the commands that look at an input. */
static struct str
takers_of(struct run *run, const struct input *in)
{
	struct str text = STR("");

	for (size_t i = 0; i < commands.count; i++)
		if (in->used & commands.list[i].use)
			text = arena_fmt(run->arena, "%.*s%s%s", STR_FMT(text), text.len ? "|" : "",
			    commands.list[i].name);
	return text;
}

/* One line for each input, its parts separated by tabs: name, flag, kind, variables, default, scope, help,
 * choices, short flag, group, the name of its value; for forms label and help (empty: none of their own); commands. */
static void
inputs_table(struct run *run)
{
	static const char *const kinds[] = { [INPUT_TEXT] = "text",
		[INPUT_BOOL] = "bool",
		[INPUT_LIST] = "list",
		[INPUT_SECRET] = "secret",
		[INPUT_NUMBER] = "text",
		[INPUT_DURATION] = "text" };

	for (enum input_id id = 0; id < INPUT_COUNT; id++) {
		const struct input *in = &inputs[id];
		const struct input_form *form = &input_forms[id];
		const char *flag = input_flag(in);

		ci_out(&run->ci,
		    "%s\t%s%s\t%s\t%s%s%s\t%s\t%s\t%s\t%s\t%s%.1s\t%s\t%s\t%s\t%s\t%.*s", in->name,
		    *flag ? "--" : "", flag, kinds[in->kind], in->also[0] ? in->also[0] : "",
		    in->also[1] ? " " : "", in->also[1] ? in->also[1] : "",
		    in->fallback ? in->fallback : "", in->cli_only ? "cli" : "all", in->help,
		    in->choices ? in->choices : "", in->letter ? "-" : "", &in->letter,
		    input_groups[in->group], in->value ? in->value : "",
		    form->label ? form->label : "", form->help ? form->help : "",
		    STR_FMT(takers_of(run, in)));
	}
}

/* One line for each check: code, level, whether it can be ignored, title, why, hint. */
static void
checks_table(struct run *run)
{
	for (enum check i = 0; i < CHECK_COUNT; i++)
		ci_out(&run->ci, "%s\t%s\t%s\t%s\t%s\t%s", checks[i].code,
		    checks[i].is_warning ? "warning" : "error", checks[i].is_firm ? "files" : "yes",
		    checks[i].title, checks[i].why, checks[i].hint);
}

/* One line for each command: name, arguments, group, summary, outputs. */
static void
commands_table(struct run *run)
{
	for (size_t i = 0; i < commands.count; i++)
		ci_out(&run->ci, "%s\t%s\t%s\t%s\t%s", commands.list[i].name,
		    commands.list[i].words, command_groups[commands.list[i].group],
		    commands.list[i].summary,
		    commands.list[i].outputs ? commands.list[i].outputs : "");
}

static const struct table {
	const char *name;
	void (*print)(struct run *run);
} tables[] = {
	{ "inputs", inputs_table },
	{ "commands", commands_table },
	{ "checks", checks_table },
};

static bool
print_table(struct run *run, const char *topic)
{
	for (size_t i = 0; i < COUNT_OF(tables); i++)
		if (strcmp(tables[i].name, topic) == 0) {
			tables[i].print(run);
			return true;
		}
	return false;
}

/* Prints the text and frees it. */
static int
print(struct run *run, struct buf *text, struct err *err)
{
	int rc = buf_is_full(text) ? err_set(err, ERR_SYSTEM, "no memory for the help text") : 0;

	if (rc == 0)
		ci_raw(&run->ci, buf_str(text));
	buf_free(text);
	return rc;
}

static int
unknown_topic(const char *topic, struct err *err)
{
	const char *habit = habit_command(str_of(topic));
	struct nearest near = nearest_to(str_of(topic));

	for (size_t i = 0; i < commands.count; i++)
		nearest_offer(&near, commands.list[i].name);
	for (size_t i = 0; i < COUNT_OF(tables); i++)
		nearest_offer(&near, tables[i].name);
	nearest_offer(&near, "environment");
	if (habit)
		near.found = habit;
	(void)err_set(err, ERR_USAGE, "no help for '%.100s'", topic);
	if (near.found)
		return err_hint(
		    err, "did you mean '%s'? run 'pachup help' for all commands", near.found);
	if (str_starts(str_of(topic), "PU"))
		return err_hint(err, "run 'pachup explain %.100s'", topic);
	return err_hint(err, "run 'pachup help' for all commands");
}

static bool
is_family(struct str first)
{
	for (size_t i = 0; i < commands.count; i++)
		if (str_eq(command_first(&commands.list[i]), first)
		    && !str_is(first, commands.list[i].name))
			return true;
	return false;
}

/* A runner takes no escape sequences of ours out of the text. */
static struct layout
layout_for(const struct run *run)
{
	return (struct layout){ ci_width(&run->ci), run->ci.color_out && !ci_is_runner(&run->ci) };
}

/* Adds the help on a topic: the name of a command, or the first word of several. */
static int
add_topic(struct run *run, const char *topic, struct buf *out, struct err *err)
{
	const struct command *command = command_named(&commands, topic);

	if (command)
		help_command(run->arena, command, layout_for(run), out);
	else if (strcmp(topic, "environment") == 0)
		help_environment(layout_for(run), out);
	else if (is_family(str_of(topic)))
		help_family(&commands, run->arena, str_of(topic), out);
	else
		return unknown_topic(topic, err);
	return 0;
}

/* The words from `from` on, joined by blanks. */
static const char *
joined(const struct run *run, size_t from)
{
	struct str text = STR("");

	for (size_t i = from; i < run->opt.specs.count; i++)
		text = arena_fmt(run->arena, "%.*s%s%s", STR_FMT(text), i > from ? " " : "",
		    run->opt.specs.list[i]);
	return text.ptr;
}

static int
help_man(struct run *run, struct err *err)
{
	struct buf out = BUF_INIT(MAX_HELP_BYTES);
	const char *name = joined(run, 1);
	const struct command *command = *name ? command_named(&commands, name) : NULL;

	if (*name && !command)
		return unknown_topic(name, err);
	man_page(&commands, run->arena, command, &out);
	return print(run, &out, err);
}

/* All words name one command of several words, or each of them a topic of its own. */
static int
help_topics(struct run *run, struct err *err)
{
	struct buf out = BUF_INIT(MAX_HELP_BYTES);
	const char *all = joined(run, 0);
	int rc = 0;

	if (command_named(&commands, all))
		rc = add_topic(run, all, &out, err);
	else
		for (size_t i = 0; i < run->opt.specs.count && rc == 0; i++) {
			if (i > 0)
				buf_add(&out, STR("\n\n"));
			rc = add_topic(run, run->opt.specs.list[i], &out, err);
		}
	if (rc == 0)
		return print(run, &out, err);
	buf_free(&out);
	return -1;
}

int
cmd_help(struct run *run, struct err *err)
{
	size_t count = run->opt.specs.count;
	const char *first = count > 0 ? run->opt.specs.list[0] : "";
	struct buf out = BUF_INIT(MAX_HELP_BYTES);

	if (count == 1 && print_table(run, first))
		return EXIT_DONE;
	if (strcmp(first, "man") == 0)
		return help_man(run, err);
	if (count > 0)
		return help_topics(run, err);
	help_overview(&commands, run->arena, layout_for(run), &out);
	if (run->is_alone)
		init_found(run, &out);
	return print(run, &out, err);
}
