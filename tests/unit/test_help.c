#include "tap.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "ci/env.h"
#include "cmd/command_table.h"
#include "diag/check.h"
#include "diag/check_example.h"
#include "help/help.h"
#include "inputs/values.h"

enum { MOST_WORDS = 24 };

/* The words of a line without quotes. */
static int
split(struct arena *a, const char *line, char **argv)
{
	struct str rest = str_of(line), word;
	int argc = 0;

	while (argc < MOST_WORDS && str_split(&rest, ' ', &word))
		argv[argc++] = arena_cstr(a, word);
	return argc;
}

/* Every example is a line that the program takes: its command, and flags of that command only. */
static void
test_commands__examples_are_right(struct arena *a)
{
	static char *none[] = { NULL };
	const struct env env = { none };

	for (size_t i = 0; i < commands.count; i++)
		for (size_t k = 0; k < MAX_EXAMPLES && commands.list[i].examples[k].line; k++) {
			const char *line = commands.list[i].examples[k].line;
			char *argv[MOST_WORDS];
			int argc = split(a, line, argv);
			struct values v;
			struct err err = { .kind = ERR_NONE };
			bool fits = values_read(&v, a, argc, argv, &env, &err) == 0
			            && strcmp(v.text[IN_COMMAND], commands.list[i].name) == 0;

			for (enum input_id id = 0; fits && id < INPUT_COUNT; id++)
				fits = !v.from[id] || strncmp(v.from[id], "--", 2) != 0
				       || command_takes(&commands.list[i], id);
			ok(fits && commands.list[i].examples[k].why, "pachup %s %s", line,
			    err.text);
		}
}

static void
test_commands__table(struct arena *a)
{
	struct str choices = str_of(inputs[IN_COMMAND].choices), one;
	size_t count = 0;

	while (str_split(&choices, '|', &one)) {
		ok(command_named(&commands, arena_cstr(a, one)) != NULL, "'%.*s' is a command",
		    STR_FMT(one));
		count++;
	}
	ok(count == commands.count, "%zu commands, %zu choices of input command", commands.count,
	    count);
	for (size_t i = 0; i < commands.count; i++) {
		struct str first = command_first(&commands.list[i]);
		bool is_new = true;

		for (size_t k = 0; k + 1 < i; k++)
			is_new &= !str_eq(command_first(&commands.list[k]), first)
			          || str_eq(command_first(&commands.list[i - 1]), first);
		ok(is_new, "%s follows those with the same first word", commands.list[i].name);
		ok(strlen(commands.list[i].summary) <= COMMAND_SUMMARY_MAX, "%s: a phrase",
		    commands.list[i].summary);
	}
}

/* No line is longer than the width, but usage and examples, which are copied as they are. */
static void
test_help_command__fits_the_width(struct arena *a)
{
	static const size_t widths[] = { 64, 80, 120 };

	for (size_t w = 0; w < COUNT_OF(widths); w++)
		for (size_t i = 0; i < commands.count; i++) {
			struct buf out = BUF_INIT(MAX_HELP_BYTES);
			struct str rest, line;
			size_t longest = 0;

			help_command(
			    a, &commands.list[i], (struct layout){ widths[w], false }, &out);
			rest = buf_str(&out);
			while (str_split(&rest, '\n', &line))
				if (!str_starts(line, "  pachup ") && !str_starts(line, "  # ")
				    && !str_starts(line, "Usage: ") && line.len > longest)
					longest = line.len;
			ok(longest <= widths[w] && longest > 0, "help %s at %zu columns: %zu",
			    commands.list[i].name, widths[w], longest);
			buf_free(&out);
		}
}

static void
test_help_overview__fits_a_screen(struct arena *a)
{
	struct buf out = BUF_INIT(MAX_HELP_BYTES);
	struct str rest, line;
	size_t lines = 0;

	help_overview(&commands, a, (struct layout){ 80, false }, &out);
	rest = str_trim(buf_str(&out));
	while (str_split(&rest, '\n', &line))
		lines++;
	ok(lines >= 24 && lines <= 60, "%zu lines", lines);
	buf_free(&out);
}

static void
test_help_wrap__words(struct arena *a)
{
	static const struct {
		const char *text;
		size_t column, indent, width;
		const char *wrapped;
	} rows[] = {
		{ "", 0, 0, 10, "" },
		{ "one", 0, 0, 2, "one" },
		{ "one two", 0, 0, 7, "one two" },
		{ "one two", 0, 0, 6, "one\ntwo" },
		{ "one two", 4, 4, 8, "one\n    two" },
		{ " one  two ", 0, 0, 20, "one two" },
		{ "a very-long-word-here b", 2, 2, 8, "a\n  very-long-word-here\n  b" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf out = BUF_INIT(1000);

		help_wrap(
		    &out, str_of(rows[i].text), rows[i].column, rows[i].indent, rows[i].width);
		ok(str_is(buf_str(&out), rows[i].wrapped), "row %zu", i);
		buf_free(&out);
	}
	(void)a;
}

static void
test_check_examples__of_known_checks(void)
{
	ok(check_example_count > 40, "%zu examples", check_example_count);
	for (size_t i = 0; i < check_example_count; i++) {
		const struct check_example *one = &check_examples[i];

		ok(check_find(str_of(one->code)) != CHECK_COUNT && *one->bad && *one->good,
		    "%s has both specs", one->code);
		ok(!strstr(one->bad, "{S}") && !strstr(one->good, "{I}"), "%s is filled in",
		    one->code);
	}
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_commands__examples_are_right(a);
	test_commands__table(a);
	test_help_command__fits_the_width(a);
	test_help_overview__fits_a_screen(a);
	test_help_wrap__words(a);
	test_check_examples__of_known_checks();
	arena_free(a);
	return done();
}
