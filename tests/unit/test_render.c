#include "trial.h"

#include "base/buf.h"
#include "pipeline/render.h"

struct row {
	const char *name, *in;
	struct render how;
	const char *project, *out;
};

static void
check(const struct row *row)
{
	struct trial t = trial(row->in);
	struct spec spec = { .file = "x.json",
		.node = t.doc->first,
		.project = str_of(row->project ? row->project : "") };
	struct node *out = spec_render(&spec, t.a, &row->how);
	struct buf text = BUF_INIT(4096), before = BUF_INIT(4096);

	json_write(&text, out);
	ok(str_is(buf_str(&text), row->out), "%s: %.*s", row->name, STR_FMT(buf_str(&text)));
	json_write(&before, t.doc->first);
	ok(str_is(buf_str(&before), row->in), "%s: the document itself is as it was", row->name);
	buf_free(&text);
	buf_free(&before);
	arena_free(t.a);
}

static void
test_spec_render__image(void)
{
	const struct render image = { .image = STR("a:2") };
	const struct row rows[] = {
		{ "replaced where it is",
		    "{\"transform\":{\"cmd\":[],\"image\":\"a:1\",\"user\":\"x\"}}", image, NULL,
		    "{\"transform\":{\"cmd\":[],\"image\":\"a:2\",\"user\":\"x\"}}" },
		{ "added where there is none", "{\"transform\":{\"cmd\":[]}}", image, NULL,
		    "{\"transform\":{\"cmd\":[],\"image\":\"a:2\"}}" },
		{ "with a transform of its own", "{\"input\":{}}", image, NULL,
		    "{\"input\":{},\"transform\":{\"image\":\"a:2\"}}" },
		{ "null says nothing", "{\"transform\":null}", image, NULL,
		    "{\"transform\":{\"image\":\"a:2\"}}" },
		{ "a null image too", "{\"transform\":{\"image\":null}}", image, NULL,
		    "{\"transform\":{\"image\":\"a:2\"}}" },
		{ "what is wrong stays for the check", "{\"transform\":\"x\"}", image, NULL,
		    "{\"transform\":\"x\"}" },
		{ "a number stays for the check", "{\"transform\":{\"image\":7}}", image, NULL,
		    "{\"transform\":{\"image\":7}}" },
		{ "left alone", "{\"transform\":{\"image\":\"a:1\"}}", { .with_project = false },
		    NULL, "{\"transform\":{\"image\":\"a:1\"}}" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		check(&rows[i]);
}

static void
test_spec_render__project(void)
{
	const struct render with = { .with_project = true }, without = { .with_project = false };
	const struct row rows[] = {
		{ "filled in", "{\"pipeline\":{\"name\":\"x\"}}", with, "p",
		    "{\"pipeline\":{\"name\":\"x\",\"project\":{\"name\":\"p\"}}}" },
		{ "its own", "{\"pipeline\":{\"project\":{\"name\":\"q\"},\"name\":\"x\"}}", with,
		    "q", "{\"pipeline\":{\"project\":{\"name\":\"q\"},\"name\":\"x\"}}" },
		{ "null", "{\"pipeline\":{\"name\":\"x\",\"project\":null}}", with, "p",
		    "{\"pipeline\":{\"name\":\"x\",\"project\":{\"name\":\"p\"}}}" },
		{ "an empty name", "{\"pipeline\":{\"project\":{\"name\":\"\"}}}", with, "p",
		    "{\"pipeline\":{\"project\":{\"name\":\"p\"}}}" },
		/* else "project": "prod" would go to the default project in silence */
		{ "a string is wrong and stays", "{\"pipeline\":{\"project\":\"prod\"}}", with, "p",
		    "{\"pipeline\":{\"project\":\"prod\"}}" },
		{ "no projects there", "{\"pipeline\":{\"name\":\"x\"}}", without, "p",
		    "{\"pipeline\":{\"name\":\"x\"}}" },
		{ "none known", "{\"pipeline\":{\"name\":\"x\"}}", with, NULL,
		    "{\"pipeline\":{\"name\":\"x\"}}" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		check(&rows[i]);
}

/* C.3 numbers 11 and 12: what a document commands is not sent as state. */
static void
test_spec_render__commands_go(void)
{
	const struct render plain = { .with_project = false };
	const struct row rows[] = {
		{ "all spellings",
		    "{\"$schema\":\"s\",\"update\":true,\"reprocess\":true,\"dry_run\":true,"
		    "\"dryRun\":true,\"description\":\"d\"}",
		    plain, NULL, "{\"description\":\"d\"}" },
		{ "only at the top", "{\"transform\":{\"env\":{\"update\":\"1\"}}}", plain, NULL,
		    "{\"transform\":{\"env\":{\"update\":\"1\"}}}" },
		{ "a misplaced image", "{\"image\":\"x\"}", plain, NULL, "{}" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		check(&rows[i]);
}

static void
test_spec_render__pfs_as_atom(void)
{
	const struct render atom = { .pfs_as_atom = true };
	const struct row rows[] = {
		{ "one", "{\"input\":{\"pfs\":{\"repo\":\"pfs\"}}}", atom, NULL,
		    "{\"input\":{\"atom\":{\"repo\":\"pfs\"}}}" },
		{ "nested",
		    "{\"input\":{\"cross\":[{\"pfs\":{}},{\"union\":[{\"pfs\":{}},{\"cron\":{}}]}]}"
		    "}",
		    atom, NULL,
		    "{\"input\":{\"cross\":[{\"atom\":{}},{\"union\":[{\"atom\":{}},{\"cron\":{}}]}"
		    "]}}" },
		{ "inputs only", "{\"transform\":{\"env\":{\"pfs\":\"x\"}}}", atom, NULL,
		    "{\"transform\":{\"env\":{\"pfs\":\"x\"}}}" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		check(&rows[i]);
}

int
main(void)
{
	test_spec_render__image();
	test_spec_render__project();
	test_spec_render__commands_go();
	test_spec_render__pfs_as_atom();
	return done();
}
