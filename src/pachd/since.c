#include "pachd/since.h"

#include <string.h>

static int
compare(const struct since *row, const char *message, const char *name)
{
	int order = strcmp(row->message, message);

	return order ? order : strcmp(row->name, name);
}

/* The first row of the pair, or since_count. */
static size_t
first_row(const char *message, const char *name)
{
	size_t low = 0, high = since_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare(&since_table[middle], message, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < since_count && compare(&since_table[low], message, name) == 0 ? low
	                                                                           : since_count;
}

enum since_verdict
since_look(const char *message, const char *name, uint32_t version, const struct since **row)
{
	const struct since *later = NULL, *earlier = NULL, *newest = NULL;
	size_t i = first_row(message, name);

	*row = NULL;
	if (i == since_count)
		return SINCE_NEVER;
	for (; i < since_count && compare(&since_table[i], message, name) == 0; i++) {
		const struct since *one = &since_table[i];

		if (one->from > one->to)
			continue;
		if (version >= one->from && version <= one->to) {
			*row = one;
			return SINCE_KNOWN;
		}
		if (!newest || one->to > newest->to)
			newest = one;
		if (one->from > version && (!later || one->from < later->from))
			later = one;
		if (one->to < version && (!earlier || one->to > earlier->to))
			earlier = one;
	}
	if (!newest)
		return SINCE_NEVER;
	*row = version == 0 ? newest : earlier ? earlier : later;
	return version == 0 ? SINCE_KNOWN : earlier ? SINCE_GONE : SINCE_NOT_YET;
}
