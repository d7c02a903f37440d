#include "base/mention.h"

#include <stdio.h>
#include <string.h>

static const char opening[] = "input '";

/* The place behind the name and its closing quote with which `text` begins; NULL: it does not begin with a name. */
static const char *
name_end(const char *text)
{
	size_t len = strncmp(text, "%s", 2) == 0 ? 2 : strspn(text, "abcdefghijklmnopqrstuvwxyz-");

	return len > 0 && text[len] == '\'' ? text + len + 1 : NULL;
}

/* The next mention in `text`, and in *end the place behind it; NULL: there is none. */
static const char *
next_mention(const char *text, const char **end)
{
	const char *at = strstr(text, opening);

	while (at) {
		*end = name_end(at + strlen(opening));
		if (*end)
			return at;
		at = strstr(at + 1, opening);
	}
	return NULL;
}

/* The length of the text that the first `len` bytes of the format make; 0 where it is unknown. They end between two
 * conversions. */
static size_t
made_by(const char *fmt, size_t len, va_list args)
{
	char part[1024];
	va_list copy;
	int made;

	if (len >= sizeof(part))
		return 0;
	memcpy(part, fmt, len);
	part[len] = '\0';
	va_copy(copy, args);
/* the beginning of a format that the callers' compiler has checked */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	made = vsnprintf(NULL, 0, part, copy);
#pragma GCC diagnostic pop
	va_end(copy);
	return made > 0 ? (size_t)made : 0;
}

struct mentions
mentions_of(const char *fmt, va_list args)
{
	struct mentions out = { .count = 0 };
	const char *at, *end, *rest = fmt;

	while (out.count < MENTIONS_MAX && (at = next_mention(rest, &end))) {
		size_t from = made_by(fmt, (size_t)(at - fmt), args);
		size_t to = made_by(fmt, (size_t)(end - fmt), args);

		if (to > from)
			out.list[out.count++] = (struct mention){ from, to - from };
		rest = end;
	}
	return out;
}

struct mentions
mentions_in(const char *text)
{
	struct mentions out = { .count = 0 };
	const char *at, *end, *rest = text;

	while (out.count < MENTIONS_MAX && (at = next_mention(rest, &end))) {
		out.list[out.count++] = (struct mention){ (size_t)(at - text), (size_t)(end - at) };
		rest = end;
	}
	return out;
}
