#include "wire/field_releases.h"

#include <string.h>

static int
compare(const struct field_releases *row, const char *message, const char *name)
{
	int order = strcmp(row->message, message);

	return order ? order : strcmp(row->name, name);
}

/* The first row that is not before the pair. */
static size_t
lowest_row(const char *message, const char *name)
{
	size_t low = 0, high = field_releases_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare(&field_releases_table[middle], message, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The first row of the pair, or field_releases_count. */
static size_t
first_row(const char *message, const char *name)
{
	size_t row = lowest_row(message, name);

	return row < field_releases_count && compare(&field_releases_table[row], message, name) == 0
	           ? row
	           : field_releases_count;
}

/* Of two rows the one that is nearer to `version`: the last that ended before it, else the next. */
static const struct field_releases *
nearer(const struct field_releases *best, const struct field_releases *one, uint32_t version)
{
	bool one_ended = one->to < version, best_ended = best && best->to < version;

	if (!best || one_ended != best_ended)
		return !best || one_ended ? one : best;
	if (one_ended)
		return one->to > best->to ? one : best;
	return one->from < best->from ? one : best;
}

/* Version 0 is any release: the newest row is wanted then, not one that begins with its line. */
static bool
holds_at(const struct field_releases *row, uint32_t version)
{
	return version != 0 && version >= row->from && version <= row->to;
}

enum field_status
field_releases_lookup(
    const char *message, const char *name, uint32_t version, const struct field_releases **row)
{
	const struct field_releases *best = NULL, *newest = NULL;

	*row = NULL;
	for (size_t i = first_row(message, name);
	     i < field_releases_count && compare(&field_releases_table[i], message, name) == 0;
	     i++) {
		const struct field_releases *one = &field_releases_table[i];

		if (one->from > one->to)
			continue;
		if (holds_at(one, version)) {
			*row = one;
			return FIELD_KNOWN;
		}
		newest = !newest || one->to > newest->to ? one : newest;
		best = nearer(best, one, version);
	}
	if (!newest)
		return FIELD_NEVER;
	*row = version == 0 ? newest : best;
	if (version == 0)
		return FIELD_KNOWN;
	return best->to < version ? FIELD_GONE : FIELD_NOT_YET;
}

const char *
field_releases_name(const char *message, uint32_t number, uint32_t version)
{
	uint32_t wanted = version ? version : FIELD_EVER;

	for (size_t i = lowest_row(message, "");
	     i < field_releases_count && strcmp(field_releases_table[i].message, message) == 0;
	     i++) {
		const struct field_releases *row = &field_releases_table[i];

		if (row->number == number && row->from <= wanted && wanted <= row->to)
			return row->name;
	}
	return NULL;
}
