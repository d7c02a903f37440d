/*
 * The systems that fuzz_say.c does not speak for, and Markdown: the same words once with harmless texts and once with the
 * input. What a runner reads out of both must be the same commands in the same order; what a browser reads out of both the
 * same table, fence and diagram.
 *
 * Input: one byte that picks the system, then pipeline, image, server's message, file and commit subject, separated by
 * 0x1f.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/buf.h"
#include "ci/ci.h"
#include "ci/markdown.h"
#include "ci/say.h"
#include "ci/systems/systems.h"

#include "fuzz.h"

enum { TEXTS = 5, COMMANDS_MAX = 4096 };

#define CHECK(true_) ((true_) ? (void)0 : fail(#true_, __LINE__))

static _Noreturn void
fail(const char *what, int line)
{
	fprintf(stderr, "line %d: not true: %s\n", line, what);
	abort();
}

struct output {
	char *out, *log;
	size_t out_len, log_len;
};

static void
speak(struct arena *a, const char *system, char *const texts[TEXTS], struct output *o)
{
	static char github_debug[] = "RUNNER_DEBUG=1", azure_debug[] = "SYSTEM_DEBUG=True";
	char *vars[] = { github_debug, azure_debug, NULL };
	const struct env env = { vars };
	struct diags d = diags_in(a);
	struct err err;
	struct ci ci;

	*o = (struct output){ .out = NULL };
	CHECK(ci_open(&ci, a, ci_systems, &env, system, open_memstream(&o->out, &o->out_len),
	          open_memstream(&o->log, &o->log_len), &err)
	      == 0);
	ci_group(&ci, texts[4]);
	ci_log(&ci, "%s", texts[2]);
	ci_out(&ci, "%s  %s  (%s)", texts[0], texts[1], texts[3]);
	ci_out(&ci, "%s", texts[4]);
	ci_change(&ci, '+', "%s: %s", texts[0], texts[2]);
	ci_note(&ci, "%s", texts[2]);
	ci.is_verbose = true;
	ci_debug(&ci, "%s", texts[2]);
	ci.is_channel = true;
	ci_debug(&ci, "%s", texts[4]);
	ci_warn(&ci, "pipeline '%s': %s", texts[0], texts[2]);
	(void)err_set(&err, ERR_REFUSED, "%s", texts[2]);
	(void)err_hint(&err, "%s", texts[4]);
	ci_error(&ci, &err);
	diag_hint(&d,
	    diags_error(
	        &d, CHECK_SYNTAX, texts[3], (struct span){ .line = 3, .col = 7 }, "%s", texts[2]),
	    "%s", texts[4]);
	if (strcmp(system, "gitlab") != 0) /* it would write its report */
		ci_diags(&ci, &d);
	ci_progress(&ci, 1, 3, texts[0]);
	if (ci_is_runner(&ci)) /* else as it is */
		ci_raw(&ci, str_of(texts[2]));
	ci_group_end(&ci);
	ci_heading(&ci, texts[0]);
	(void)fclose(ci.out);
	(void)fclose(ci.log);
}

static void
silence(struct output *o)
{
	free(o->out);
	free(o->log);
}

/* Where the word is found in the line's ASCII characters, whatever their case; NULL when nowhere. */
static const char *
holds(const char *ascii, const char *word)
{
	size_t len = strlen(word);

	for (; *ascii; ascii++)
		if (strncasecmp(ascii, word, len) == 0)
			return ascii;
	return NULL;
}

/* The command that one of the runners reads out of the line, up to its name's end; empty: none. `returns`: the line ends
 * at a carriage return. */
static struct str
command_of(struct arena *a, struct str line, bool returns)
{
	static const char *const anywhere[] = { "##vso[", "##teamcity[", "##[",
		"section_start:", "section_end:", "travis_fold:" };
	static const char *const first[] = { "::", "--- ", "+++ ", "~~~ ", "^^^ " };
	char *ascii = arena_alloc(a, line.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < line.len; i++)
		if ((unsigned char)line.ptr[i] < 0x80 && line.ptr[i] != '\0')
			ascii[len++] = line.ptr[i];
	ascii[len] = '\0';
	for (size_t i = 0; i < COUNT_OF(first); i++)
		if (strncmp(
		        i == 0 ? ascii + strspn(ascii, " \t") : ascii, first[i], strlen(first[i]))
		    == 0)
			return str_of(first[i]);
	for (size_t i = 0; i < 3; i++)
		if (holds(ascii, anywhere[i]))
			return str_head(str_of(holds(ascii, anywhere[i])),
			    strcspn(holds(ascii, anywhere[i]), " ]\n"));
	/* GitLab's and Travis' regular expressions want a carriage return behind the name */
	for (size_t i = 3; i < COUNT_OF(anywhere); i++)
		if (returns && holds(ascii, anywhere[i]))
			return str_of(anywhere[i]);
	return STR("");
}

/* All commands of a log, in order, one a line. Lines end at LF and at CR. */
static struct str
commands_in(struct arena *a, const char *text, size_t len)
{
	struct buf out = BUF_INIT(1 << 24);
	size_t start = 0;

	for (size_t i = 0; i <= len; i++) {
		struct str command;

		if (i < len && text[i] != '\n' && text[i] != '\r')
			continue;
		command = command_of(
		    a, (struct str){ text + start, i - start }, i < len && text[i] == '\r');
		if (command.len > 0)
			buf_fmt(&out, "%.*s\n", STR_FMT(command));
		start = i + 1;
	}
	return buf_take(&out, a);
}

/* The lines of a log that begin at the margin: those of one message go on indented. */
static size_t
lines_in(struct str text)
{
	size_t count = 0;
	struct str line;

	while (str_split(&text, '\n', &line))
		count += line.len > 0 && !str_starts(line, "  ");
	return count;
}

static void
check_system(struct arena *a, const char *system, char *const texts[TEXTS], char *const tame[TEXTS])
{
	struct output wild, mild;

	speak(a, system, texts, &wild);
	speak(a, system, tame, &mild);
	CHECK(
	    str_eq(commands_in(a, wild.out, wild.out_len), commands_in(a, mild.out, mild.out_len)));
	CHECK(
	    str_eq(commands_in(a, wild.log, wild.log_len), commands_in(a, mild.log, mild.log_len)));
	CHECK(lines_in((struct str){ wild.log, wild.log_len })
	      == lines_in((struct str){ mild.log, mild.log_len }));
	silence(&wild);
	silence(&mild);
}

/* How many cells GitHub's tables make of the row: a backslash takes its power from the character behind it. */
static size_t
cells_in(struct str row)
{
	size_t count = 0;

	for (size_t i = 0; i < row.len; i++) {
		if (row.ptr[i] == '\\' && i + 1 < row.len)
			i++;
		else
			count += row.ptr[i] == '|';
	}
	return count;
}

static void
check_markdown(struct arena *a, struct str text)
{
	struct buf row = BUF_INIT(1 << 22), lines = BUF_INIT(1 << 22), block = BUF_INIT(1 << 22),
	           label = BUF_INIT(1 << 22);
	struct str rest, line, fence;
	size_t ends = 0;

	buf_add(&row, STR("| "));
	md_code(&row, text);
	buf_add(&row, STR(" | "));
	md_text(&row, text);
	buf_add(&row, STR(" |\n"));
	CHECK(lines_in(buf_str(&row)) == 1 && cells_in(buf_str(&row)) == 3);
	for (size_t i = 0; i < row.len; i++) /* no HTML and no comment, no mention, but in code */
		CHECK(!strchr("<>@", row.ptr[i]) || str_find(buf_str(&row), '`') < row.len);
	md_clean(&lines, text);
	buf_add_char(&lines, '\n');
	md_fence(&block, "diff", buf_str(&lines));
	rest = buf_str(&block);
	CHECK(str_split(&rest, '\n', &line));
	fence = str_head(line, line.len - strlen("diff"));
	while (str_split(&rest, '\n', &line))
		ends += str_starts(str_trim(line), fence.ptr ? arena_cstr(a, fence) : "");
	CHECK(ends == 1 && str_ends(buf_str(&block), arena_fmt(a, "\n%.*s\n", STR_FMT(fence)).ptr));
	md_mermaid(&label, text);
	CHECK(str_find(buf_str(&label), '\n') == label.len);
	for (size_t i = 0; i < label.len; i++)
		CHECK(!strchr("\"<>`[](){}|&\\", label.ptr[i]));
	buf_free(&row);
	buf_free(&lines);
	buf_free(&block);
	buf_free(&label);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const char *const systems[] = { "none", "github", "azure", "gitlab", "jenkins",
		"circleci", "buildkite", "bitbucket", "drone", "woodpecker", "teamcity", "travis",
		"tekton" };
	static char plain[] = "x";
	char *texts[TEXTS], *tame[TEXTS];
	struct str rest, part = STR("");
	struct arena *a;

	if (len == 0 || len > 8192)
		return 0;
	a = arena_new(no_memory);
	rest = (struct str){ (const char *)data + 1, len - 1 };
	for (size_t i = 0; i < TEXTS; i++) {
		bool more = str_split(&rest, '\x1f', &part);

		/* never empty: what is empty is left out. One line: how many there are is not compared. */
		texts[i] = arena_cstr(
		    a, arena_fmt(a, "%.*s", STR_FMT(more ? str_head(part, 400) : STR(""))));
		if (!*texts[i])
			texts[i] = plain;
		/* what begins indented goes on from the line before it: so must the other */
		tame[i] =
		    arena_cstr(a, arena_fmt(a, "%.*sx", (int)strspn(texts[i], " "), texts[i]));
		check_markdown(a, str_of(texts[i]));
	}
	check_system(a, systems[data[0] % COUNT_OF(systems)], texts, tame);
	arena_free(a);
	return 0;
}
