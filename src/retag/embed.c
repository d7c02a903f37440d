#include "retag/embed.h"

#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"

/* Where each byte of the scalar's text, and its end, is in the source. */
struct byte_map {
	struct str raw, text;
	size_t start;   /* of raw in the source */
	size_t *at;     /* text.len + 1 of them */
	size_t indent;  /* of a block's lines */
	bool is_folded; /* lines of the source are one line of the text */
};

struct str
embed_source(const struct embedded *in, struct str file)
{
	return in ? in->scalar->text : file;
}

static size_t
hex_digits(char kind)
{
	return kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
}

static unsigned
hex_value(struct str digits)
{
	unsigned value = 0;

	for (size_t i = 0; i < digits.len; i++) {
		char c = digits.ptr[i];

		value = value << 4 | (unsigned)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
	}
	return value;
}

/* How many bytes of raw the escape at `i` has, and how many of text it makes. */
static size_t
escape_len(const struct byte_map *m, size_t i, size_t *made)
{
	size_t digits = i + 1 < m->raw.len ? hex_digits(m->raw.ptr[i + 1]) : 0;
	unsigned c;

	*made = 1;
	if (digits == 0)
		return 2;
	c = hex_value(str_head(str_tail(m->raw, i + 2), digits));
	*made = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	if (c < 0xd800 || c > 0xdbff)
		return 2 + digits;
	*made = 4; /* a surrogate pair */
	return 2 * (2 + digits);
}

/* How many blanks and line ends there are at `i` of raw, before `to`, and how many of the latter. A "\" at the end of a line
 * in double quotes is one of them: nothing comes of that line's end. */
static size_t
fold_len(const struct byte_map *m, size_t i, size_t to, size_t *line_ends)
{
	size_t start = i;

	*line_ends = 0;
	for (; i < to && m->raw.ptr[i] && strchr(" \t\r\n", m->raw.ptr[i]); i++)
		*line_ends += m->raw.ptr[i] == '\n';
	return i - start;
}

/* Maps folded line ends: a single one is a blank of the text, several are one line end less (YAML 1.2, 6.5). */
static bool
map_fold(struct byte_map *m, size_t i, size_t line_ends, size_t *j)
{
	size_t made = line_ends > 1 ? line_ends - 1 : 1;
	char c = line_ends > 1 ? '\n' : ' ';

	m->is_folded = true;
	for (; made > 0; made--) {
		if (*j >= m->text.len || m->text.ptr[*j] != c)
			return false;
		m->at[(*j)++] = m->start + i;
	}
	return true;
}

/* Moves *i and *j behind a line end of raw that is folded, or that a backslash removes. False: there is none at *i;
 * *is_wrong: the text has something else there. */
static bool
skip_fold(struct byte_map *m, size_t to, size_t *i, size_t *j, bool *is_wrong)
{
	size_t line_ends, blank = fold_len(m, *i, to, &line_ends);

	*is_wrong = false;
	if (line_ends > 0) {
		*is_wrong = !map_fold(m, *i, line_ends, j);
		*i += blank;
		return true;
	}
	if (m->raw.ptr[0] != '"' || !str_starts(str_tail(m->raw, *i), "\\\n"))
		return false;
	m->is_folded = true;
	*i += 1 + fold_len(m, *i + 1, to, &line_ends);
	return true;
}

/* Between the quotes, or without any. */
static bool
map_line(struct byte_map *m, size_t from, size_t to)
{
	char quote = from ? m->raw.ptr[0] : '\0';
	size_t i = from, j = 0;

	while (i < to && j < m->text.len) {
		size_t len = 1, made = 1;
		bool is_wrong;

		if (skip_fold(m, to, &i, &j, &is_wrong)) {
			if (is_wrong)
				return false;
			continue;
		}
		if (quote == '"' && m->raw.ptr[i] == '\\')
			len = escape_len(m, i, &made);
		else if (quote == '\'' && m->raw.ptr[i] == '\'')
			len = 2;
		else if (m->raw.ptr[i] != m->text.ptr[j])
			return false;
		for (size_t k = 0; k < made && j < m->text.len; k++)
			m->at[j++] = m->start + i;
		i += len;
	}
	m->at[m->text.len] = m->start + i;
	return i == to && j == m->text.len;
}

static struct str
line_of(struct str text, size_t at)
{
	struct str rest = str_tail(text, at);

	return str_head(rest, str_find(rest, '\n'));
}

/* How far the lines of a block are indented: that of the first line with a text. */
static size_t
block_indent(const struct byte_map *m, size_t body)
{
	size_t i = body, j = 0;

	while (j < m->text.len) {
		struct str raw = line_of(m->raw, i), line = line_of(m->text, j);

		if (line.len > 0)
			return str_span(raw, " ") - str_span(line, " ");
		i += raw.len + 1;
		j += line.len + 1;
	}
	return 0;
}

/* '|': each line of the text is a line of the source, behind its indent. */
static bool
map_block(struct byte_map *m)
{
	size_t i = str_find(m->raw, '\n') + 1, j = 0;

	if (m->raw.ptr[0] != '|' || i >= m->raw.len)
		return false;
	m->indent = block_indent(m, i);
	while (j < m->text.len) {
		struct str raw = line_of(m->raw, i), line = line_of(m->text, j);
		size_t indent = raw.len < m->indent ? raw.len : m->indent;

		if (raw.len - indent < line.len
		    || (line.len > 0 && memcmp(raw.ptr + indent, line.ptr, line.len) != 0))
			return false;
		for (size_t k = 0; k < line.len; k++)
			m->at[j++] = m->start + i + indent + k;
		m->at[m->text.len] = m->start + i + indent + line.len;
		if (j == m->text.len)
			return true;
		m->at[j++] = m->start + i + indent + line.len; /* the line end */
		i += raw.len + 1;
		m->at[m->text.len] = m->start + i;
	}
	return i <= m->raw.len;
}

/* '>': lines are folded, but for those that are indented more. */
static bool
map_folded_block(struct byte_map *m)
{
	size_t i = str_find(m->raw, '\n') + 1, j = 0;

	if (i >= m->raw.len)
		return false;
	m->indent = block_indent(m, i);
	m->is_folded = true;
	for (i += m->indent; j < m->text.len && i < m->raw.len;) {
		size_t line_ends = 0, run = i;

		if (m->raw.ptr[i] != '\n' && m->raw.ptr[i] != '\r') {
			if (m->raw.ptr[i] != m->text.ptr[j])
				return false;
			m->at[j++] = m->start + i++;
			continue;
		}
		for (; i < m->raw.len && strchr("\r\n", m->raw.ptr[i]); i++) {
			line_ends += m->raw.ptr[i] == '\n';
			if (m->raw.ptr[i] == '\n') /* a line of its own may be shorter */
				i += str_span(str_head(str_tail(m->raw, i + 1), m->indent), " ");
		}
		if (line_ends == 1 && m->text.ptr[j] == ' ')
			m->at[j++] = m->start + run;
		else
			for (; j < m->text.len && m->text.ptr[j] == '\n'; j++)
				m->at[j] = m->start + run;
	}
	m->at[m->text.len] = m->start + i;
	return j == m->text.len;
}

/* Whether [from, end) of the text is on one line of the source. */
static bool
is_in_one_line(const struct byte_map *m, size_t from, size_t end)
{
	struct str part = str_tail(m->raw, m->at[from] - m->start);

	return !m->is_folded || str_find(part, '\n') >= m->at[end] - m->at[from];
}

static bool
map_bytes(struct arena *a, struct byte_map *m, struct str source, const struct node *n)
{
	*m = (struct byte_map){ .text = n->text, .start = n->at.offset };
	m->raw = str_head(str_tail(source, n->at.offset), n->at.len);
	m->at = ARENA_ARRAY(a, n->text.len + 1, size_t);
	if (m->raw.len == 0 || n->alias.line > 0)
		return false;
	switch (n->style) {
	case STYLE_JSON:
	case STYLE_DOUBLE:
		return m->raw.len >= 2 && m->raw.ptr[0] == '"' && map_line(m, 1, m->raw.len - 1);
	case STYLE_SINGLE:
		return m->raw.len >= 2 && m->raw.ptr[0] == '\'' && map_line(m, 1, m->raw.len - 1);
	case STYLE_PLAIN:
		return map_line(m, 0, m->raw.len);
	case STYLE_BLOCK:
		return m->raw.ptr[0] == '>' ? map_folded_block(m) : map_block(m);
	case STYLE_OTHER:
		return false;
	}
	return false;
}

/* The text as lines of a block, the first of which has begun unless it is put behind the last one. */
static struct str
indented(struct arena *a, const struct byte_map *m, struct str text, bool is_behind)
{
	struct buf made = BUF_INIT(MAX_SPEC_BYTES);

	for (size_t i = 0; i < text.len; i++) {
		bool begins = i == 0 ? is_behind : text.ptr[i - 1] == '\n';

		if (begins)
			buf_fmt(&made, "%*s", (int)m->indent, "");
		buf_add_char(&made, text.ptr[i]);
	}
	if (!is_behind && str_ends(text, "\n"))
		buf_fmt(&made, "%*s", (int)m->indent, "");
	return buf_take(&made, a);
}

/* The text as it has to be written between the scalar's quotes. */
static struct str
written(struct arena *a, const struct byte_map *m, const struct node *n, const struct edit *one)
{
	bool is_end = one->at.offset == m->text.len && str_ends(m->text, "\n");
	struct buf made = BUF_INIT(MAX_SPEC_BYTES);
	struct str quoted;

	if (n->style == STYLE_BLOCK)
		return indented(a, m, one->text, is_end);
	if (n->style == STYLE_PLAIN)
		return one->text;
	if (n->style != STYLE_SINGLE) {
		json_write_string(&made, one->text);
		quoted = buf_take(&made, a);
		return str_head(str_tail(quoted, 1), quoted.len - 2);
	}
	for (size_t i = 0; i < one->text.len; i++) {
		if (one->text.ptr[i] == '\'')
			buf_add_char(&made, '\'');
		buf_add_char(&made, one->text.ptr[i]);
	}
	return buf_take(&made, a);
}

bool
embed_edit(struct arena *a, struct str file, const struct embedded *in, const struct edit *one,
    struct edit *out)
{
	struct byte_map m;
	struct edit outer;
	size_t end = one->at.offset + one->at.len;

	*out = *one;
	if (!in)
		return true;
	if (!map_bytes(a, &m, embed_source(in->outer, file), in->scalar) || end > m.text.len
	    || !is_in_one_line(&m, one->at.offset, end)
	    || (m.is_folded && str_find(one->text, '\n') < one->text.len))
		return false;
	outer = (struct edit){
		.at = { .offset = m.at[one->at.offset],
		    .len = m.at[end] - m.at[one->at.offset],
		    .line = in->scalar->at.line },
		.text = written(a, &m, in->scalar, one),
	};
	return embed_edit(a, file, in->outer, &outer, out);
}

struct span
embed_span(struct arena *a, struct str file, const struct embedded *in, struct span at)
{
	const struct edit one = { .at = { .offset = at.offset, .len = at.len }, .text = STR("") };
	const struct embedded *outermost = in;
	struct edit found;
	struct span out = { .line = 1, .col = 1 };

	if (!in)
		return at;
	while (outermost->outer)
		outermost = outermost->outer;
	if (!embed_edit(a, file, in, &one, &found))
		return outermost->scalar->at;
	out.offset = found.at.offset;
	out.len = found.at.len;
	for (size_t i = 0; i < out.offset; i++) {
		out.col = file.ptr[i] == '\n' ? 1 : out.col + 1;
		out.line += file.ptr[i] == '\n';
	}
	return out;
}
