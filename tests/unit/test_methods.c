/* The table of calls holds together, and says what pachd's interface files say. */
#include "tap.h"

#include <string.h>

#include "base/arena.h"
#include "files/read.h"
#include "wire/methods.h"
#include "wire/release.h"

#define TABLE "../shared/facts/pachd-rpcs.tsv"

enum { MAX_TABLE_BYTES = 1 << 20 };

/* "/pps_v2.API/…" and "pps_v2.JobInfo" belong together; google's messages belong to all. */
static bool
is_of_package(const char *path, const ProtobufCMessageDescriptor *type)
{
	struct str package = str_of(path + 1);

	package = str_head(package, str_find(package, '.') + 1);
	return !type || str_starts(str_of(type->name), "google.")
	       || (strlen(type->name) > package.len
	           && memcmp(type->name, package.ptr, package.len) == 0);
}

static void
test_method_of__every_row_is_whole(void)
{
	for (int id = 0; id < METHOD_COUNT; id++) {
		const struct method *one = method_of(API_1, (enum method_id)id),
		                    *two = method_of(API_2, (enum method_id)id);
		bool good = one->path || two->path;

		if (one->path)
			good = good && strstr(one->path, ".API/") && !strstr(one->path, "_v2.")
			       && one->from >= RELEASE_OLDEST && one->from < RELEASE_2
			       && is_of_package(one->path, one->request)
			       && is_of_package(one->path, one->reply);
		if (two->path)
			good = good && strstr(two->path, ".API/") && two->from >= RELEASE_2
			       && two->from <= RELEASE_NEWEST
			       && is_of_package(two->path, two->request)
			       && is_of_package(two->path, two->reply);
		ok(good, "row %d: %s, %s", id, one->path ? one->path : "none",
		    two->path ? two->path : "none");
	}
}

static void
test_method_batch_element__has_the_pipeline(void)
{
	ok(protobuf_c_message_descriptor_get_field_by_name(
	       method_batch_element(API_1), "create_pipeline")
	        && protobuf_c_message_descriptor_get_field_by_name(
	            method_batch_element(API_2), "create_pipeline_v2"),
	    "an element of a transaction takes a pipeline");
}

/* One row of the facts. */
struct fact {
	struct str releases, path, request, reply, takes_stream, streams;
};

static bool
read_fact(struct str line, struct fact *out)
{
	return str_split(&line, '\t', &out->releases) && str_split(&line, '\t', &out->path)
	       && str_split(&line, '\t', &out->request) && str_split(&line, '\t', &out->reply)
	       && str_split(&line, '\t', &out->takes_stream)
	       && str_split(&line, '\t', &out->streams);
}

/* "v1.9.10..v1.13.4": the first release. */
static uint32_t
first_release(struct str text)
{
	uint32_t part[3] = { 0 };
	size_t n = 0;

	for (size_t i = 1; i < text.len && n < 3; i++)
		if (text.ptr[i] >= '0' && text.ptr[i] <= '9')
			part[n] = part[n] * 10 + (uint32_t)(text.ptr[i] - '0');
		else
			n++;
	return RELEASE(part[0], part[1], part[2]);
}

/* NULL is a message that pachup leaves empty or does not read. */
static bool
is_type(const ProtobufCMessageDescriptor *type, struct str name)
{
	return !type || str_is(name, type->name);
}

/* Whether some row of the facts from that release on says the same of the call. */
static bool
is_a_fact(struct str table, const struct method *method)
{
	uint32_t first = UINT32_MAX;
	bool agrees = false;
	struct str line;

	while (str_split(&table, '\n', &line)) {
		struct fact fact;

		if (!read_fact(line, &fact) || !str_is(fact.path, method->path))
			continue;
		if (first_release(fact.releases) < first)
			first = first_release(fact.releases);
		agrees =
		    agrees
		    || (is_type(method->request, fact.request) && is_type(method->reply, fact.reply)
		        && str_is(fact.streams, method->streams ? "yes" : "no"));
	}
	return agrees && first == method->from;
}

static void
test_method_of__every_row_is_a_fact(struct str table)
{
	for (int id = 0; id < METHOD_COUNT; id++)
		for (int api = 0; api < API_COUNT; api++) {
			const struct method *one = method_of((enum api)api, (enum method_id)id);

			if (one->path)
				ok(is_a_fact(table, one), "%s", one->path);
		}
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);
	struct str table;
	struct err err;

	test_method_of__every_row_is_whole();
	test_method_batch_element__has_the_pipeline();
	if (file_read(a, TABLE, MAX_TABLE_BYTES, &table, &err) == 0)
		test_method_of__every_row_is_a_fact(table);
	else
		skip("../shared/facts is not here");
	arena_free(a);
	return done();
}
