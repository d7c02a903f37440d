#include "wire/suggest.h"

#include <string.h>

#include "base/nearest.h"
#include "wire/field_releases.h"

const char *
suggest_field(const char *message, struct str name, uint32_t version)
{
	struct nearest near = nearest_to(name);
	struct field_rows rows = field_rows_of(message);
	const struct field_releases *row;

	for (size_t i = rows.first; i < rows.end; i++) {
		const char *one = field_releases_table[i].name;

		if (field_rows_lookup(&rows, str_of(one), version, &row) == FIELD_KNOWN)
			nearest_offer(&near, one);
	}
	return near.found;
}

static const struct replacement {
	const char *name;
	bool gone; /* from old to new; else the other way round */
	const char *hint;
} replacements[] = {
	{ "standby", true, "use 'autoscaling: true' instead" },
	{ "autoscaling", false, "use 'standby: true' instead" },
	{ "atom", true, "use 'pfs' instead" }, { "pfs", false, "use 'atom' instead" },
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
	{ "annotations", true, "use 'metadata.annotations' instead" }, /* of a service, until 1.9 */
};

/* Fields of specs before 1.7, which no release that pachup knows has, and their successors. */
static const struct {
	const char *name, *hint;
} ancient[] = {
	{ "inputs", "write input: {pfs: {repo: REPO, glob: \"/*\"}}; several inputs go into a "
	            "cross or a union" },
	{ "parallelism", "write parallelism_spec: {constant: N}" },
	{ "method", "remove it; the glob of the input says how files are spread over datums" },
};

const char *
successor_of(struct str name)
{
	for (size_t i = 0; i < COUNT_OF(ancient); i++)
		if (str_is(name, ancient[i].name))
			return ancient[i].hint;
	return NULL;
}

const char *
replacement_of(const char *name, bool gone)
{
	for (size_t i = 0; i < COUNT_OF(replacements); i++)
		if (replacements[i].gone == gone && strcmp(replacements[i].name, name) == 0)
			return replacements[i].hint;
	return NULL;
}
