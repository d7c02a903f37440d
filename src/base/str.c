#include "base/str.h"

#include <string.h>
#include <strings.h>

struct str
str_of(const char *text)
{
	return (struct str){ text, text ? strlen(text) : 0 };
}

bool
str_eq(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool
str_is(struct str a, const char *text)
{
	return str_eq(a, str_of(text));
}

bool
str_is_like(struct str a, const char *text)
{
	return a.len == strlen(text) && (a.len == 0 || strncasecmp(a.ptr, text, a.len) == 0);
}

bool
str_is_any(struct str s, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (str_is(s, words[i]))
			return true;
	return false;
}

bool
str_is_one_of(struct str s, const char *words)
{
	struct str rest = str_of(words), word;

	while (str_split(&rest, '|', &word))
		if (str_eq(word, s))
			return true;
	return false;
}

bool
str_starts(struct str s, const char *prefix)
{
	struct str p = str_of(prefix);

	return s.len >= p.len && str_eq(str_head(s, p.len), p);
}

bool
str_ends(struct str s, const char *suffix)
{
	struct str e = str_of(suffix);

	return s.len >= e.len && str_eq(str_tail(s, s.len - e.len), e);
}

bool
str_take(struct str *s, const char *prefix)
{
	if (!str_starts(*s, prefix))
		return false;
	*s = str_tail(*s, strlen(prefix));
	return true;
}

int
str_cmp(struct str a, struct str b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n ? memcmp(a.ptr, b.ptr, n) : 0;

	if (order != 0)
		return order;
	return (a.len > b.len) - (a.len < b.len);
}

struct str
str_head(struct str s, size_t len)
{
	return (struct str){ s.ptr, len < s.len ? len : s.len };
}

struct str
str_tail(struct str s, size_t len)
{
	if (len > s.len)
		len = s.len;
	return (struct str){ s.ptr ? s.ptr + len : NULL, s.len - len };
}

size_t
str_find(struct str s, char c)
{
	const char *at = s.len ? memchr(s.ptr, c, s.len) : NULL;

	return at ? (size_t)(at - s.ptr) : s.len;
}

size_t
str_rfind(struct str s, char c)
{
	for (size_t i = s.len; i > 0; i--)
		if (s.ptr[i - 1] == c)
			return i - 1;
	return s.len;
}

bool
str_holds(struct str s, struct str word)
{
	while (s.len >= word.len) {
		size_t at = str_find(str_head(s, s.len - word.len + 1), word.ptr[0]);

		if (at == s.len - word.len + 1)
			return false;
		if (memcmp(s.ptr + at, word.ptr, word.len) == 0)
			return true;
		s = str_tail(s, at + 1);
	}
	return false;
}

static bool
is_in(char c, const char *set)
{
	return c != '\0' && strchr(set, c);
}

size_t
str_span(struct str s, const char *set)
{
	size_t n = 0;

	while (n < s.len && is_in(s.ptr[n], set))
		n++;
	return n;
}

size_t
str_cspan(struct str s, const char *set)
{
	size_t n = 0;

	while (n < s.len && !is_in(s.ptr[n], set))
		n++;
	return n;
}

bool
str_is_of(struct str s, const char *set)
{
	return s.len > 0 && str_span(s, set) == s.len;
}

size_t
str_digits(struct str s)
{
	return str_span(s, CHARS_DIGIT);
}

bool
str_has_control(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] < ' ' || s.ptr[i] == 0x7f)
			return true;
	return false;
}

bool
str_number(struct str s, uint64_t *out)
{
	static const size_t max_digits = 18; /* a 64-bit number has room for all of these */

	if (s.len == 0 || s.len > max_digits || str_digits(s) != s.len)
		return false;
	*out = 0;
	for (size_t i = 0; i < s.len; i++)
		*out = *out * 10 + (uint64_t)(s.ptr[i] - '0');
	return true;
}

struct str
str_trim(struct str s)
{
	static const char blanks[] = " \t\r\n";

	s = str_tail(s, str_span(s, blanks));
	while (s.len > 0 && is_in(s.ptr[s.len - 1], blanks))
		s.len--;
	return s;
}

bool
str_split(struct str *rest, char sep, struct str *part)
{
	size_t at;

	if (!rest->ptr)
		return false;
	at = str_find(*rest, sep);
	*part = str_head(*rest, at);
	*rest = at < rest->len ? str_tail(*rest, at + 1) : (struct str){ NULL, 0 };
	return true;
}
