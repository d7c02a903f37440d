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

/* Whether `c` would make a mention, a link or a reference to an issue of what is around it: "@name", "#1", "GH-1",
 * "www.x", "https://". */
static bool
makes_link(char c, char before, char after)
{
	if (c == '@' || c == '#')
		return true;
	if (c == '.')
		return (before | 0x20) == 'w';
	return (c == '-' && (before | 0x20) == 'h') || (c == ':' && after == '/');
}

/* GitHub looks for mentions and the like in the rendered text, where character references are characters again: a
 * zero-width space (U+200B) beside the character ends what is looked for. */
void
md_text(struct buf *out, struct str text)
{
	struct buf clean = BUF_INIT(TEXT_MAX);

	md_clean(&clean, text);
	for (size_t i = 0; i < clean.len; i++) {
		char c = clean.ptr[i], before = i > 0 ? clean.ptr[i - 1] : '\0';
		bool links = makes_link(c, before, i + 1 < clean.len ? clean.ptr[i + 1] : '\0');

		if (links && c == '.') /* "www." is looked for before references are replaced */
			buf_add(out, STR("&#8203;"));
		if (is_letter(c) || strchr(" /-,.()='+%$;?", c))
			buf_add_char(out, c);
		else if (c == '\t')
			buf_add_char(out, ' ');
		else
			buf_fmt(out, "&#%d;", c);
		if (links && c != '.')
			buf_add(out, STR("&#8203;"));
	}
	buf_free(&clean);
}

/* GitHub splits a row at each '|' that no backslash precedes, code or not. */
static bool
is_code(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (strchr("|\\\t", text.ptr[i]))
			return false;
	return !str_starts(text, " ") && !str_ends(text, " ");
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

/* The fence is longer than any run of backticks inside; a blank keeps them from one that is at an end. */
void
md_code(struct buf *out, struct str text)
{
	struct buf clean = BUF_INIT(TEXT_MAX);
	size_t ticks;
	bool pads;

	md_clean(&clean, text);
	if (clean.len == 0 || !is_code(buf_str(&clean))) {
		md_text(out, text);
		buf_free(&clean);
		return;
	}
	ticks = longest_run(buf_str(&clean), '`') + 1;
	pads = str_starts(buf_str(&clean), "`") || str_ends(buf_str(&clean), "`");
	add_run(out, '`', ticks);
	buf_fmt(out, "%s%.*s%s", pads ? " " : "", STR_FMT(buf_str(&clean)), pads ? " " : "");
	add_run(out, '`', ticks);
	buf_free(&clean);
}

static bool
has_link(struct str word)
{
	for (size_t i = 0; i < word.len; i++)
		if (makes_link(word.ptr[i], i > 0 ? word.ptr[i - 1] : '\0',
		        i + 1 < word.len ? word.ptr[i + 1] : '\0'))
			return true;
	return false;
}

void
md_prose(struct buf *out, struct str text)
{
	struct str rest = text, word;

	for (bool is_first = true; str_split(&rest, ' ', &word); is_first = false) {
		if (!is_first)
			buf_add_char(out, ' ');
		if (has_link(word))
			md_code(out, word);
		else
			md_text(out, word);
	}
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
