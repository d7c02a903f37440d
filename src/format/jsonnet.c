#include "format/jsonnet.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

enum { MAX_COMMAND = 4 << 10, MAX_LINE = 100000000 };

/* The offset of "wanted", searched from `from`, or the end. */
static size_t
find_text(struct str s, size_t from, struct str wanted)
{
	while (from < s.len
	       && !(s.len - from >= wanted.len
	            && str_eq(str_head(str_tail(s, from), wanted.len), wanted)))
		from++;
	return from;
}

/* Behind blanks and comments. */
static size_t
skip_blanks(struct str s, size_t at)
{
	while (at < s.len) {
		size_t blanks = str_span(str_tail(s, at), " \t\r\n");

		if (blanks > 0)
			at += blanks;
		else if (s.ptr[at] == '#' || str_starts(str_tail(s, at), "//"))
			at = find_text(s, at, STR("\n"));
		else if (str_starts(str_tail(s, at), "/*"))
			at = find_text(s, at + 2, STR("*/")) + 2;
		else
			break;
	}
	return at < s.len ? at : s.len;
}

/* Behind the text that begins at `at` with a quote. */
static size_t
skip_quoted(struct str s, size_t at)
{
	char quote = s.ptr[at++];

	while (at < s.len && s.ptr[at] != quote)
		at += s.ptr[at] == '\\' ? 2 : 1;
	return at < s.len ? at + 1 : s.len;
}

/* The ',' or ')' that ends a default. */
static size_t
skip_default(struct str s, size_t at)
{
	unsigned depth = 0;

	while (at < s.len) {
		char c = s.ptr[at];

		if (c == '"' || c == '\'') {
			at = skip_quoted(s, at);
			continue;
		}
		if (depth == 0 && (c == ',' || c == ')'))
			break;
		if (c == '(' || c == '[' || c == '{')
			depth++;
		else if (c == ')' || c == ']' || c == '}')
			depth--;
		at++;
	}
	return at;
}

bool
jsonnet_is_name(struct str name)
{
	return str_ends(name, ".jsonnet") || str_ends(name, ".libsonnet");
}

struct jsonnet_parameters
jsonnet_parameters(struct arena *a, struct str text)
{
	struct jsonnet_parameters out = { 0 };
	size_t at = skip_blanks(text, 0);

	if (!str_starts(str_tail(text, at), "function"))
		return out;
	at = skip_blanks(text, at + 8);
	if (at == text.len || text.ptr[at] != '(')
		return out;
	do {
		struct jsonnet_parameter one = { .is_optional = false };
		struct str rest;

		at = skip_blanks(text, at + 1);
		rest = str_tail(text, at);
		one.name = str_head(rest, str_span(rest, CHARS_ALNUM "_"));
		if (one.name.len == 0)
			break;
		at = skip_blanks(text, at + one.name.len);
		one.is_optional = at < text.len && text.ptr[at] == '=';
		at = skip_default(text, at);
		ARENA_ADD(a, &out, one);
	} while (at < text.len && text.ptr[at] == ',');
	out.is_known = at < text.len && text.ptr[at] == ')';
	return out;
}

/* The text as one word of a POSIX shell. */
static void
add_shell_word(struct buf *out, struct str text)
{
	if (str_is_of(text, CHARS_ALNUM "_-./:@=+,")) {
		buf_add(out, text);
		return;
	}
	buf_add_char(out, '\'');
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] == '\'')
			buf_add(out, STR("'\\''"));
		else
			buf_add_char(out, text.ptr[i]);
	buf_add_char(out, '\'');
}

static bool
has_argument(const struct jsonnet_argument *arguments, size_t count, struct str name)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq(arguments[i].name, name))
			return true;
	return false;
}

struct str
jsonnet_command(struct arena *a, const char *file, struct str text,
    const struct jsonnet_argument *arguments, size_t count, const char *command)
{
	struct jsonnet_parameters p = jsonnet_parameters(a, text);
	struct buf out = BUF_INIT(MAX_COMMAND);

	buf_fmt(&out, "jsonnet");
	for (size_t i = 0; i < count; i++) {
		buf_add(&out, STR(" --tla-str "));
		add_shell_word(&out, arena_fmt(a, "%.*s=%.*s", STR_FMT(arguments[i].name),
		                         STR_FMT(arguments[i].value)));
	}
	for (size_t i = 0; i < p.count; i++)
		if (!p.list[i].is_optional && !has_argument(arguments, count, p.list[i].name))
			buf_fmt(&out, " --tla-str %.*s=VALUE", STR_FMT(p.list[i].name));
	buf_add_char(&out, ' ');
	add_shell_word(&out, str_of(file));
	buf_fmt(&out, " | pachup %s -", command);
	return buf_take(&out, a);
}

/* Takes a number from 1 off the front. */
static bool
take_number(struct str *s, uint32_t *out)
{
	size_t len = str_digits(*s);
	uint64_t number;

	if (!str_number(str_head(*s, len), &number) || number == 0 || number > MAX_LINE)
		return false;
	*out = (uint32_t)number;
	*s = str_tail(*s, len);
	return true;
}

bool
jsonnet_place(struct str message, uint32_t *line, uint32_t *col)
{
	uint32_t one, two;

	while (message.len > 0) {
		struct str rest = message = str_tail(message, str_find(message, ':') + 1);

		(void)str_take(&rest, "(");
		if (!take_number(&rest, &one) || !str_take(&rest, ":") || !take_number(&rest, &two))
			continue;
		*line = one;
		*col = two;
		return true;
	}
	return false;
}
