#include "wire/field_releases.h"

#include <string.h>

struct field_rows
field_rows_of(const char *message)
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

static int
compare_name(size_t row, struct str name)
{
	return str_cmp(str_of(field_releases_table[row].name), name);
}

/* The message's rows of one name. */
static struct field_rows
rows_named(const struct field_rows *rows, struct str name)
{
	uint32_t low = rows->first, high = rows->end;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (compare_name(middle, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (high = low; high < rows->end && compare_name(high, name) == 0;)
		high++;
	return (struct field_rows){ rows->message, low, high };
}

/* The row that is nearer to `version`: the last one that ended before it, else the next one. */
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

/* Whether the row is that of `version`. Never for 0, any release: the caller then takes the newest row. */
static bool
holds_at(const struct field_releases *row, uint32_t version)
{
	return version != 0 && version >= row->from && version <= row->to;
}

enum field_status
field_rows_lookup(const struct field_rows *rows, struct str name, uint32_t version,
    const struct field_releases **row)
{
	const struct field_releases *best = NULL, *newest = NULL;
	struct field_rows named = rows_named(rows, name);

	*row = NULL;
	for (size_t i = named.first; i < named.end; i++) {
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
field_rows_name(const struct field_rows *rows, uint32_t number, uint32_t version)
{
	uint32_t wanted = version ? version : FIELD_EVER;

	for (size_t i = rows->first; i < rows->end; i++) {
		const struct field_releases *row = &field_releases_table[i];

		if (row->number == number && row->from <= wanted && wanted <= row->to)
			return row->name;
	}
	return NULL;
}
