/* What a refusal means: pachd/refuse.c. */
#include "tap.h"

#include <string.h>

#include "base/arena.h"
#include "pachd/pachd_private.h"

static void
test_is_no_pipeline__sentences(void)
{
	static const struct {
		int status;
		const char *text;
		bool absent;
	} rows[] = {
		{ GRPC_NOT_FOUND, "pipeline \"edges\" not found", true },
		{ GRPC_NOT_FOUND,
		    "pipeline was not inspected: couldn't find up to date spec for pipeline "
		    "\"p/edges\": repo p/edges.spec not found",
		    true },
		{ GRPC_UNKNOWN, "pipeline \"edges\" not found", true },
		{ GRPC_UNKNOWN, "pipeline \"p/edges\" not found", true },
		{ GRPC_UNKNOWN,
		    "pipeline not found: couldn't find up to date spec for pipeline \"edges\": "
		    "repo "
		    "edges.spec not found",
		    true },
		{ GRPC_UNKNOWN, "pipeline \"edges2\" not found", false },
		{ GRPC_UNKNOWN, "pipeline \"edges\" not found in the cache", false },
		{ GRPC_UNKNOWN, "repo __spec__ not found", false },
		{ GRPC_UNKNOWN, "pipeline \"edges\": commit 7 not found", false },
		{ GRPC_UNKNOWN, "not found", false },
		{ GRPC_UNKNOWN, "", false },
		{ GRPC_INTERNAL, "pipeline \"edges\" not found", false },
	};
	const struct pachd_target target = { STR("p"), STR("edges") };

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct call call = {
			.answered = true, .status = rows[i].status, .message = str_of(rows[i].text)
		};

		ok(is_missing_pipeline(&call, &target) == rows[i].absent, "%d '%s'", rows[i].status,
		    rows[i].text);
	}
}

static void
test_is_no_such_id__names_it(void)
{
	struct call call = { .status = GRPC_UNKNOWN,
		.message = STR("transaction \"77\" not found") };

	ok(is_missing_id(&call, STR("77")), "ours is gone");
	ok(!is_missing_id(&call, STR("78")), "another's is not a word on ours");
	call.message = STR("repo 77 not found in 77");
	ok(!is_missing_id(&call, STR("77")), "something else is missing");
	call = (struct call){ .status = GRPC_NOT_FOUND, .message = STR("") };
	ok(is_missing_id(&call, STR("77")), "the code says it");
}

static void
test_refused__kinds(void)
{
	struct pachd p = { 0 };
	struct err err = { 0 };
	struct call call = { .status = GRPC_UNAVAILABLE, .message = STR("starting") };

	ok(rpc_error(&p, &call, &err) < 0 && err.kind == ERR_NETWORK, "what may pass");
	call.status = GRPC_PERMISSION_DENIED;
	ok(rpc_error(&p, &call, &err) < 0 && err.kind == ERR_REFUSED && err.hint[0],
	    "what may not");
	call.status = GRPC_DEADLINE_EXCEEDED;
	ok(rpc_error(&p, &call, &err) < 0 && err.kind == ERR_TIMEOUT, "the time");
}

static void
test_rpc_error__hints(void)
{
	static const struct {
		uint32_t release;
		int status;
		const char *text, *hint;
	} rows[] = {
		{ RELEASE(1, 13, 4), GRPC_UNKNOWN,
		    "pipeline edges update error: cannot disable stats", "\"enable_stats\": true" },
		{ RELEASE(1, 13, 4), GRPC_UNKNOWN,
		    "Community Edition requires an activation key to create more than 16",
		    "pachctl enterprise activate" },
		{ RELEASE(2, 4, 6), GRPC_UNKNOWN,
		    "Community Edition requires an activation key to create more than 16",
		    "pachctl license activate" },
		{ RELEASE(2, 11, 6), GRPC_UNKNOWN,
		    "Pachyderm Enterprise is not active in this cluster",
		    "pachctl license activate" },
		{ RELEASE(1, 9, 12), GRPC_UNKNOWN, "unauthenticated", "check the token" },
		{ RELEASE(1, 9, 12), GRPC_UNKNOWN,
		    "rpc error: code = Unauthenticated desc = who is it", "check the token" },
		{ RELEASE(1, 8, 8), GRPC_UNKNOWN,
		    "/pachyderm_pfs/branches/images/ master not found",
		    "check the repo and its branch" },
		{ RELEASE(1, 13, 4), GRPC_UNKNOWN, "no file(s) found that match /a",
		    "check the path" },
		{ RELEASE(2, 11, 6), GRPC_PERMISSION_DENIED,
		    "robot:ci is not authorized to perform this operation - needs permissions "
		    "[REPO_WRITE] on REPO vision/edges",
		    "on repo 'vision/edges': repoWriter" },
		{ RELEASE(2, 4, 6), GRPC_UNKNOWN,
		    "robot:ci is not authorized to perform this operation - needs permissions "
		    "[REPO_READ, REPO_ADD_PIPELINE_READER] on REPO edges",
		    "on repo 'edges': repoReader" },
		{ RELEASE(2, 11, 6), GRPC_PERMISSION_DENIED,
		    "robot:ci is not authorized to perform this operation - needs permissions "
		    "[PROJECT_CREATE_REPO] on PROJECT vision",
		    "on project 'vision': projectWriter" },
		{ RELEASE(2, 11, 6), GRPC_PERMISSION_DENIED,
		    "robot:ci is not authorized to perform this operation", "missing role" },
		{ RELEASE(1, 13, 4), GRPC_UNKNOWN, "etcd is full", "check pachd's log" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct pachd p = { .facts = { .release = rows[i].release } };
		struct call call = {
			.answered = true, .status = rows[i].status, .message = str_of(rows[i].text)
		};
		struct err err = { 0 };

		(void)rpc_error(&p, &call, &err);
		ok(strstr(err.hint, rows[i].hint) != NULL, "%s: %s", rows[i].text, err.hint);
	}
}

int
main(void)
{
	test_is_no_pipeline__sentences();
	test_is_no_such_id__names_it();
	test_refused__kinds();
	test_rpc_error__hints();
	return done();
}
