#include "files/glob.h"

#include "base/utf8.h"

/* Above every character: a byte that starts none means itself. */
enum { NO_CHARACTER = 0x110000 };

/* Takes the next character of `*s`, which is not empty. */
static uint32_t
take_character(struct str *s)
{
	uint32_t point = NO_CHARACTER + (unsigned char)s->ptr[0];
	size_t len = utf8_first(*s, &point);

	*s = str_tail(*s, len > 0 ? len : 1);
	return point;
}

/* The same for a pattern, where '\' quotes; one at the very end is itself. */
static uint32_t
take_quoted(struct str *s)
{
	if (s->ptr[0] == '\\' && s->len > 1)
		*s = str_tail(*s, 1);
	return take_character(s);
}

/*
 * Reads the bracket that `*glob` starts with, passes it and says whether it holds `point`.
 * 1 it does, 0 it does not, -1 it is not closed (`*glob` stays).
 */
static int
bracket(struct str *glob, uint32_t point)
{
	struct str s = str_tail(*glob, 1);
	bool wanted = true, found = false;

	if (str_take(&s, "!") || str_take(&s, "^"))
		wanted = false;
	for (bool is_first = true; s.len > 0 && (is_first || s.ptr[0] != ']'); is_first = false) {
		uint32_t low = take_quoted(&s), high = low;

		if (s.len > 1 && s.ptr[0] == '-' && s.ptr[1] != ']') {
			s = str_tail(s, 1);
			high = take_quoted(&s);
		}
		found = found || (point >= low && point <= high);
	}
	if (s.len == 0)
		return -1;
	*glob = str_tail(s, 1);
	return found == wanted;
}

/* Where the last unquoted ']' is, or NULL: no '[' behind it can be closed, and none needs to be
 * searched for its end again and again. */
static const char *
last_closer(struct str glob)
{
	const char *last = NULL;

	for (size_t i = 0; i < glob.len; i++) {
		if (glob.ptr[i] == ']')
			last = glob.ptr + i;
		if (glob.ptr[i] == '\\')
			i++;
	}
	return last;
}

/* Matches one character of both, a '*' excepted, and passes it. */
static bool
match_one(struct str *glob, struct str *name, const char *closer)
{
	uint32_t point = take_character(name);
	int held;

	if (str_take(glob, "?"))
		return true;
	held = glob->ptr[0] == '[' && closer && glob->ptr < closer ? bracket(glob, point) : -1;
	return held < 0 ? take_quoted(glob) == point : held == 1;
}

static bool
is_dot_shut(struct str glob, struct str name)
{
	return str_starts(name, ".") && !str_starts(glob, ".") && !str_starts(glob, "\\.");
}

/* When something behind a '*' does not fit, only the last '*' needs to take one more character: an
 * earlier one could reach no place that the last cannot. So no pattern costs more than the product
 * of the lengths. */
bool
glob_match_part(struct str glob, struct str name)
{
	struct str star_glob = { NULL, 0 }, star_name = { NULL, 0 };
	const char *closer = last_closer(glob);

	if (is_dot_shut(glob, name))
		return false;
	while (name.len > 0 || glob.len > 0) {
		if (str_take(&glob, "*")) {
			star_glob = glob;
			star_name = name;
			continue;
		}
		if (glob.len > 0 && name.len > 0 && match_one(&glob, &name, closer))
			continue;
		if (star_name.len == 0)
			return false;
		(void)take_character(&star_name);
		glob = star_glob;
		name = star_name;
	}
	return true;
}

/* Takes the next part of `*rest` that is not empty. */
static bool
take_part(struct str *rest, struct str *part)
{
	while (str_split(rest, '/', part))
		if (part->len > 0)
			return true;
	return false;
}

/* The same idea as in glob_match_part(), with parts for characters and "**" for '*'. */
bool
glob_match(struct str glob, struct str path)
{
	struct str many_glob = { NULL, 0 }, many_path = { NULL, 0 }, want, have;
	bool is_many = false;

	if (str_starts(glob, "/") != str_starts(path, "/"))
		return false;
	for (;;) {
		struct str next_glob = glob, next_path = path;
		bool wanted = take_part(&next_glob, &want);

		if (wanted && str_is(want, "**")) {
			glob = many_glob = next_glob;
			many_path = path;
			is_many = true;
			continue;
		}
		if (!take_part(&next_path, &have))
			return !wanted;
		if (wanted && glob_match_part(want, have)) {
			glob = next_glob;
			path = next_path;
			continue;
		}
		if (!is_many || !take_part(&many_path, &have) || have.ptr[0] == '.')
			return false;
		glob = many_glob;
		path = many_path;
	}
}

bool
glob_is_pattern(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '*' || text.ptr[i] == '?' || text.ptr[i] == '[')
			return true;
		if (text.ptr[i] == '\\')
			i++;
	}
	return false;
}

size_t
glob_unquote(char *text, size_t len)
{
	size_t kept = 0;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\\' && i + 1 < len)
			i++;
		text[kept++] = text[i];
	}
	return kept;
}
