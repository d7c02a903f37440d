#include "tap.h"

#include <string.h>

#include "base/arena.h"
#include "wire/field_releases.h"

/* Name, release, verdict: at both ends of a field's life, across reused and changed numbers. */
static void
test_since_look__releases(void)
{
	static const struct {
		const char *message, *name;
		uint32_t version;
		enum field_status verdict;
		uint32_t number; /* of the row that is reported */
	} rows[] = {
		{ "pps_v2.CreatePipelineRequest", "tolerations", RELEASE(2, 4, 6), FIELD_NOT_YET,
		    34 },
		{ "pps_v2.CreatePipelineRequest", "tolerations", RELEASE(2, 5, 0), FIELD_KNOWN,
		    34 },
		{ "pps_v2.CreatePipelineRequest", "details_json", RELEASE(2, 7, 8), FIELD_KNOWN,
		    36 },
		{ "pps_v2.CreatePipelineRequest", "details_json", RELEASE(2, 8, 0), FIELD_GONE,
		    36 },
		{ "pfs_v2.Trigger", "cron_spec", RELEASE(2, 6, 5), FIELD_KNOWN, 3 },
		{ "pfs_v2.Trigger", "cron_spec", RELEASE(2, 6, 6), FIELD_KNOWN, 6 },
		{ "pfs_v2.Trigger", "rate_limit_spec", RELEASE(2, 6, 5), FIELD_NOT_YET, 3 },
		{ "pps.ResourceSpec", "gpu", RELEASE(1, 8, 1), FIELD_KNOWN, 3 },
		{ "pps.ResourceSpec", "gpu", RELEASE(1, 8, 2), FIELD_KNOWN, 5 },
		{ "pps.ResourceSpec", "gpu_before", RELEASE(1, 8, 1), FIELD_NEVER, 0 },
		{ "pps.CreatePipelineRequest", "standby", RELEASE(1, 7, 0), FIELD_NOT_YET, 27 },
		{ "pps.CreatePipelineRequest", "nope", RELEASE(1, 7, 0), FIELD_NEVER, 0 },
		{ "pps.Nope", "name", RELEASE(1, 7, 0), FIELD_NEVER, 0 },
		{ "", "", 0, FIELD_NEVER, 0 },
		/* any release: the newest meaning */
		{ "pfs_v2.Trigger", "cron_spec", 0, FIELD_KNOWN, 6 },
		{ "pps.ResourceSpec", "gpu", 0, FIELD_KNOWN, 5 },
		{ "pps_v2.CreatePipelineRequest", "details_json", 0, FIELD_KNOWN, 36 },
		{ "pps_v2.CreatePipelineRequest", "transform", 0, FIELD_KNOWN, 3 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct field_releases *row;
		struct field_rows of = field_rows_of(rows[i].message);
		enum field_status verdict =
		    field_rows_lookup(&of, str_of(rows[i].name), rows[i].version, &row);

		ok(verdict == rows[i].verdict && (row ? row->number : 0) == rows[i].number,
		    "%s.%s in %x", rows[i].message, rows[i].name, (unsigned)rows[i].version);
	}
}

/* The rows of a message lie side by side, by name; the ranges of the messages follow each other and miss none. */
static void
test_since_table__is_sorted(void)
{
	bool sorted = true, apart = true;
	size_t row = 0;

	for (size_t i = 0; i < field_rows_count; i++) {
		const struct field_rows *rows = &field_rows_table[i];

		sorted &= rows->first == row && rows->first < rows->end
		          && (i == 0 || strcmp(rows->message, rows[-1].message) > 0);
		for (row = rows->first + 1; row < rows->end; row++) {
			const struct field_releases *a = &field_releases_table[row - 1],
			                            *b = &field_releases_table[row];
			int order = strcmp(a->name, b->name);

			sorted &= order <= 0;
			apart &= order != 0 || a->from > a->to || b->from > b->to || a->to < b->from
			         || b->to < a->from;
		}
	}
	ok(sorted && row == field_releases_count && row > 500, "%zu rows by message and name", row);
	ok(apart, "no release knows a name twice");
}

int
main(void)
{
	test_since_look__releases();
	test_since_table__is_sorted();
	return done();
}
