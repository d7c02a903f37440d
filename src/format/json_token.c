#include "format/json_token.h"

#include "format/scan.h"

size_t
json_string_end(struct str text, size_t open)
{
	size_t i = open + 1;

	while (i < text.len && text.ptr[i] != '"')
		i += text.ptr[i] == '\\' ? 2 : 1;
	return i < text.len ? i : text.len;
}

static bool
is_control(int c)
{
	return c >= 0 && c < 0x20;
}

void
json_blanks(struct scan *s)
{
	for (int c = scan_peek(s); c >= 0 && c <= ' '; c = scan_peek(s)) {
		if (c == '\n') {
			scan_skip(s, 1);
			continue;
		}
		if (c != ' ' && c != '\t' && c != '\r')
			scan_error(s, CHECK_SYNTAX, scan_span(s, 1),
			    "use a space, a tab or a newline",
			    "byte 0x%02x is not whitespace in JSON", (unsigned)c);
		s->at++;
	}
}

/* The value of four hexadecimal digits, or -1. */
static int
hex4(struct str s)
{
	int value = 0;

	if (s.len < 4)
		return -1;
	for (size_t i = 0; i < 4; i++) {
		int c = (unsigned char)s.ptr[i], low = c | 0x20;

		if (c >= '0' && c <= '9')
			value = value * 16 + (c - '0');
		else if (low >= 'a' && low <= 'f')
			value = value * 16 + (low - 'a' + 10);
		else
			return -1;
	}
	return value;
}

/* As hex4() for a whole "\uXXXX". */
static int
unicode_escape(struct str s)
{
	return str_starts(s, "\\u") ? hex4(str_tail(s, 2)) : -1;
}

static void
bad_unicode(struct scan *s, size_t len, const char *what, const char *hint)
{
	struct span at = scan_span(s, len);

	scan_error(
	    s, CHECK_SYNTAX, at, hint, "'%.*s' %s", (int)at.len, s->text.ptr + at.offset, what);
}

/* Checks the "\u" escape at the place, which `inside` (the rest of the string) starts with; its
 * length. */
static size_t
check_unicode(struct scan *s, struct str inside)
{
	int unit = unicode_escape(inside), second;

	if (unit < 0) {
		bad_unicode(s, 2, "needs four hexadecimal digits",
		    "use for example \\u00e9, or the character itself");
		return 2;
	}
	if (unit == 0)
		bad_unicode(s, 6, "is a NUL character, which no field can contain", "remove it");
	if (unit < 0xd800 || unit > 0xdfff)
		return 6;
	second = unicode_escape(str_tail(inside, 6));
	if (unit < 0xdc00 && second >= 0xdc00 && second <= 0xdfff)
		return 12;
	bad_unicode(s, 6, "is half of a surrogate pair",
	    "use the character itself, or both halves of the pair");
	return 6;
}

/* Checks the escape at the place; its length. */
static size_t
check_escape(struct scan *s, struct str inside)
{
	int c = inside.len > 1 ? (unsigned char)inside.ptr[1] : -1;
	struct span at = scan_span(s, 2);

	if (c == 'u')
		return check_unicode(s, inside);
	if (str_span(str_tail(inside, 1), "\"\\/bfnrt") > 0)
		return 2;
	if (c > ' ' && c < 0x7f)
		scan_error(s, CHECK_SYNTAX, at, "for a backslash use \\\\",
		    "'\\%c' is not a JSON escape", c);
	else
		scan_error(s, CHECK_SYNTAX, at, "for a backslash use \\\\",
		    "a backslash escapes nothing here");
	return c < 0x80 ? 2 : 1;
}

static void
bad_control(struct scan *s, int c)
{
	struct span at = scan_span(s, 1);

	if (c == '\n')
		scan_error(s, CHECK_SYNTAX, at, "write \\n", "a string contains a raw line break");
	else if (c == '\t')
		scan_error(s, CHECK_SYNTAX, at, "write \\t", "a string contains a raw tab");
	else
		diag_hint(s->diags,
		    diags_error(s->diags, CHECK_SYNTAX, s->file, at,
		        "a string contains the control byte 0x%02x", (unsigned)c),
		    "use \\u%04x, or remove it", (unsigned)c);
}

/* Passes the inside of a string that ends at `end`; of raw control bytes only the first is noted,
 * since a pasted text has one on each line. */
static void
check_inside(struct scan *s, size_t end)
{
	bool reported = false;

	while (s->at < end) {
		struct str inside = str_head(scan_rest(s), end - s->at);
		int c = scan_peek(s);

		if (c == '\\') {
			scan_skip(s, check_escape(s, inside));
			continue;
		}
		/* the CR of a CRLF: the line break behind it is what should be reported */
		if (is_control(c) && !reported && !str_starts(inside, "\r\n")) {
			bad_control(s, c);
			reported = true;
		}
		scan_skip(s, 1);
	}
}

static bool
is_plain(struct str raw)
{
	for (size_t i = 0; i < raw.len; i++)
		if (raw.ptr[i] == '\\' || (unsigned char)raw.ptr[i] < 0x20)
			return false;
	return true;
}

static bool
not_closed(struct scan *s, const char *before)
{
	scan_error(s, CHECK_SYNTAX, scan_span(s, 1), "add the closing '\"'",
	    "the string is not closed before %s", before);
	return false;
}

bool
json_read_string(struct scan *s, bool one_line, struct json_string *out)
{
	size_t end = json_string_end(s->text, s->at);
	struct str inside = str_head(str_tail(s->text, s->at + 1), end - s->at - 1);

	if (one_line && str_find(inside, '\n') < inside.len)
		return not_closed(s, "the end of its line");
	if (end == s->text.len)
		return not_closed(s, "the end of the file");
	out->at = scan_span(s, end + 1 - s->at);
	out->raw = inside;
	out->is_plain = is_plain(inside);
	s->at++;
	if (out->is_plain)
		s->at = end;
	else
		check_inside(s, end);
	s->at = end + 1;
	return true;
}

/* Takes the exponent that `s` starts with, if any; false when it has no digits. */
static bool
take_exponent(struct str *s)
{
	size_t count;

	if (!str_take(s, "e") && !str_take(s, "E"))
		return true;
	(void)(str_take(s, "+") || str_take(s, "-"));
	count = str_digits(*s);
	*s = str_tail(*s, count);
	return count > 0;
}

/* The same for the '.' and the digits behind it. */
static bool
take_fraction(struct str *s)
{
	size_t count;

	if (!str_take(s, "."))
		return true;
	count = str_digits(*s);
	*s = str_tail(*s, count);
	return count > 0;
}

const char *
json_number_fault(struct str number)
{
	struct str s = str_starts(number, "-") ? str_tail(number, 1) : number;
	size_t whole = str_digits(s);

	if (str_starts(number, "+"))
		return "starts with '+'";
	if (str_starts(s, "0x") || str_starts(s, "0X"))
		return "is hexadecimal";
	if (str_starts(s, "."))
		return "has no digit before '.'";
	if (whole > 1 && s.ptr[0] == '0')
		return "has a leading zero";
	s = str_tail(s, whole);
	if (!take_fraction(&s))
		return "has no digit after '.'";
	if (whole == 0 || !take_exponent(&s) || s.len > 0)
		return "is not a JSON number";
	return NULL;
}

struct str
json_read_number(struct scan *s)
{
	struct str rest = scan_rest(s), number = str_head(rest, str_span(rest, CHARS_ALNUM "+-._"));
	struct str shown = scan_short(s, number);
	const char *fault = number.len > JSON_NUMBER_MOST ? "is longer than 63 characters"
	                                                  : json_number_fault(number);

	if (fault)
		scan_error(s, CHECK_SYNTAX, scan_span(s, number.len),
		    "use a decimal number such as 9, -0.5 or 1e6, or a string in double quotes",
		    "number '%.*s' %s", STR_FMT(shown), fault);
	s->at += number.len;
	return number;
}

/* How long the comment at the start of `rest` is; 0 when there is none. */
static size_t
comment_len(struct str rest)
{
	size_t len = 2;

	if (str_starts(rest, "#") || str_starts(rest, "//"))
		return str_find(rest, '\n');
	if (!str_starts(rest, "/*"))
		return 0;
	while (len < rest.len && !str_starts(str_tail(rest, len), "*/"))
		len++;
	return len < rest.len ? len + 2 : rest.len;
}

bool
json_comment(struct scan *s)
{
	size_t len = comment_len(scan_rest(s));

	if (len == 0)
		return false;
	scan_error(
	    s, CHECK_SYNTAX, scan_span(s, len), "remove the comment", "JSON has no comments");
	scan_skip(s, len);
	return true;
}
