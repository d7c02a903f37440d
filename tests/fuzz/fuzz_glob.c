/*
 * Input: a glob, a line feed, a path. glob_match() must agree with a matcher that tries everything,
 * and a text whose special bytes are all quoted must match itself alone.
 */
#include <string.h>

#include "files/glob.h"

#include "fuzz.h"

/* Splits off the first part of `*rest` that is not empty. */
static bool
next_part(struct str *rest, struct str *part)
{
	while (rest->len > 0) {
		size_t len = str_find(*rest, '/');

		*part = str_head(*rest, len);
		*rest = str_tail(*rest, len + 1);
		if (part->len > 0)
			return true;
	}
	return false;
}

/* Where the bracket that starts at glob.ptr[0] closes, or 0. */
static size_t
bracket_end(struct str glob)
{
	size_t i = 1;

	if (i < glob.len && (glob.ptr[i] == '!' || glob.ptr[i] == '^'))
		i++;
	for (size_t first = i; i < glob.len; i++) {
		if (glob.ptr[i] == ']' && i != first)
			return i;
		if (glob.ptr[i] == '\\' && i + 1 < glob.len)
			i++;
	}
	return 0;
}

/* Whether the inside of a bracket holds `c`; ASCII only. */
static bool
holds(struct str set, char c)
{
	bool is_inverse = set.len > 0 && (set.ptr[0] == '!' || set.ptr[0] == '^');
	bool found = false;
	char low, high;

	for (size_t i = is_inverse; i < set.len; i++) {
		i += set.ptr[i] == '\\' && i + 1 < set.len;
		low = high = set.ptr[i];
		if (i + 2 < set.len && set.ptr[i + 1] == '-') {
			i += 2;
			i += set.ptr[i] == '\\' && i + 1 < set.len;
			high = set.ptr[i];
		}
		found = found || (low <= c && c <= high);
	}
	return found != is_inverse;
}

/* The rules by recursion, for ASCII. */
static bool
try_rest(struct str glob, struct str name)
{
	size_t end;

	if (glob.len == 0)
		return name.len == 0;
	if (glob.ptr[0] == '*')
		return try_rest(str_tail(glob, 1), name)
		       || (name.len > 0 && try_rest(glob, str_tail(name, 1)));
	if (name.len == 0)
		return false;
	end = glob.ptr[0] == '[' ? bracket_end(glob) : 0;
	if (end > 0)
		return holds(str_head(str_tail(glob, 1), end - 1), name.ptr[0])
		       && try_rest(str_tail(glob, end + 1), str_tail(name, 1));
	if (glob.ptr[0] == '\\' && glob.len > 1)
		glob = str_tail(glob, 1);
	else if (glob.ptr[0] == '?')
		return try_rest(str_tail(glob, 1), str_tail(name, 1));
	return glob.ptr[0] == name.ptr[0] && try_rest(str_tail(glob, 1), str_tail(name, 1));
}

static bool
is_tame(struct str glob, struct str name)
{
	size_t stars = 0, high = 0;

	for (size_t i = 0; i < glob.len; i++) {
		stars += glob.ptr[i] == '*';
		high += (glob.ptr[i] & 0x80) != 0;
	}
	for (size_t i = 0; i < name.len; i++)
		high += (name.ptr[i] & 0x80) != 0;
	return stars <= 6 && high == 0;
}

static bool
try_part(struct str glob, struct str name)
{
	bool is_match = glob_match_part(glob, name);

	if (!is_tame(glob, name))
		return is_match;
	if (name.len > 0 && name.ptr[0] == '.' && !str_starts(glob, ".")
	    && !str_starts(glob, "\\."))
		must(!is_match);
	else
		must(is_match == try_rest(glob, name));
	return is_match;
}

static bool
try_path(struct str glob, struct str path)
{
	struct str want, have, rest = path;
	bool wanted = next_part(&glob, &want), had;

	if (!wanted)
		return !next_part(&rest, &have);
	if (str_is(want, "**")) {
		for (;;) {
			if (try_path(glob, rest))
				return true;
			if (!next_part(&rest, &have) || have.ptr[0] == '.')
				return false;
		}
	}
	had = next_part(&rest, &have);
	return had && try_part(want, have) && try_path(glob, rest);
}

static void
quoted_matches_itself(struct str path)
{
	char *quoted = malloc(2 * path.len + 1), *copy = malloc(2 * path.len + 1);
	size_t len = 0, i;

	must(quoted && copy);
	for (i = 0; i < path.len; i++) {
		if (strchr("*?[]\\!-^", path.ptr[i]) && path.ptr[i] != '\0')
			quoted[len++] = '\\';
		quoted[len++] = path.ptr[i];
	}
	must(!glob_is_pattern((struct str){ quoted, len }));
	must(glob_match((struct str){ quoted, len }, path));
	memcpy(copy, quoted, len);
	must(glob_unquote(copy, len) == path.len && memcmp(copy, path.ptr, path.len) == 0);
	free(quoted);
	free(copy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct str all = { (const char *)data, len }, glob, path;

	if (len > 60)
		return 0;
	glob = str_head(all, str_find(all, '\n'));
	path = str_tail(all, glob.len + 1);
	if (str_starts(glob, "/") == str_starts(path, "/"))
		must(glob_match(glob, path) == try_path(glob, path));
	else
		must(!glob_match(glob, path));
	if (path.len > 0)
		quoted_matches_itself(path);
	return 0;
}
