/*
 * What the ci room prints, read as the runners read it: their parsers, written again from
 * actions/runner ActionCommand.cs and azure-pipelines-agent Command.cs, find the commands that we
 * mean and no other, and decode from them what was put in.
 *
 * Input: one byte that picks the world, then file, text and hint, separated by 0x1f.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "ci/ci.h"
#include "ci/say.h"
#include "ci/systems/systems.h"

#include "fuzz.h"

struct input {
	const char *file, *text, *hint;
	struct str raw; /* all of it, NULs too */
};

struct command {
	struct str name, file, data; /* file and data decoded */
};

#define CHECK(true_) ((true_) ? (void)0 : fail(#true_, __LINE__))

static _Noreturn void
fail(const char *what, int line)
{
	fprintf(stderr, "line %d: not true: %s\n", line, what);
	abort();
}

/* The runners compare by culture: whatever is outside ASCII may count as nothing, or as blank. */
static struct str
ascii_of(struct arena *a, struct str s)
{
	char *copy = arena_alloc(a, s.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] < 0x80)
			copy[len++] = s.ptr[i];
	return (struct str){ copy, len };
}

/* Where `word` is first, whatever its case; s.len when nowhere. */
static size_t
find(struct str s, const char *word)
{
	size_t len = strlen(word);

	for (size_t i = 0; i + len <= s.len; i++)
		if (strncasecmp(s.ptr + i, word, len) == 0)
			return i;
	return s.len;
}

static struct str
replace(struct arena *a, struct str s, const char *from, const char *to)
{
	struct buf b = BUF_INIT(SIZE_MAX);

	while (s.len > 0) {
		size_t at = find(s, from);

		buf_add(&b, str_head(s, at));
		if (at < s.len)
			buf_add(&b, str_of(to));
		s = str_tail(s, at < s.len ? at + strlen(from) : at);
	}
	return buf_take(&b, a);
}

static const char *const github_escapes[][2] = { { "%0D", "\r" }, { "%0A", "\n" }, { "%3A", ":" },
	{ "%2C", "," }, { "%25", "%" } };
static const char *const azure_escapes[][2] = { { "%3B", ";" }, { "%0D", "\r" }, { "%0A", "\n" },
	{ "%5D", "]" }, { "%AZP25", "%" } };

static struct str
decode(struct arena *a, struct str s, const char *const (*escapes)[2])
{
	for (size_t i = 0; i < 5; i++)
		s = replace(a, s, escapes[i][0], escapes[i][1]);
	return s;
}

/* The value of property `key` in "key=value,key=value"; empty when it is not there. */
static struct str
property(struct str list, char between, const char *key)
{
	struct str one;

	while (str_split(&list, between, &one)) {
		size_t at = str_find(one, '=');

		if (str_is(str_head(one, at), key))
			return str_tail(one, at + 1);
	}
	return STR("");
}

/* "::name key=value,key=value::data" behind blanks. */
static bool
parse_github(struct arena *a, struct str line, struct command *out)
{
	struct str text = str_trim(ascii_of(a, line)), head;
	size_t end;

	if (!str_starts(text, "::"))
		return false;
	/* ours have nothing outside ASCII before them */
	CHECK(str_starts(line, "::"));
	line = str_tail(line, 2);
	end = find(line, "::");
	CHECK(end < line.len);
	head = str_head(line, end);
	end = str_find(head, ' ');
	*out = (struct command){
		.name = str_head(head, end),
		.file = decode(a, property(str_tail(head, end + 1), ',', "file"), github_escapes),
		.data = decode(a, str_tail(line, head.len + 2), github_escapes),
	};
	return true;
}

/* "##vso[area.event key=value;key=value]data", "##[name]data", anywhere. */
static bool
parse_azure(struct arena *a, struct str line, struct command *out)
{
	struct str text = ascii_of(a, line), head;
	size_t at = find(text, "##vso["), old = find(text, "##["), end;

	if (at == text.len && old == text.len)
		return false;
	CHECK(at == 0 || old == 0);
	CHECK(str_starts(line, "##vso[") || str_starts(line, "##["));
	line = str_tail(line, str_find(line, '[') + 1);
	end = str_find(line, ']');
	CHECK(end < line.len);
	head = str_head(line, end);
	end = str_find(head, ' ');
	*out = (struct command){
		.name = str_head(head, end),
		.file =
		    decode(a, property(str_tail(head, end + 1), ';', "sourcepath"), azure_escapes),
		.data = decode(a, str_tail(line, head.len + 1), azure_escapes),
	};
	return true;
}

/* Reads all lines of `text`; up to `most` commands are kept, more are an error. */
static size_t
commands_in(struct arena *a, struct str text, struct command *list, size_t most)
{
	size_t count = 0, bad;
	struct str line;

	CHECK(utf8_is_valid(text, &bad));
	CHECK(text.len == 0 || str_ends(text, "\n"));
	while (str_split(&text, '\n', &line)) {
		struct command one;

		if (!parse_github(a, line, &one) && !parse_azure(a, line, &one))
			continue;
		CHECK(count < most);
		list[count++] = one;
	}
	return count;
}

/* Nothing that moves a cursor, ends a line or hides; `color`: but our own colours. */
static void
check_controls(struct str text, bool color)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		struct str rest = str_tail(text, i);

		CHECK(c >= 0x20 || c == '\t' || c == '\n' || (color && str_starts(rest, "\x1b[")));
		CHECK(c != 0x7f);
		CHECK(c != 0xc2 || (unsigned char)rest.ptr[1] >= 0xa0);
		CHECK(!str_starts(rest, "\xe2\x80\xa8") && !str_starts(rest, "\xe2\x80\xa9"));
		CHECK(!str_starts(rest, "\xe2\x80\xae"));
	}
}

static size_t
lines_in(struct str text)
{
	size_t count = 0;

	for (size_t i = 0; i < text.len; i++)
		count += text.ptr[i] == '\n';
	return count;
}

/* A message of several lines goes on indented, and so does its hint. */
static size_t
indented_lines_in(struct str text)
{
	size_t count = 0;
	struct str line;

	while (str_split(&text, '\n', &line))
		count += str_starts(line, "  ");
	return count;
}

/* What say_all() writes to a terminal's log, in lines: five, of which one begins with the text as it is and one
 * with the file, and below them what is indented. */
static bool
is_whole_log(struct str log, const struct input *in)
{
	size_t as_they_are =
	    str_starts(str_of(in->text), "  ") + str_starts(str_of(in->file), "  ");

	return lines_in(log) + as_they_are == 5 + indented_lines_in(log);
}

struct streams {
	struct ci ci;
	char *out, *log;
	size_t out_len, log_len;
};

static void
open_streams(struct streams *s, struct arena *a, const struct env *env)
{
	struct err err;

	*s = (struct streams){ .out = NULL };
	CHECK(ci_open(&s->ci, a, ci_systems, env, NULL, open_memstream(&s->out, &s->out_len),
	          open_memstream(&s->log, &s->log_len), &err)
	      == 0);
}

static void
close_streams(struct streams *s)
{
	struct err err;

	CHECK(ci_close(&s->ci, &err) == 0);
	(void)fclose(s->ci.out);
	(void)fclose(s->ci.log);
}

/* Everything once; how many lines people see of it does not depend on what it says. */
static void
say_all(struct ci *ci, struct arena *a, const struct input *in)
{
	struct diags d = diags_in(a);
	struct err err;

	(void)err_set(&err, ERR_SYSTEM, "%s", in->text);
	(void)err_hint(&err, "%s", in->hint);
	diag_hint(&d,
	    diags_error(
	        &d, CHECK_SYNTAX, in->file, (struct span){ .line = 3, .col = 7 }, "%s", in->text),
	    "%s", in->hint);
	ci_out(ci, "%s", in->text);
	ci_out(ci, "%s%s", in->hint, in->text);
	ci_log(ci, "%s", in->text);
	ci_note(ci, "%s", in->text);
	ci_warn(ci, "%s", in->text);
	ci_error(ci, &err);
	ci_diags(ci, &d);
	ci_group(ci, in->text);
	ci_group_end(ci);
	if (ci_is_runner(ci))
		ci_raw(ci, in->raw);
}

/* Each line cleaned by itself and the empty ones left out, joined by "\\n". */
static struct str
cleaned_lines(struct arena *a, const char *text)
{
	struct buf b = BUF_INIT(4 * SAY_LINE_MAX);
	struct str rest = str_of(text), line;
	bool first = true;

	while (str_split(&rest, '\n', &line)) {
		if (!first && line.len == 0)
			continue;
		if (!first)
			buf_add(&b, STR("\\n"));
		say_clean(&b, line, SAY_INSIDE);
		first = false;
	}
	return buf_take(&b, a);
}

/* With each line break written as "\\n", as say_clean() writes it: messages keep theirs. */
static struct str
on_one_line(struct arena *a, struct str text)
{
	struct buf b = BUF_INIT(4 * SAY_LINE_MAX);

	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] == '\n')
			buf_add(&b, STR("\\n"));
		else
			buf_add_char(&b, text.ptr[i]);
	return buf_take(&b, a);
}

/* The commands came in this order with these names, and the last but two is about the file; `where` says whether its
 * text begins with the place. */
static void
check_order(struct arena *a, const struct command *list, size_t count, const char *const *names,
    const struct input *in, bool where)
{
	struct str place = where && *in->file
	                       ? arena_fmt(a, "%.*s:3:7: ", STR_FMT(cleaned_lines(a, in->file)))
	                       : STR("");

	for (size_t i = 0; i < count; i++)
		CHECK(names[i] && str_is(list[i].name, names[i]));
	CHECK(!names[count]);
	CHECK(str_eq(on_one_line(a, list[count - 3].file), cleaned_lines(a, in->file)));
	CHECK(str_starts(on_one_line(a, list[count - 3].data),
	    arena_fmt(a, "%.*s%.*s", STR_FMT(place), STR_FMT(cleaned_lines(a, in->text))).ptr));
	CHECK(str_ends(on_one_line(a, list[count - 3].data), cleaned_lines(a, in->hint).ptr));
}

static void
check_terminal(struct arena *a, const struct env *env, const struct input *in)
{
	struct streams s;
	struct command list[1];

	open_streams(&s, a, env);
	say_all(&s.ci, a, in);
	close_streams(&s);
	check_controls((struct str){ s.out, s.out_len }, false);
	check_controls((struct str){ s.log, s.log_len }, s.ci.color);
	CHECK(commands_in(a, (struct str){ s.out, s.out_len }, list, 0) == 0);
	CHECK(commands_in(a, (struct str){ s.log, s.log_len }, list, 0) == 0);
	CHECK(lines_in((struct str){ s.out, s.out_len }) == 2);
	CHECK(is_whole_log((struct str){ s.log, s.log_len }, in));
	free(s.out);
	free(s.log);
}

static void
check_github(struct arena *a, const struct env *env, const struct input *in)
{
	static const char *const names[] = { "notice", "warning", "error", "error", "group",
		"endgroup", NULL };
	struct streams s;
	struct command list[6];
	size_t count;

	open_streams(&s, a, env);
	say_all(&s.ci, a, in);
	close_streams(&s);
	check_controls((struct str){ s.out, s.out_len }, false);
	check_controls((struct str){ s.log, s.log_len }, s.ci.color);
	CHECK(commands_in(a, (struct str){ s.out, s.out_len }, list, 0) == 0);
	count = commands_in(a, (struct str){ s.log, s.log_len }, list, COUNT_OF(list));
	check_order(a, list, count, names, in, true);
	free(s.out);
	free(s.log);
}

static void
check_azure(struct arena *a, const struct env *env, const struct input *in)
{
	static const char *const names[] = { "task.logissue", "task.logissue", "task.logissue",
		"group", "endgroup", NULL };
	struct streams s;
	struct command list[5];
	struct err err;
	size_t count;

	open_streams(&s, a, env);
	say_all(&s.ci, a, in);
	CHECK(ci_output(&s.ci, "plan-json", str_of(in->text), &err) == 0);
	close_streams(&s);
	check_controls((struct str){ s.log, s.log_len }, s.ci.color);
	count = commands_in(a, (struct str){ s.log, s.log_len }, list, COUNT_OF(list));
	check_order(a, list, count, names, in, false);
	/* an output must arrive as it was, whatever is in it: only its last line is looked at as the
	 * agent does, since it need be neither UTF-8 nor free of controls */
	CHECK(s.out_len > 0 && s.out[s.out_len - 1] == '\n');
	s.out[--s.out_len] = '\0';
	count = str_rfind((struct str){ s.out, s.out_len }, '\n') + 1;
	check_controls((struct str){ s.out, count }, false);
	CHECK(commands_in(a, (struct str){ s.out, count }, list, 0) == 0);
	CHECK(parse_azure(a, str_of(s.out + count), list));
	CHECK(str_is(list[0].name, "task.setvariable") && str_is(list[0].data, in->text));
	free(s.out);
	free(s.log);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char github[] = "GITHUB_ACTIONS=true", azure[] = "TF_BUILD=True", color[] = "FORCE_COLOR=1",
	     plain[] = "NO_COLOR=1";
	char *vars[] = { plain, NULL, NULL };
	const struct env env = { vars };
	struct str rest, part[3] = { STR(""), STR(""), STR("") };
	struct input in;
	struct arena *a;

	if (len == 0 || len > 8192)
		return 0;
	a = arena_new(no_memory);
	rest = in.raw = (struct str){ (const char *)data + 1, len - 1 };
	for (size_t i = 0; i < COUNT_OF(part) && str_split(&rest, '\x1f', &part[i]); i++)
		continue;
	in.file = arena_cstr(a, part[0]);
	in.text = arena_cstr(a, str_head(part[1], 1000)); /* struct err cuts there */
	in.hint = arena_cstr(a, str_head(part[2], 500));
	if (data[0] & 4)
		vars[0] = color;
	if (data[0] % 3 > 0)
		vars[1] = data[0] % 3 == 1 ? github : azure;
	if (data[0] % 3 == 0)
		check_terminal(a, &env, &in);
	else if (data[0] % 3 == 1)
		check_github(a, &env, &in);
	else
		check_azure(a, &env, &in);
	arena_free(a);
	return 0;
}
