#include "files/dotgit.h"

#include <stddef.h>

#include "base/utf8.h"

static bool
is_letter(char c, char small)
{
	return c == small || (small >= 'a' && small <= 'z' && (c | 0x20) == small);
}

/* The length of a character at the start of `s` that HFS+ passes over when it compares names (U+200C to U+200F,
 * U+202A to U+202E, U+206A to U+206F, U+FEFF); 0: it is another one. */
static size_t
passed_over(struct str s)
{
	uint32_t c = 0;
	size_t len = utf8_first(s, &c);

	return (c >= 0x200c && c <= 0x200f) || (c >= 0x202a && c <= 0x202e)
	               || (c >= 0x206a && c <= 0x206f) || c == 0xfeff
	           ? len
	           : 0;
}

/* Takes `word` from the start of `*s`, whatever its case and what HFS+ passes over. */
static bool
take_word(struct str *s, const char *word)
{
	struct str rest = *s;

	while (*word) {
		size_t len = passed_over(rest);

		if (len == 0 && (rest.len == 0 || !is_letter(rest.ptr[0], *word)))
			return false;
		word += len == 0;
		rest = str_tail(rest, len > 0 ? len : 1);
	}
	*s = rest;
	return true;
}

/* Nothing counts behind a name: blanks and dots, what HFS+ passes over, a stream. */
static bool
ends_here(struct str s)
{
	while (s.len > 0 && s.ptr[0] != ':') {
		size_t len = passed_over(s);

		if (len == 0 && s.ptr[0] != ' ' && s.ptr[0] != '.')
			return false;
		s = str_tail(s, len > 0 ? len : 1);
	}
	return true;
}

static bool
is_git(struct str part)
{
	return (take_word(&part, ".git") || take_word(&part, "git~1")) && ends_here(part);
}

bool
path_enters_git(struct str path)
{
	size_t start = 0;

	for (size_t i = 0; i <= path.len; i++) {
		if (i < path.len && path.ptr[i] != '/' && path.ptr[i] != '\\')
			continue;
		if (is_git(str_head(str_tail(path, start), i - start)))
			return true;
		start = i + 1;
	}
	return false;
}
