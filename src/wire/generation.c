#include "wire/generation.h"

#include "wire/release.h"

/* 1.12 and 1.13 run a transaction as one etcd operation of at most 10,000 parts; a pipeline takes dozens of them. */
enum { ETCD_PIPELINES = 100 };

static const struct generation generations[] = {
	{ .name = "1.7-1.8.0", .from = RELEASE(1, 7, 0), .api = API_1, .atom = true },
	{ .name = "1.8.1-1.11", .from = RELEASE(1, 8, 1), .api = API_1 },
	{ .name = "1.12-1.13",
	    .from = RELEASE(1, 12, 0),
	    .api = API_1,
	    .batch_field = 12,
	    .batch_limit = ETCD_PIPELINES },
	{ .name = "2.0-2.4", .from = RELEASE(2, 0, 0), .api = API_2, .batch_field = 9 },
	{ .name = "2.5-2.7",
	    .from = RELEASE(2, 5, 0),
	    .api = API_2,
	    .batch_field = 9,
	    .projects = true },
	{ .name = "2.8-2.11",
	    .from = RELEASE(2, 8, 0),
	    .api = API_2,
	    .batch_field = 11,
	    .projects = true,
	    .v2 = true },
};

const struct generation *
generation_of(uint32_t version)
{
	const struct generation *found = &generations[0];

	for (size_t i = 0; i < COUNT_OF(generations); i++)
		if (version >= generations[i].from)
			found = &generations[i];
	return found;
}
