#include "ci/markdown.h"

#include <string.h>

#include "ci/say.h"

enum { TEXT_MAX = 1 << 20 };

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
	       || (unsigned char)c >= 0x80;
}

void
md_clean(struct buf *out, struct str text)
{
	say_clean(out, text, SAY_INSIDE);
}

void
md_text(struct buf *out, struct str text)
{
	struct buf clean = BUF_INIT(TEXT_MAX);

	md_clean(&clean, text);
	for (size_t i = 0; i < clean.len; i++) {
		char c = clean.ptr[i];
		/* a dot behind a 'w' would make a link of "www.x" */
		bool is_link = c == '.' && i > 0 && (clean.ptr[i - 1] | 0x20) == 'w';

		if (is_letter(c) || (strchr(" /-,.()='+%$;?", c) && !is_link))
			buf_add_char(out, c);
		else if (c == '\t')
			buf_add_char(out, ' ');
		else
			buf_fmt(out, "&#%d;", c);
	}
	buf_free(&clean);
}

/* GitHub splits a row at each '|' that no backslash precedes, code or not. */
static bool
is_code(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (strchr("`|\\\t", text.ptr[i]))
			return false;
	return !str_starts(text, " ") && !str_ends(text, " ");
}

void
md_code(struct buf *out, struct str text)
{
	struct buf clean = BUF_INIT(TEXT_MAX);

	md_clean(&clean, text);
	if (clean.len > 0 && is_code(buf_str(&clean)))
		buf_fmt(out, "`%.*s`", STR_FMT(buf_str(&clean)));
	else
		md_text(out, text);
	buf_free(&clean);
}

static size_t
longest_run(struct str text, char c)
{
	size_t longest = 0, run = 0;

	for (size_t i = 0; i < text.len; i++) {
		run = text.ptr[i] == c ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	return longest;
}

static void
add_run(struct buf *out, char c, size_t count)
{
	while (count-- > 0)
		buf_add_char(out, c);
}

void
md_fence(struct buf *out, const char *kind, struct str lines)
{
	size_t ticks = longest_run(lines, '`') + 1;

	ticks = ticks < 3 ? 3 : ticks;
	add_run(out, '`', ticks);
	buf_fmt(out, "%s\n", kind);
	buf_add(out, lines);
	add_run(out, '`', ticks);
	buf_add_char(out, '\n');
}

/* Mermaid has entities of its own: #35; where HTML has &#35; */
void
md_mermaid(struct buf *out, struct str text)
{
	struct buf clean = BUF_INIT(TEXT_MAX);

	md_clean(&clean, text);
	for (size_t i = 0; i < clean.len; i++) {
		char c = clean.ptr[i];

		if (is_letter(c) || strchr(" /-,._", c))
			buf_add_char(out, c);
		else
			buf_fmt(out, "#%d;", c == '\t' ? ' ' : c);
	}
	buf_free(&clean);
}
