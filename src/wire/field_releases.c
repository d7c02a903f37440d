#include "wire/field_releases.h"

#include <string.h>

/* The message's rows; none where there is no such message. */
static struct field_rows
rows_of(const char *message)
{
	size_t low = 0, high = field_rows_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(field_rows_table[middle].message, message);

		if (order == 0)
			return field_rows_table[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return (struct field_rows){ message, 0, 0 };
}

/* Of the message's rows those of one name. */
static struct field_rows
rows_named(const char *message, const char *name)
{
	struct field_rows rows = rows_of(message);
	size_t low = rows.first, high = rows.end;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(field_releases_table[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (high = low; high < rows.end && strcmp(field_releases_table[high].name, name) == 0;)
		high++;
	return (struct field_rows){ message, low, high };
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
	struct field_rows rows = rows_named(message, name);

	*row = NULL;
	for (size_t i = rows.first; i < rows.end; i++) {
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
	struct field_rows rows = rows_of(message);

	for (size_t i = rows.first; i < rows.end; i++) {
		const struct field_releases *row = &field_releases_table[i];

		if (row->number == number && row->from <= wanted && wanted <= row->to)
			return row->name;
	}
	return NULL;
}
