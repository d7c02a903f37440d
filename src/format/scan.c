#include "format/scan.h"

#include "base/arena.h"
#include "base/utf8.h"

enum { SHOWN_MOST = 40 };

int
scan_peek(const struct scan *s)
{
	return s->at < s->text.len ? (unsigned char)s->text.ptr[s->at] : -1;
}

struct str
scan_rest(const struct scan *s)
{
	return str_tail(s->text, s->at);
}

bool
scan_eat(struct scan *s, char c)
{
	if (scan_peek(s) != (unsigned char)c)
		return false;
	s->at++;
	return true;
}

void
scan_skip(struct scan *s, size_t len)
{
	struct str passed = str_head(scan_rest(s), len);
	size_t end = s->at + passed.len;

	for (size_t i; (i = str_find(passed, '\n')) < passed.len;
	     passed = str_tail(passed, i + 1)) {
		s->line++;
		s->line_at = end - passed.len + i + 1;
	}
	s->at = end;
}

struct span
scan_span(const struct scan *s, size_t len)
{
	return (struct span){
		.line = s->line,
		.col = (uint32_t)(s->at - s->line_at + 1),
		.offset = s->at,
		.len = str_head(scan_rest(s), len).len,
	};
}

static bool
is_word_byte(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
	       || c == '_';
}

size_t
scan_word(const struct scan *s)
{
	struct str rest = scan_rest(s);
	size_t len = 0;

	while (len < rest.len && is_word_byte(rest.ptr[len]))
		len++;
	return len;
}

/* The length of the character at the start of `rest`. */
static size_t
character(struct str rest)
{
	size_t len = 1;

	while (len < rest.len && utf8_is_inside(rest.ptr[len]))
		len++;
	return len;
}

/* Words that people write for JSON's constants. */
static bool
is_constant(const struct scan *s, struct str word)
{
	static const char *const words[] = { "true", "false", "null", "yes", "no", "on", "off",
		"none", "nil", "undefined", "nan", "inf", "infinity" };
	struct str low = arena_lower(s->arena, word);

	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (str_is(low, words[i]))
			return true;
	return false;
}

struct str
scan_found(const struct scan *s)
{
	struct str rest = scan_rest(s);
	size_t word = scan_word(s);

	if (rest.len == 0)
		return STR("the end of the file");
	if (str_starts(rest, "\xef\xbb\xbf"))
		return STR("a byte order mark");
	if ((unsigned char)rest.ptr[0] < 0x20 || rest.ptr[0] == 0x7f)
		return arena_fmt(s->arena, "byte 0x%02x", (unsigned char)rest.ptr[0]);
	if (word > 1 && !is_constant(s, str_head(rest, word)))
		return STR("a word without quotes");
	rest = str_head(rest, word ? word : character(rest));
	return arena_fmt(s->arena, "'%.*s'", STR_FMT(rest));
}

struct str
scan_short(const struct scan *s, struct str text)
{
	struct str head = utf8_head(text, SHOWN_MOST);

	return head.len == text.len ? text : arena_fmt(s->arena, "%.*s...", STR_FMT(head));
}

void
scan_report_twice(struct scan *s, const struct node *first, const struct node *second)
{
	struct str key = scan_short(s, second->key);
	unsigned line = first->key_at.line, col = first->key_at.col;
	struct diag *one;

	if (node_is_alike(first, second))
		one = diags_warn(s->diags, CHECK_DUPLICATE_KEY, s->file, second->key_at,
		    "duplicate key \"%.*s\" with the same value, first at %u:%u", STR_FMT(key),
		    line, col);
	else
		one = diags_error(s->diags, CHECK_DUPLICATE_KEY, s->file, second->key_at,
		    "duplicate key \"%.*s\", first at %u:%u", STR_FMT(key), line, col);
	diag_hint(s->diags, one, "keep one of them");
}
