#include "wire/release.h"

#include "base/arena.h"

enum { MAX_PART = 1023 };

const uint32_t release_lines[] = { RELEASE(1, 7, 14), RELEASE(1, 8, 8), RELEASE(1, 9, 12),
	RELEASE(1, 10, 5), RELEASE(1, 11, 9), RELEASE(1, 12, 5), RELEASE(1, 13, 4),
	RELEASE(2, 0, 8), RELEASE(2, 1, 9), RELEASE(2, 2, 8), RELEASE(2, 3, 9), RELEASE(2, 4, 6),
	RELEASE(2, 5, 9), RELEASE(2, 6, 11), RELEASE(2, 7, 8), RELEASE(2, 8, 10), RELEASE(2, 9, 7),
	RELEASE(2, 10, 7), RELEASE(2, 11, 6), RELEASE(2, 12, 0) };

const size_t release_line_count = COUNT_OF(release_lines);

/* The last patch release of MAJOR.MINOR that pachup knows; if it knows none, the highest possible one. */
static uint32_t
newest_of(uint32_t major, uint32_t minor)
{
	for (size_t i = 0; i < release_line_count; i++)
		if (release_lines[i] >> 10 == RELEASE(major, minor, 0) >> 10)
			return release_lines[i];
	return RELEASE(major, minor, MAX_PART);
}

/* One number of at most four digits; false when there is none or it is too large. */
static bool
read_part(struct str part, uint32_t *out)
{
	*out = 0;
	for (size_t i = 0; i < part.len; i++) {
		if (part.ptr[i] < '0' || part.ptr[i] > '9' || i > 3)
			return false;
		*out = *out * 10 + (uint32_t)(part.ptr[i] - '0');
	}
	return part.len > 0 && *out <= MAX_PART;
}

int
release_parse(struct str text, uint32_t *out, struct err *err)
{
	uint32_t number[3] = { 0, 0, MAX_PART };
	struct str rest = str_trim(text), part;
	bool good = rest.len > 0;
	size_t count = 0;

	if (str_starts(rest, "v"))
		rest = str_tail(rest, 1);
	for (; good && str_split(&rest, '.', &part); count++)
		good = count < 3 && read_part(part, &number[count]);
	if (!good || count < 2) {
		(void)err_set(err, ERR_USAGE,
		    "invalid pachd release '%.*s' in input 'server-version'",
		    STR_FMT(str_head(text, 100)));
		return err_hint(err, "use for example 2.11 or 1.13.4");
	}
	*out =
	    count == 2 ? newest_of(number[0], number[1]) : RELEASE(number[0], number[1], number[2]);
	if (*out < (uint32_t)RELEASE_OLDEST) {
		(void)err_set(err, ERR_USAGE, "pachd %.*s is too old", STR_FMT(text));
		return err_hint(err, "pachup supports 1.7 to 2.11");
	}
	return 0;
}

struct str
release_text(struct arena *a, uint32_t version)
{
	unsigned micro = version & 1023;

	if (micro == MAX_PART)
		return arena_fmt(a, "%u.%u", version >> 20, version >> 10 & 1023);
	return arena_fmt(a, "%u.%u.%u", version >> 20, version >> 10 & 1023, micro);
}
