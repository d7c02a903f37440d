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
	{ "standby", true, "write autoscaling: true instead" },
	{ "autoscaling", false, "write standby: true instead" },
	{ "atom", true, "write pfs instead" },
	{ "pfs", false, "write atom instead" },
	{ "chunk_spec", true, "write datum_set_spec instead" },
	{ "datum_set_spec", false, "write chunk_spec instead" },
	{ "coefficient", true, "write constant instead" },
	{ "git", true, "git inputs ended with 1.x: put the files into a repo from CI" },
	{ "enable_stats", true, "remove it: statistics are always kept" },
	{ "scale_down_threshold", true, "write standby: true or autoscaling: true instead" },
	{ "incremental", true, "remove it: what is already processed is skipped anyhow" },
	{ "cache_size", true, "remove it: write sidecar_resource_requests instead" },
	{ "max_queue_size", true,
	    "remove it: write datum_set_spec to say how datums are handed out" },
	{ "hashtree_spec", true, "remove it: there are no hashtrees any more" },
	{ "build", true, "build the image in CI and name it in transform.image" },
};

const char *
replacement_of(const char *name, bool gone)
{
	for (size_t i = 0; i < COUNT_OF(replacements); i++)
		if (replacements[i].gone == gone && strcmp(replacements[i].name, name) == 0)
			return replacements[i].hint;
	return NULL;
}
