/* The texts of `pachup help` for people. */
#include "base/arena.h"
#include "help/help.h"
#include "inputs/values.h"

enum {
	COMMAND_WIDTH = 13, /* of the column of commands */
	LABEL_MAX = 30      /* of the column of flags; a longer one has a line of its own */
};

const struct exit_meaning exit_meanings[] = {
	{ 0, "done", "done" },
	{ 1, "failed", "failed, or the specs are wrong and nothing was sent" },
	{ 2, "changes", "plan, --dry-run or --check found changes" },
	{ 3, "token expires soon", "the token expires soon" },
	{ 4, "timed out", "timed out" },
	{ 5, "superseded", "superseded by another push, or the plan is out of date" },
	{ 6, "gate is false", "the condition of gate is false" },
	{ 64, "usage", "wrong usage" },
	{ 130, NULL, "interrupted" },
	{ 141, NULL, "the program that read the results has ended" },
	{ 143, NULL, "terminated" },
};
const size_t exit_meaning_count = COUNT_OF(exit_meanings);

size_t
help_wrap(struct buf *out, struct str text, size_t column, size_t indent, size_t width)
{
	bool is_first = true;
	struct str word;

	while (str_split(&text, ' ', &word)) {
		if (word.len == 0)
			continue;
		if (!is_first && column + 1 + word.len > width) {
			buf_fmt(out, "\n%*s", (int)indent, "");
			column = indent;
		} else if (!is_first) {
			buf_add_char(out, ' ');
			column++;
		}
		buf_add(out, word);
		column += word.len;
		is_first = false;
	}
	return column;
}

struct str
help_sentence(struct arena *a, const char *phrase)
{
	char first = *phrase >= 'a' && *phrase <= 'z' ? (char)(*phrase - 'a' + 'A') : *phrase;

	return arena_fmt(a, "%c%s.", first, phrase + 1);
}

bool
help_has_flags(const struct command *command)
{
	return command->use != FOR_HELP;
}

/* "wait for … (one of: a, b) (default: a)": the phrase of an input as it is for that command. */
static struct str
phrase_of(struct arena *a, const struct command *command, enum input_id id)
{
	const struct input *in = &inputs[id];
	const char *choices = command_choices(a, command, id);
	const char *fallback = command_fallback(command, id);
	struct str text = str_of(command_phrase(command, id));

	if (choices)
		text = arena_fmt(
		    a, "%.*s (one of: %.*s)", STR_FMT(text), STR_FMT(choices_text(a, choices)));
	if (fallback)
		text = arena_fmt(a, "%.*s (default: %s)", STR_FMT(text), fallback);
	if (in->kind == INPUT_LIST && !command_takes_one(command, id))
		text = arena_fmt(a, "%.*s (repeatable)", STR_FMT(text));
	return text;
}

static void
add_heading(struct buf *out, const char *text, struct layout layout)
{
	if (layout.bold)
		buf_fmt(out, "\x1b[1m%s:\x1b[0m\n", text);
	else
		buf_fmt(out, "%s:\n", text);
}

/* "-C, --working-directory DIR"; for an input without a flag its variable. */
static struct str
label_of(struct arena *a, const struct command *command, enum input_id id)
{
	const struct input *in = &inputs[id];
	const char *flag = input_flag(in);
	const char *value = command_value(command, id);
	struct str letter = in->letter ? arena_fmt(a, "-%c, ", in->letter) : STR("    ");

	if (!*flag)
		return arena_fmt(a, "  %s", in->also[0] ? in->also[0] : in->name);
	return arena_fmt(
	    a, "  %.*s--%s%s%s", STR_FMT(letter), flag, value ? " " : "", value ? value : "");
}

static size_t
label_width(struct arena *a, const struct command *command)
{
	size_t widest = 0;

	for (enum input_id id = 0; id < INPUT_COUNT; id++) {
		size_t len = command_shows(command, id) ? label_of(a, command, id).len : 0;

		if (len > widest && len <= LABEL_MAX)
			widest = len;
	}
	return widest + 2;
}

static void
add_flag(struct arena *a, const struct command *command, enum input_id id, size_t indent,
    size_t width, struct buf *out)
{
	struct str label = label_of(a, command, id);

	if (label.len + 2 > indent)
		buf_fmt(out, "%.*s\n%*s", STR_FMT(label), (int)indent, "");
	else
		buf_fmt(out, "%-*.*s", (int)indent, STR_FMT(label));
	help_wrap(out, phrase_of(a, command, id), indent, indent, width);
	buf_add_char(out, '\n');
}

/* The flags of one group behind its heading; nothing where the command has none of it. */
static void
add_group(struct arena *a, const struct command *command, enum input_group group, size_t indent,
    struct layout layout, struct buf *out)
{
	bool is_open = false;

	for (enum input_id id = 0; id < INPUT_COUNT; id++) {
		if (inputs[id].group != group || !command_shows(command, id))
			continue;
		if (!is_open) {
			buf_add_char(out, '\n');
			add_heading(out, input_groups[group], layout);
		}
		is_open = true;
		add_flag(a, command, id, indent, layout.width, out);
	}
}

static void
add_flags(struct arena *a, const struct command *command, struct layout layout, struct buf *out)
{
	size_t indent = label_width(a, command);

	for (enum input_group group = 0; group < GROUP_COUNT; group++)
		add_group(a, command, group, indent, layout, out);
}

static void
add_examples(const struct command *command, struct layout layout, struct buf *out)
{
	if (!command->examples[0].line)
		return;
	buf_add_char(out, '\n');
	add_heading(out, "Examples", layout);
	for (size_t i = 0; i < MAX_EXAMPLES && command->examples[i].line; i++)
		buf_fmt(out, "  # %s\n  pachup %s\n", command->examples[i].why,
		    command->examples[i].line);
}

static void
add_usage(const struct command *command, struct buf *out)
{
	buf_fmt(out, "pachup %s%s%s%s\n", command->name, *command->words ? " " : "", command->words,
	    help_has_flags(command) ? " [FLAGS]" : "");
}

void
help_command(struct arena *a, const struct command *command, struct layout layout, struct buf *out)
{
	help_wrap(out, help_sentence(a, command->summary), 0, 0, layout.width);
	buf_add_char(out, '\n');
	if (command->about) {
		help_wrap(out, str_of(command->about), 0, 0, layout.width);
		buf_add_char(out, '\n');
	}
	buf_add(out, STR("\nUsage: "));
	add_usage(command, out);
	add_examples(command, layout, out);
	if (!help_has_flags(command))
		return;
	add_flags(a, command, layout, out);
	help_variables_of(a, command, layout, out);
}

void
help_family(const struct commands *t, struct arena *a, struct str first, struct buf *out)
{
	buf_add(out, STR("Usage:\n"));
	for (size_t i = 0; i < t->count; i++) {
		if (!str_eq(command_first(&t->list[i]), first))
			continue;
		buf_add(out, STR("  "));
		add_usage(&t->list[i], out);
		buf_fmt(out, "      %.*s\n", STR_FMT(help_sentence(a, t->list[i].summary)));
	}
	buf_fmt(out, "\nRun 'pachup help %.*s WORD' for the flags and examples of one.\n",
	    STR_FMT(first));
}

/* "keygen, seal, status": the second words of the commands that begin with this one's first. */
static struct str
second_words(const struct commands *t, struct arena *a, size_t at)
{
	struct str first = command_first(&t->list[at]), list = STR("");

	for (size_t i = at; i < t->count; i++)
		if (str_eq(command_first(&t->list[i]), first))
			list = arena_listed(a, list, str_of(command_second(&t->list[i])));
	return list;
}

static void
add_command_line(
    const struct commands *t, struct arena *a, size_t at, size_t width, struct buf *out)
{
	const struct command *one = &t->list[at];
	struct str first = command_first(one), text = str_of(one->summary);

	if (command_second(one))
		text = arena_fmt(a, "%s%s%.*s", one->family ? one->family : "",
		    one->family ? ": " : "", STR_FMT(second_words(t, a, at)));
	buf_fmt(out, "  %-*.*s", COMMAND_WIDTH, STR_FMT(first));
	help_wrap(out, text, COMMAND_WIDTH + 2, COMMAND_WIDTH + 2, width);
	buf_add_char(out, '\n');
}

static void
add_exit_codes(struct arena *a, size_t width, struct buf *out)
{
	struct str text = STR("Exit codes:");

	for (size_t i = 0; i < exit_meaning_count && exit_meanings[i].word; i++)
		text = arena_fmt(a, "%.*s%s %d %s", STR_FMT(text), i ? "," : "",
		    exit_meanings[i].code, exit_meanings[i].word);
	help_wrap(out, arena_fmt(a, "%.*s.", STR_FMT(text)), 0, 0, width);
	buf_add_char(out, '\n');
}

void
help_overview(const struct commands *t, struct arena *a, struct layout layout, struct buf *out)
{
	buf_add(
	    out, STR("pachup takes Pachyderm pipelines from a git commit to a verified state.\n\n"
	             "Usage: pachup COMMAND [ARGUMENTS] [FLAGS]\n\n"));
	/* no line is left free between the groups: all of it fits a screen */
	for (enum command_group group = 0; group < COMMAND_GROUP_COUNT; group++) {
		bool is_open = false;

		for (size_t i = 0; i < t->count; i++) {
			if (t->list[i].group != group || !command_begins_family(t, i))
				continue;
			if (!is_open)
				add_heading(out, command_groups[group], layout);
			is_open = true;
			add_command_line(t, a, i, layout.width, out);
		}
	}
	buf_add(out, STR("\nFirst steps: pachup validate DIR, then doctor, plan DIR, push DIR.\n"
	                 "Run 'pachup help COMMAND' for the flags and examples of a command.\n"
	                 "An action or task takes the same flags as inputs: 'wait: jobs'.\n"
	                 "More: man pachup, and docs/ in the repository of pachup.\n"));
	add_exit_codes(a, layout.width, out);
}
