/*
 * Input: a glob, a line feed, a path. glob_match() must agree with a matcher that tries everything,
 * and a text whose special bytes are all quoted must match itself alone.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "files/glob.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
must(bool good)
{
	if (!good)
		abort();
}

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

/* The naive reading of '*' on top of the rest of the part matcher. */
static bool
try_part(struct str glob, struct str name, int budget)
{
	size_t star = 0;

	while (star < glob.len && glob.ptr[star] != '*' && glob.ptr[star] != '['
	    && glob.ptr[star] != '\\' && glob.ptr[star] != '?' && (glob.ptr[star] & 0x80) == 0)
		star++;
	if (star == glob.len)
		return str_eq(glob, name);
	if (glob.ptr[star] != '*' || budget == 0)
		return glob_match_part(glob, name);
	if (!str_eq(str_head(glob, star), str_head(name, star)))
		return false;
	if (star == 0 && name.len > 0 && name.ptr[0] == '.')
		return false;
	name = str_tail(name, star);
	glob = str_tail(glob, star + 1);
	for (size_t i = 0; i <= name.len; i++) {
		struct str left = str_tail(name, i);

		if (left.len > 0 && ((unsigned char)left.ptr[0] >= 0x80 || left.ptr[0] == '.'))
			return glob_match_part(glob, left) || budget; /* undecided: let it be */
		if (try_part(glob, left, budget - 1))
			return true;
	}
	return false;
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
	return had && glob_match_part(want, have) && try_path(glob, rest);
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
