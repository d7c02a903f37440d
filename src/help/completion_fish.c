/* The completion for fish: one `complete` per command and flag. */
#include <string.h>

#include "base/arena.h"
#include "help/help.h"

/* Text in single quotes. */
static void
add_quoted(struct buf *out, const char *text)
{
	buf_add_char(out, '\'');
	for (; *text; text++) {
		if (*text == '\'' || *text == '\\')
			buf_add_char(out, '\\');
		buf_add_char(out, *text);
	}
	buf_add_char(out, '\'');
}

/* "complete -c pachup -n '__pachup_at push'" */
static void
add_start(struct buf *out, const char *command)
{
	buf_fmt(out, "complete -c pachup -n '__pachup_at %s'", command);
}

/* What is offered behind the flag, and whether files are. */
static void
add_value(struct arena *a, const struct command *command, enum input_id id, struct buf *out)
{
	const char *choices = command_choices(a, command, id);
	enum completed by = completed_by(inputs[id].value);

	if (inputs[id].kind == INPUT_BOOL)
		return;
	if (by == COMPLETED_FILE) {
		buf_add(out, STR(" -r -F"));
		return;
	}
	buf_add(out, STR(" -x"));
	if (by == COMPLETED_DIR)
		buf_add(out, STR(" -a '(__fish_complete_directories)'"));
	if (!choices)
		return;
	buf_add(out, STR(" -a '"));
	completion_add_choices(out, choices);
	buf_add_char(out, '\'');
}

static void
add_flag(struct arena *a, const struct command *command, enum input_id id, struct buf *out)
{
	const struct input *in = &inputs[id];

	if (!*input_flag(in))
		return;
	add_start(out, command->name);
	if (in->letter)
		buf_fmt(out, " -s %c", in->letter);
	buf_fmt(out, " -l %s", input_flag(in));
	add_value(a, command, id, out);
	buf_add(out, STR(" -d "));
	add_quoted(out, in->help);
	buf_add_char(out, '\n');
}

static void
add_words(const struct command *command, struct buf *out)
{
	const char *words = NULL;

	if (strcmp(command->name, "help") == 0)
		words = "(__pachup_commands)";
	else if (strcmp(command->name, "completion") == 0)
		words = "bash zsh fish";
	if (words) {
		add_start(out, command->name);
		buf_fmt(out, " -a '%s'\n", words);
	} else if (completed_by(command->words) == COMPLETED_FILE) {
		add_start(out, command->name);
		buf_add(out, STR(" -F\n"));
	}
}

static const char fish_start[] =
    "# fish completion for pachup, made by 'pachup completion fish'\n"
    "function __pachup_words\n"
    "    for word in (commandline -opc)[2..-1]\n"
    "        string match -q -- '-*' $word; or echo $word\n"
    "    end\n"
    "end\n"
    "# whether the words of the line that are not flags begin with these\n"
    "function __pachup_at\n"
    "    set -l found (__pachup_words)\n"
    "    set -l n (count $argv)\n"
    "    test (count $found) -ge $n; and test \"$argv\" = \"$found[1..$n]\"\n"
    "end\n"
    "# whether they are these\n"
    "function __pachup_is\n"
    "    set -l found (__pachup_words)\n"
    "    test \"$argv\" = \"$found\"\n"
    "end\n"
    "complete -c pachup -f\n"
    "complete -c pachup -l help -s h -d 'show help'\n"
    "complete -c pachup -n __pachup_is -l version -d 'show the version'\n"
    "complete -c pachup -n __pachup_is -a '(__pachup_commands)'\n";

/* The first words of all commands with their summaries, as fish reads them from a function. */
static void
add_commands(const struct commands *t, struct buf *out)
{
	buf_add(out, STR("function __pachup_commands\n"));
	for (size_t i = 0; i < t->count; i++) {
		const struct command *one = &t->list[i];

		if (!command_begins_family(t, i))
			continue;
		buf_fmt(out, "    printf '%%s\\t%%s\\n' %.*s ", STR_FMT(command_first(one)));
		add_quoted(out, command_second(one) ? "several commands" : one->summary);
		buf_add_char(out, '\n');
	}
	buf_add(out, STR("end\n"));
}

static void
add_second_word(const struct command *command, struct buf *out)
{
	if (!command_second(command))
		return;
	buf_fmt(out, "complete -c pachup -n '__pachup_is %.*s' -a %s -d ",
	    STR_FMT(command_first(command)), command_second(command));
	add_quoted(out, command->summary);
	buf_add_char(out, '\n');
}

void
completion_fish(const struct commands *t, struct arena *a, struct buf *out)
{
	buf_add(out, str_of(fish_start));
	add_commands(t, out);
	for (size_t i = 0; i < t->count; i++) {
		add_second_word(&t->list[i], out);
		add_words(&t->list[i], out);
		for (enum input_id id = 0; id < INPUT_COUNT; id++)
			if (command_takes(&t->list[i], id))
				add_flag(a, &t->list[i], id, out);
	}
}
