#include "tap.h"

#include "base/arena.h"
#include "format/doc.h"
#include "pipeline/mount.h"

static struct mounts
mounts(struct arena *a, const char *text)
{
	struct diags d = diags_in(a);
	struct doc *doc = doc_parse(a, "test.json", str_of(text), &d);

	return mounts_of(a, doc->first);
}

static void
test_mounts_of__all_kinds(struct arena *a)
{
	struct mounts m = mounts(a,
	    "{\"transform\":{\"secrets\":[{\"name\":\"db\",\"key\":\"k\"},{\"name\":\"x\"}],\n"
	    "\"imagePullSecrets\":[\"login\"]},\n"
	    "\"egress\":{\"sqlDatabase\":{\"secret\":{\"name\":\"sql\"}}}}");

	ok(m.count == 4, "%zu of 4", m.count);
	ok(m.count > 0 && m.list[0].kind == MOUNT_WORKER && str_is(m.list[0].name, "db")
	        && m.list[0].at.line == 1 && m.list[0].at.col == 34,
	    "a worker's, with its place");
	ok(m.count > 2 && m.list[2].kind == MOUNT_PULL && str_is(m.list[2].name, "login")
	        && m.list[2].at.line == 2,
	    "one to pull with");
	ok(m.count > 3 && m.list[3].kind == MOUNT_EGRESS && str_is(m.list[3].name, "sql"),
	    "an egress's");
}

static void
test_mounts_of__odd_documents(struct arena *a)
{
	static const char *const rows[] = { "{}", "{\"transform\":[]}",
		"{\"transform\":{\"secrets\":{\"name\":\"x\"},\"image_pull_secrets\":\"x\"}}",
		"{\"transform\":{\"secrets\":[null,\"x\",{\"name\":3},{\"name\":\"\"}]}}",
		"{\"egress\":{\"sql_database\":{\"secret\":\"x\"}}}" };

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		ok(mounts(a, rows[i]).count == 0, "%s names none", rows[i]);
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_mounts_of__all_kinds(a);
	test_mounts_of__odd_documents(a);
	arena_free(a);
	return done();
}
