/* The manual pages, in mdoc(7). */
#include "base/arena.h"
#include "base/version.h"
#include "help/help.h"
#include "inputs/values.h"

enum { LINE_MAX_LEN = 80 };

static void
add_escaped(struct buf *out, struct str text)
{
	if (text.len > 0 && (text.ptr[0] == '.' || text.ptr[0] == '\''))
		buf_add(out, STR("\\&"));
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (c == '\\')
			buf_add(out, STR("\\e"));
		else if (c == '-')
			buf_add(out, STR("\\-"));
		else if (c == '\'')
			buf_add(out, STR("\\(aq"));
		else
			buf_add_char(out, c);
	}
}

/* Text as mdoc reads it: nothing of it is a request, each sentence begins a line, and no line is long. */
static void
add_text(struct buf *out, struct str text)
{
	size_t start = out->len;
	bool is_end = true; /* of a line or a sentence */
	struct str word;

	while (str_split(&text, ' ', &word)) {
		if (word.len == 0)
			continue;
		if (!is_end && out->len - start + 2 * word.len < LINE_MAX_LEN) {
			buf_add_char(out, ' ');
		} else if (out->len > start) {
			buf_add_char(out, '\n');
			start = out->len;
		}
		add_escaped(out, word);
		is_end = str_ends(word, ".");
	}
	buf_add_char(out, '\n');
}

/* "pachup-token-seal", in `a`. */
static struct str
page_name(struct arena *a, const struct command *command)
{
	struct str rest = str_of(command ? command->name : NULL), word, name = STR("pachup");

	while (str_split(&rest, ' ', &word))
		name = arena_fmt(a, "%.*s-%.*s", STR_FMT(name), STR_FMT(word));
	return name;
}

static struct str
in_capitals(struct arena *a, struct str text)
{
	char *copy = arena_cstr(a, text);

	for (size_t i = 0; i < text.len; i++)
		if (copy[i] >= 'a' && copy[i] <= 'z')
			copy[i] = (char)(copy[i] - 'a' + 'A');
	return (struct str){ copy, text.len };
}

static void
add_head(struct arena *a, const struct command *command, const char *summary, struct buf *out)
{
	struct str name = page_name(a, command);

	buf_fmt(out, ".\\\" made by 'pachup help man'\n.Dd %s\n.Dt %.*s 1\n.Os\n", PACHUP_DATE,
	    STR_FMT(in_capitals(a, name)));
	buf_fmt(out, ".Sh NAME\n.Nm %.*s\n.Nd %s\n.Sh SYNOPSIS\n.Nm pachup%s%s\n", STR_FMT(name),
	    summary, command ? " " : "", command ? command->name : "");
}

/* "[PATH...]" as optional, "IMAGE..." as it is. */
static void
add_words(const char *words, struct buf *out)
{
	struct str rest = str_of(words), word;

	while (str_split(&rest, ' ', &word)) {
		bool is_optional = str_take(&word, "[");

		if (word.len == 0)
			continue;
		word.len -= is_optional && str_ends(word, "]");
		if (str_starts(word, "--"))
			buf_fmt(out, ".Fl -%.*s\n", STR_FMT(str_tail(word, 2)));
		else if (str_ends(word, "..."))
			buf_fmt(out, "%s%.*s ...\n", is_optional ? ".Op Ar " : ".Ar ",
			    STR_FMT(str_head(word, word.len - 3)));
		else
			buf_fmt(out, "%s%.*s\n", is_optional ? ".Op Ar " : ".Ar ", STR_FMT(word));
	}
}

static void
add_item(const struct command *command, enum input_id id, struct buf *out)
{
	const struct input *in = &inputs[id];
	const char *flag = input_flag(in), *value = command_value(command, id);

	if (!*flag) {
		buf_fmt(out, ".It Ev %s\n", in->also[0] ? in->also[0] : in->name);
		return;
	}
	buf_add(out, STR(".It "));
	if (in->letter)
		buf_fmt(out, "Fl %c , ", in->letter);
	buf_fmt(out, "Fl -%s", flag);
	if (value)
		buf_fmt(out, " Ar %s", value);
	buf_add_char(out, '\n');
}

static void
add_input(struct arena *a, const struct command *command, enum input_id id, struct buf *out)
{
	const struct input *in = &inputs[id];
	const char *choices = command_choices(a, command, id),
	           *fallback = command_fallback(command, id);

	add_item(command, id, out);
	add_text(out, help_sentence(a, command_phrase(command, id)));
	if (input_more[id])
		add_text(out, str_of(input_more[id]));
	if (choices)
		add_text(out, arena_fmt(a, "One of: %.*s.", STR_FMT(choices_text(a, choices))));
	if (fallback)
		add_text(out, arena_fmt(a, "Default: %s.", fallback));
	if (in->kind == INPUT_LIST && !command_takes_one(command, id))
		add_text(out, STR("Repeatable."));
}

static void
add_inputs(struct arena *a, const struct command *command, struct buf *out)
{
	for (enum input_group group = 0; group < GROUP_COUNT; group++) {
		bool is_open = false;

		for (enum input_id id = 0; id < INPUT_COUNT; id++) {
			if (inputs[id].group != group || !command_shows(command, id))
				continue;
			if (!is_open)
				buf_fmt(out, ".Ss %s\n.Bl -tag -width Ds\n", input_groups[group]);
			is_open = true;
			add_input(a, command, id, out);
		}
		if (is_open)
			buf_add(out, STR(".El\n"));
	}
}

static void
add_exit_status(struct buf *out)
{
	buf_add(out, STR(".Sh EXIT STATUS\n.Bl -tag -width 4n\n"));
	for (size_t i = 0; i < exit_meaning_count; i++)
		buf_fmt(out, ".It %d\n%s\n", exit_meanings[i].code, exit_meanings[i].text);
	buf_add(out, STR(".El\n"));
}

static void
add_examples(struct arena *a, const struct command *command, struct buf *out)
{
	if (!command->examples[0].line)
		return;
	buf_add(out, STR(".Sh EXAMPLES\n"));
	for (size_t i = 0; i < MAX_EXAMPLES && command->examples[i].line; i++) {
		if (i > 0)
			buf_add(out, STR(".Pp\n"));
		add_text(out, arena_fmt(a, "%.*s:",
		                  STR_FMT(str_head(help_sentence(a, command->examples[i].why),
		                      str_of(command->examples[i].why).len))));
		buf_add(out, STR(".Bd -literal -offset indent\n"));
		add_escaped(out, arena_fmt(a, "pachup %s\n", command->examples[i].line));
		buf_add(out, STR(".Ed\n"));
	}
}

static void
add_environment(struct buf *out)
{
	buf_add(out, STR(".Sh ENVIRONMENT\n"
	                 "A flag has precedence over these variables.\n"
	                 ".Bl -tag -width Ds\n"
	                 ".It Ev INPUT_NAME\n"
	                 "The input NAME of an action or a task.\n"));
	for (enum input_id id = 0; id < INPUT_COUNT; id++)
		for (size_t i = 0; i < COUNT_OF(inputs[id].also) && inputs[id].also[i]; i++)
			buf_fmt(out, ".It Ev %s\nThe same as input %s.\n", inputs[id].also[i],
			    inputs[id].name);
	buf_add(out, STR(".It Ev NO_COLOR , FORCE_COLOR\n"
	                 "No colours, or colours even where the output is not a terminal.\n"
	                 ".It Ev COLUMNS\n"
	                 "The width of help texts.\n"
	                 ".El\n"));
}

static void
add_overview(const struct commands *t, struct arena *a, struct buf *out)
{
	add_head(a, NULL, "deploy Pachyderm pipelines from a git commit", out);
	buf_add(out, STR(".Ar COMMAND\n.Op Ar ARGUMENT ...\n.Op Ar FLAG ...\n.Sh DESCRIPTION\n.Nm\n"
	                 "takes Pachyderm pipelines from a git commit to a verified state in a "
	                 "cluster.\n"
	                 "Each command has a manual page of its own, for example\n"
	                 ".Xr pachup-push 1 .\n"));
	for (enum command_group group = 0; group < COMMAND_GROUP_COUNT; group++) {
		bool is_open = false;

		for (size_t i = 0; i < t->count; i++) {
			if (t->list[i].group != group)
				continue;
			if (!is_open)
				buf_fmt(out, ".Ss %s\n.Bl -tag -width Ds\n", command_groups[group]);
			is_open = true;
			buf_fmt(out, ".It Cm %s\n", t->list[i].name);
			add_text(out, help_sentence(a, t->list[i].summary));
		}
		if (is_open)
			buf_add(out, STR(".El\n"));
	}
	add_environment(out);
	add_exit_status(out);
}

void
man_page(const struct commands *t, struct arena *a, const struct command *command, struct buf *out)
{
	if (!command) {
		add_overview(t, a, out);
		return;
	}
	add_head(a, command, command->summary, out);
	add_words(command->words, out);
	if (help_has_flags(command))
		buf_add(out, STR(".Op Ar FLAG ...\n"));
	buf_add(out, STR(".Sh DESCRIPTION\n"));
	add_text(out, help_sentence(a, command->summary));
	if (command->about)
		add_text(out, str_of(command->about));
	if (help_has_flags(command)) {
		add_inputs(a, command, out);
		add_exit_status(out);
	}
	add_examples(a, command, out);
	buf_add(out, STR(".Sh SEE ALSO\n.Xr pachup 1\n"));
}
