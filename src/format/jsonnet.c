#include "format/jsonnet.h"

#include "base/arena.h"
#include "base/buf.h"

enum { MAX_COMMAND = 4 << 10 };

/* An argument of the template's top-level function. */
struct parameter {
	struct str name;
	bool is_optional; /* it has a default */
};

struct parameters {
	struct parameter *list;
	size_t count, room;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool
is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
	       || c == '_';
}

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
		if (is_blank(s.ptr[at]))
			at++;
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

/* The parameters of the function that the text is; none where it is not a function. */
static struct parameters
read_parameters(struct arena *a, struct str text)
{
	struct parameters out = { 0 };
	size_t at = skip_blanks(text, 0);

	if (!str_starts(str_tail(text, at), "function"))
		return out;
	at = skip_blanks(text, at + 8);
	if (at == text.len || text.ptr[at] != '(')
		return out;
	do {
		struct parameter one = { .is_optional = false };
		size_t start = skip_blanks(text, at + 1), end = start;

		while (end < text.len && is_word(text.ptr[end]))
			end++;
		if (end == start)
			break;
		one.name = str_head(str_tail(text, start), end - start);
		at = skip_blanks(text, end);
		one.is_optional = at < text.len && text.ptr[at] == '=';
		at = skip_default(text, at);
		out.list = arena_grow(a, out.list, out.count, &out.room, sizeof(*out.list));
		out.list[out.count++] = one;
	} while (at < text.len && text.ptr[at] == ',');
	return out;
}

struct str
jsonnet_command(struct arena *a, const char *file, struct str text, const char *command)
{
	struct parameters p = read_parameters(a, text);
	struct buf out = BUF_INIT(MAX_COMMAND);

	buf_fmt(&out, "jsonnet");
	for (size_t i = 0; i < p.count; i++)
		if (!p.list[i].is_optional)
			buf_fmt(&out, " --tla-str %.*s=VALUE", STR_FMT(p.list[i].name));
	buf_fmt(&out, " %s | pachup %s -", file, command);
	return buf_take(&out, a);
}
