/* The completion for bash: one function, with a case for each flag and each command. */
#include <string.h>

#include "help/help.h"

/* A case of a shell's word: the flags of one command. */
static void
add_flags_of(const struct command *command, struct buf *out)
{
	buf_fmt(out, "\t\"%s\") flags='", command->name);
	for (enum input_id id = 0; id < INPUT_COUNT; id++)
		if (command_takes(command, id) && *input_flag(&inputs[id]))
			buf_fmt(out, "--%s ", input_flag(&inputs[id]));
	buf_add(out, STR("--help'"));
	if (completed_by(command->words) == COMPLETED_FILE)
		buf_add(out, STR(" words=file"));
	else if (strcmp(command->name, "help") == 0)
		buf_add(out, STR(" words=\"$commands\""));
	else if (strcmp(command->name, "completion") == 0)
		buf_add(out, STR(" words='bash zsh fish'"));
	buf_add(out, STR(" ;;\n"));
}

/* A case: what is offered behind one flag. */
static void
add_values_of(const struct input *in, struct buf *out)
{
	const char *flag = input_flag(in);
	enum completed by = completed_by(in->value);

	if (!*flag || in->kind == INPUT_BOOL)
		return;
	buf_fmt(out, "\t--%s", flag);
	if (in->letter)
		buf_fmt(out, " | -%c", in->letter);
	buf_add(out, STR(") values='"));
	if (in->choices)
		completion_add_choices(out, in->choices);
	else
		buf_add(out, by == COMPLETED_FILE  ? STR("file")
		             : by == COMPLETED_DIR ? STR("dir")
		                                   : STR("none"));
	buf_add(out, STR("' ;;\n"));
}

/* The names of all commands, and the cases of the first words of those with two. */
static void
add_commands(const struct commands *t, struct buf *out)
{
	buf_add(out, STR("\tlocal commands='"));
	for (size_t i = 0; i < t->count; i++)
		if (command_begins_family(t, i))
			buf_fmt(out, "%s%.*s", i ? " " : "", STR_FMT(command_first(&t->list[i])));
	buf_add(out, STR("'\n"));
}

static void
add_second_words(const struct commands *t, struct buf *out)
{
	for (size_t i = 0; i < t->count; i++) {
		struct str first = command_first(&t->list[i]);

		if (!command_second(&t->list[i]) || !command_begins_family(t, i))
			continue;
		buf_fmt(out, "\t\"%.*s\") words='", STR_FMT(first));
		for (size_t k = i; k < t->count; k++)
			if (str_eq(command_first(&t->list[k]), first))
				buf_fmt(out, "%s%s", k > i ? " " : "", command_second(&t->list[k]));
		buf_add(out, STR("' ;;\n"));
	}
}

static const char bash_start[] =
    "# bash completion for pachup, made by 'pachup completion bash'\n"
    "_pachup() {\n"
    "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}\n"
    "\tlocal command= flags= words= values= i\n";

/* readline breaks "--wait=jobs" into three words. The first words that are not flags are the command. */
static const char bash_command[] =
    "\tif [[ $cur == = ]]; then\n"
    "\t\tcur=\n"
    "\telif [[ $prev == = ]]; then\n"
    "\t\tprev=${COMP_WORDS[COMP_CWORD - 2]}\n"
    "\tfi\n"
    "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
    "\t\tcase ${COMP_WORDS[i]} in\n"
    "\t\t-* | =) ;;\n"
    "\t\t*)\n"
    "\t\t\tif [[ -z $command ]]; then\n"
    "\t\t\t\t[[ \" $commands \" == *\" ${COMP_WORDS[i]} \"* ]] && command=${COMP_WORDS[i]}\n"
    "\t\t\telif [[ $families == *\"|$command ${COMP_WORDS[i]}|\"* ]]; then\n"
    "\t\t\t\tcommand+=\" ${COMP_WORDS[i]}\"\n"
    "\t\t\tfi\n"
    "\t\t\t;;\n"
    "\t\tesac\n"
    "\tdone\n"
    "\tcase $prev in\n";

static const char bash_end[] = "\tesac\n"
                               "\t[[ -z $command ]] && words=$commands flags='--help --version'\n"
                               "\t[[ -n $values ]] && words=$values\n"
                               "\tif [[ -z $values && $cur == -* ]]; then\n"
                               "\t\twords=$flags\n"
                               "\tfi\n"
                               "\tlocal IFS=$' \\n'\n"
                               "\tcase $words in\n"
                               "\tfile)\n"
                               "\t\tIFS=$'\\n'\n"
                               "\t\tcompopt -o filenames 2>/dev/null\n"
                               "\t\tCOMPREPLY=($(compgen -f -- \"$cur\"))\n"
                               "\t\t;;\n"
                               "\tdir)\n"
                               "\t\tIFS=$'\\n'\n"
                               "\t\tcompopt -o filenames 2>/dev/null\n"
                               "\t\tCOMPREPLY=($(compgen -d -- \"$cur\"))\n"
                               "\t\t;;\n"
                               "\tnone | '') COMPREPLY=() ;;\n"
                               "\t*) COMPREPLY=($(compgen -W \"$words\" -- \"$cur\")) ;;\n"
                               "\tesac\n"
                               "}\n"
                               "complete -F _pachup pachup\n";

void
completion_bash(const struct commands *t, struct arena *a, struct buf *out)
{
	(void)a;
	buf_add(out, str_of(bash_start));
	add_commands(t, out);
	buf_add(out, STR("\tlocal families='|"));
	for (size_t i = 0; i < t->count; i++)
		if (command_second(&t->list[i]))
			buf_fmt(out, "%s|", t->list[i].name);
	buf_add(out, STR("'\n"));
	buf_add(out, str_of(bash_command));
	for (enum input_id id = 0; id < INPUT_COUNT; id++)
		add_values_of(&inputs[id], out);
	buf_add(out, STR("\tesac\n\tcase $command in\n"));
	for (size_t i = 0; i < t->count; i++)
		add_flags_of(&t->list[i], out);
	add_second_words(t, out);
	buf_add(out, str_of(bash_end));
}
