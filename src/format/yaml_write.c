#include "format/yaml_write.h"

#include <string.h>

#include "base/buf.h"
#include "format/yaml_scalar.h"

enum { INDENT = 2 };

static void
add_indent(struct buf *out, size_t depth)
{
	for (size_t i = 0; i < depth * INDENT; i++)
		buf_add_char(out, ' ');
}

/* Words that some reader takes for a boolean or null, in any case of letters. */
static bool
is_word(struct str s)
{
	static const char *const words[] = { "true", "false", "yes", "no", "on", "off", "y", "n",
		"null" };

	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (str_is_like(s, words[i]))
			return true;
	return false;
}

/* YAML 1.2, 7.3.3: what a text without quotes must not hold or begin with, in block and in flow style. */
static bool
is_plain(struct str s)
{
	static const char first[] = "+-.0123456789?:,[]{}#&*!|>'\"%@`~=< \t", last[] = " :";

	if (s.len == 0 || strchr(first, s.ptr[0]) || strchr(last, s.ptr[s.len - 1]) || is_word(s)
	    || yaml_is_ambiguous(s))
		return false;
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];

		if (c < 0x20 || c >= 0x7f || strchr(",[]{}", c) || (c == '#' && s.ptr[i - 1] == ' ')
		    || (c == ':' && i + 1 < s.len && s.ptr[i + 1] == ' '))
			return false;
	}
	return true;
}

/* A text of several lines that a literal block holds as it is. */
static bool
is_block(struct str s)
{
	if (str_find(s, '\n') == s.len || s.ptr[0] == ' ' || s.ptr[0] == '\n' || !str_ends(s, "\n")
	    || str_ends(s, "\n\n"))
		return false;
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];

		if ((c < 0x20 && c != '\n') || c >= 0x7f
		    || (c == ' ' && i + 1 < s.len && s.ptr[i + 1] == '\n'))
			return false;
	}
	return true;
}

/* JSON's string is a double-quoted scalar of YAML, too, but for the characters that YAML 1.1 takes for line ends and
 * byte order marks. */
static void
add_quoted(struct buf *out, struct str s)
{
	static const struct {
		const char *bytes, *escape;
	} others[] = { { "\xc2\x85", "\\u0085" }, { "\xe2\x80\xa8", "\\u2028" },
		{ "\xe2\x80\xa9", "\\u2029" }, { "\xef\xbb\xbf", "\\uFEFF" } };
	struct buf json = BUF_INIT(6 * s.len + 2);
	struct str rest;

	json_write_string(&json, s);
	for (rest = buf_str(&json); rest.len > 0;) {
		size_t i = 0;

		while (i < COUNT_OF(others) && !str_starts(rest, others[i].bytes))
			i++;
		if (i < COUNT_OF(others))
			buf_add(out, str_of(others[i].escape));
		else
			buf_add_char(out, rest.ptr[0]);
		rest = str_tail(rest, i < COUNT_OF(others) ? strlen(others[i].bytes) : 1);
	}
	buf_free(&json);
}

static void
add_text(struct buf *out, struct str s)
{
	if (is_plain(s))
		buf_add(out, s);
	else
		add_quoted(out, s);
}

static void
add_block(struct buf *out, struct str s, size_t depth)
{
	struct str line, rest = str_head(s, s.len - 1);

	buf_add(out, STR("|\n"));
	while (str_split(&rest, '\n', &line)) {
		if (line.len > 0)
			add_indent(out, depth);
		buf_add(out, line);
		buf_add_char(out, '\n');
	}
}

static bool
is_scalar(const struct node *n)
{
	return n->kind != NODE_ARRAY && n->kind != NODE_OBJECT;
}

static void
add_scalar(struct buf *out, const struct node *n)
{
	if (n->kind == NODE_STRING)
		add_text(out, n->text);
	else
		buf_add(out, n->kind == NODE_NULL ? STR("null") : n->text);
}

/* "[a, b]" */
static void
add_flow(struct buf *out, const struct node *array)
{
	buf_add_char(out, '[');
	for (const struct node *n = array->first; n; n = n->next) {
		if (n != array->first)
			buf_add(out, STR(", "));
		add_scalar(out, n);
	}
	buf_add_char(out, ']');
}

static bool
is_flow(const struct node *n)
{
	if (n->kind != NODE_ARRAY)
		return false;
	for (n = n->first; n; n = n->next)
		if (!is_scalar(n))
			return false;
	return true;
}

/* A value without members, or a list on one line, and the end of its line. */
static void
add_line(struct buf *out, const struct node *n)
{
	if (n->kind == NODE_OBJECT)
		buf_add(out, STR("{}"));
	else if (n->kind == NODE_ARRAY)
		add_flow(out, n);
	else
		add_scalar(out, n);
	buf_add_char(out, '\n');
}

static void add_members(struct buf *out, const struct node *n, size_t depth, bool is_indented);

/* What follows "key:" or "-" on the same line, or below it. Recursion is as deep as the tree. */
static void
add_value(struct buf *out, const struct node *n, size_t depth, bool is_element)
{
	if (n->kind == NODE_STRING && is_block(n->text)) {
		buf_add_char(out, ' ');
		add_block(out, n->text, depth);
	} else if (is_scalar(n) || is_flow(n) || n->count == 0) {
		buf_add_char(out, ' ');
		add_line(out, n);
	} else if (is_element) {
		buf_add_char(out, ' ');
		add_members(out, n, depth, true);
	} else {
		buf_add_char(out, '\n');
		add_members(out, n, depth, false);
	}
}

/* `is_indented`: the first member follows the "- " of its element. */
static void
add_members(struct buf *out, const struct node *n, size_t depth, bool is_indented)
{
	bool is_list = n->kind == NODE_ARRAY;

	for (const struct node *one = n->first; one; one = one->next) {
		if (!is_indented || one != n->first)
			add_indent(out, depth);
		if (is_list) {
			buf_add_char(out, '-');
		} else {
			add_text(out, one->key);
			buf_add_char(out, ':');
		}
		add_value(out, one, depth + 1, is_list);
	}
}

void
yaml_write(struct buf *out, const struct node *n)
{
	if (n->count > 0 && !is_flow(n))
		add_members(out, n, 0, false);
	else
		add_line(out, n);
}
