#include "wire/suggest.h"

#include <string.h>

#include "wire/field_releases.h"

enum { MAX_NAME = 40 };

static size_t
least(size_t a, size_t b, size_t c)
{
	size_t ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* How many bytes must be put in, taken out or changed (Levenshtein); both at most MAX_NAME long. */
static size_t
distance(struct str a, struct str b)
{
	size_t row[MAX_NAME + 1];

	for (size_t k = 0; k <= b.len; k++)
		row[k] = k;
	for (size_t i = 1; i <= a.len; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t k = 1; k <= b.len; k++) {
			size_t above = row[k];

			row[k] = least(
			    above + 1, row[k - 1] + 1, diagonal + (a.ptr[i - 1] != b.ptr[k - 1]));
			diagonal = above;
		}
	}
	return row[b.len];
}

const char *
suggest_field(const char *message, struct str name, uint32_t version)
{
	size_t best = name.len / 3 + 1;
	const char *found = NULL;
	const struct field_releases *row;

	if (name.len < 3 || name.len > MAX_NAME)
		return NULL;
	for (size_t i = 0; i < field_releases_count; i++) {
		struct str one = str_of(field_releases_table[i].name);
		size_t d;

		if (strcmp(field_releases_table[i].message, message) != 0 || one.len > MAX_NAME
		    || field_releases_lookup(message, one.ptr, version, &row) != FIELD_KNOWN)
			continue;
		d = distance(name, one);
		if (d < best) {
			best = d;
			found = one.ptr;
		}
	}
	return found;
}

static const struct replacement {
	const char *name;
	bool gone; /* from old to new; else the other way round */
	const char *hint;
} replacements[] = {
	{ "standby", true, "use 'autoscaling: true' instead" },
	{ "autoscaling", false, "use 'standby: true' instead" },
	{ "atom", true, "use 'pfs' instead" },
	{ "pfs", false, "use 'atom' instead" },
	{ "chunk_spec", true, "use 'datum_set_spec' instead" },
	{ "datum_set_spec", false, "use 'chunk_spec' instead" },
	{ "coefficient", true, "use 'constant' instead" },
	{ "git", true, "put the files into a repo from CI; git inputs ended with 1.x" },
	{ "enable_stats", true, "remove it; statistics are always kept" },
	{ "scale_down_threshold", true, "use 'standby: true' or 'autoscaling: true' instead" },
	{ "incremental", true, "remove it; processed data is skipped anyway" },
	{ "cache_size", true, "use 'sidecar_resource_requests' instead" },
	{ "max_queue_size", true, "use 'datum_set_spec' to set how datums are distributed" },
	{ "hashtree_spec", true, "remove it; hashtrees no longer exist" },
	{ "build", true, "build the image in CI and set transform.image" },
};

const char *
replacement_of(const char *name, bool gone)
{
	for (size_t i = 0; i < COUNT_OF(replacements); i++)
		if (replacements[i].gone == gone && strcmp(replacements[i].name, name) == 0)
			return replacements[i].hint;
	return NULL;
}
