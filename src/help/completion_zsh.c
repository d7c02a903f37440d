/* The completion for zsh: _arguments per command. */
#include <string.h>

#include "base/arena.h"
#include "help/help.h"

/* Text inside single quotes and inside brackets of _arguments, where ']' ends it and ':' parts it. */
static void
add_quoted(struct buf *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '\'')
			buf_add(out, STR("'\\''"));
		else if (strchr("[]:\\", *text))
			buf_fmt(out, "\\%c", *text);
		else
			buf_add_char(out, *text);
	}
}

/* ":FILE:_files", what _arguments does behind the flag. */
static void
add_action(struct arena *a, const struct command *command, enum input_id id, struct buf *out)
{
	const char *choices = command_choices(a, command, id);
	enum completed by = completed_by(inputs[id].value);

	if (inputs[id].kind == INPUT_BOOL)
		return;
	buf_fmt(out, ":%s:", inputs[id].value ? inputs[id].value : "VALUE");
	if (by == COMPLETED_FILE)
		buf_add(out, STR("_files"));
	else if (by == COMPLETED_DIR)
		buf_add(out, STR("_files -/"));
	if (!choices)
		return;
	buf_add_char(out, '(');
	completion_add_choices(out, choices);
	buf_add_char(out, ')');
}

static void
add_flag(struct arena *a, const struct command *command, enum input_id id, struct buf *out)
{
	const struct input *in = &inputs[id];
	const char *flag = input_flag(in);

	if (!*flag)
		return;
	buf_add(out, STR(" \\\n\t\t\t'"));
	if (in->kind == INPUT_LIST && !command_takes_one(command, id))
		buf_add_char(out, '*');
	if (in->letter)
		buf_fmt(out, "(-%c --%s)'{-%c,--%s}'", in->letter, flag, in->letter, flag);
	else
		buf_fmt(out, "--%s", flag);
	buf_add_char(out, '[');
	add_quoted(out, in->help);
	buf_add_char(out, ']');
	add_action(a, command, id, out);
	buf_add_char(out, '\'');
}

static void
add_case(struct arena *a, const struct command *command, struct buf *out)
{
	buf_fmt(out, "\t('%s')\n\t\t_arguments", command->name);
	for (enum input_id id = 0; id < INPUT_COUNT; id++)
		if (command_takes(command, id))
			add_flag(a, command, id, out);
	buf_add(out, STR(" \\\n\t\t\t'--help[show help for the command]'"));
	if (completed_by(command->words) == COMPLETED_FILE)
		buf_add(out, STR(" \\\n\t\t\t'*:PATH:_files'"));
	else if (strcmp(command->name, "help") == 0)
		buf_add(out, STR(" \\\n\t\t\t'*:COMMAND:_pachup_commands'"));
	else if (strcmp(command->name, "completion") == 0)
		buf_add(out, STR(" \\\n\t\t\t':SHELL:(bash zsh fish)'"));
	buf_add(out, STR("\n\t\t;;\n"));
}

/* Lines for _describe, "'push:retag, check …'": the first words of the commands, or the second words behind
 * `first`. */
static void
add_described(const struct commands *t, struct buf *out, struct str first)
{
	for (size_t i = 0; i < t->count; i++) {
		const struct command *one = &t->list[i];
		const char *second = command_second(one);
		struct str own = command_first(one);

		if (first.len > 0 ? !str_eq(own, first) : !command_begins_family(t, i))
			continue;
		if (first.len > 0)
			buf_fmt(out, "\t\t'%s:", second);
		else
			buf_fmt(out, "\t\t'%.*s:", STR_FMT(own));
		add_quoted(out, first.len == 0 && second ? "several commands" : one->summary);
		buf_add(out, STR("'\n"));
	}
}

/* The cases of the first words of commands with two. */
static void
add_families(const struct commands *t, struct buf *out)
{
	for (size_t i = 0; i < t->count; i++) {
		struct str first = command_first(&t->list[i]);

		if (!command_second(&t->list[i]) || !command_begins_family(t, i))
			continue;
		buf_fmt(out, "\t('%.*s')\n\t\tseconds=(\n", STR_FMT(first));
		add_described(t, out, first);
		buf_add(out, STR("\t\t)\n\t\t;;\n"));
	}
}

void
completion_zsh(const struct commands *t, struct arena *a, struct buf *out)
{
	buf_add(out,
	    STR("#compdef pachup\n# zsh completion for pachup, made by 'pachup completion zsh'\n"
	        "_pachup_commands() {\n\tlocal -a commands\n\tcommands=(\n"));
	add_described(t, out, STR(""));
	buf_add(out, STR("\t)\n\t_describe -t commands command commands\n}\n\n"
	                 "_pachup() {\n"
	                 "\tlocal curcontext=$curcontext state line command\n"
	                 "\tlocal -a seconds\n"
	                 "\t_arguments -C '--help[show help]' '--version[show the version]' \\\n"
	                 "\t\t'1:COMMAND:_pachup_commands' '*::ARGUMENT:->arguments'\n"
	                 "\t[[ $state == arguments ]] || return\n"
	                 "\tcommand=$words[1]\n"
	                 "\tcase $command in\n"));
	add_families(t, out);
	buf_add(out, STR("\tesac\n"
	                 "\tif (( $#seconds && CURRENT == 2 )); then\n"
	                 "\t\t_describe -t commands command seconds\n"
	                 "\t\treturn\n"
	                 "\telif (( $#seconds )); then\n"
	                 "\t\tshift words\n"
	                 "\t\t(( CURRENT-- ))\n"
	                 "\t\tcommand=\"$command $words[1]\"\n"
	                 "\tfi\n"
	                 "\tcase $command in\n"));
	for (size_t i = 0; i < t->count; i++)
		add_case(a, &t->list[i], out);
	buf_add(out, STR("\tesac\n}\n\n"
	                 "# autoloaded from $fpath, or read by 'source'\n"
	                 "if [[ $funcstack[1] == _pachup ]]; then\n"
	                 "\t_pachup \"$@\"\nelse\n\tcompdef _pachup pachup\nfi\n"));
}
