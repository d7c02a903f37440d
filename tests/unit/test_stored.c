/* What counts as the same, on real servers: for every spec of the corpus what pachd stores of it compares as
 * the same, so does the spec that is drawn from that, and what pachd refuses is found before. The table lies
 * beside the project: InspectPipeline's answers of five releases, as they came. */
#include "tap.h"

#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "files/read.h"
#include "golden.h"
#include "lint/check.h"
#include "pachd/compare.h"
#include "pachd/pachd_private.h"
#include "pachd/pps/history.h"
#include "pipeline/mount.h"
#include "pipeline/render.h"
#include "pipeline/spec.h"

#define TABLE "../shared/golden/stored_pipeline_info.tsv"

struct row {
	struct str version, path, doc, pipeline, answer;
};

static bool
read_row(struct str line, struct row *out)
{
	return str_split(&line, '\t', &out->version) && str_split(&line, '\t', &out->path)
	       && str_split(&line, '\t', &out->doc) && str_split(&line, '\t', &out->pipeline)
	       && str_split(&line, '\t', &out->answer);
}

/* A server of that release as pachd_probe() leaves it. */
static struct pachd
server(struct arena *a, struct str version)
{
	struct pachd p = { .arena = a };
	struct err err = { 0 };

	if (release_parse(version, &p.facts.release, &err) < 0)
		ok(false, "%s", err.text);
	p.generation = generation_of(p.facts.release);
	p.facts.projects = p.generation->projects;
	p.facts.atom = p.generation->atom;
	return p;
}

/* The document as a push would send it, or NULL; what is wrong with it is in `d`. */
static struct node *
rendered(const struct pachd *p, const struct row *row, struct diags *d)
{
	const char *file = arena_cstr(p->arena, row->path);
	struct node *n = golden_document(p->arena, row->path, row->doc, d);
	struct specs specs = { 0 };
	struct render how = { .with_project = p->facts.projects, .pfs_as_atom = p->facts.atom };

	if (!n || d->errors > 0)
		return NULL;
	spec_read(&specs, p->arena, file, n, p->facts.projects ? STR("default") : STR(""), d);
	return specs.count == 1 ? spec_render(&specs.list[0], p->arena, &how) : NULL;
}

/* "why: path old new, path old new" */
static const char *
shown(struct arena *a, const struct comparison *like)
{
	struct str out = arena_str(a, like->why);

	for (size_t i = 0; i < like->diff.count; i++)
		out = arena_fmt(a, "%.*s; %.*s: %.*s -> %.*s", STR_FMT(out),
		    STR_FMT(like->diff.list[i].path), STR_FMT(like->diff.list[i].old_value),
		    STR_FMT(like->diff.list[i].new_value));
	return arena_cstr(a, out);
}

static bool
compares(const struct pachd *p, const struct row *row, const struct node *tree,
    const struct deployed *live, const char *what)
{
	struct comparison like = pachd_compare(p, tree, NULL, "stored", live);

	if (!like.same)
		ok(false, "%.*s %.*s %.*s, %s: %s", STR_FMT(row->version), STR_FMT(row->path),
		    STR_FMT(row->doc), what, shown(p->arena, &like));
	return like.same;
}

static bool
check_stored(const struct pachd *p, const struct row *row)
{
	struct diags d = diags_in(p->arena);
	struct node *tree = rendered(p, row, &d);
	ProtobufCMessage *info =
	    message_read(p->arena, method_of(p->generation->api, METHOD_INSPECT_PIPELINE)->reply,
	        golden_base64(p->arena, row->answer));
	struct err err = { 0 };
	struct deployed live;
	const struct node *drawn;

	if (tree)
		lint_check(p->arena, tree, "stored", p->facts.release, &d);
	if (!tree || !info || d.errors > 0) {
		ok(false, "%.*s %.*s %.*s: pachd takes it, pachup does not: %.*s",
		    STR_FMT(row->version), STR_FMT(row->path), STR_FMT(row->doc),
		    STR_FMT(d.count ? d.list[0].what : STR("unreadable")));
		return false;
	}
	deployed_read(p->arena, p->generation->api, info, &live);
	if (!compares(p, row, tree, &live, "as pushed"))
		return false;
	drawn = pachd_stored_spec(p, &live, &err);
	if (!drawn) {
		ok(false, "%.*s %.*s: %s", STR_FMT(row->version), STR_FMT(row->path), err.text);
		return false;
	}
	return compares(p, row, drawn, &live, "as drawn");
}

/* What pachd's own command line refuses to read, and pachup reads and sends: pachd has never seen these. */
static const struct {
	const char *release, *words, *why;
} read_here[] = {
	{ "v1.8.8", "malformed pipeline spec: invalid character",
	    "its pachctl reads JSON without separators, pachup reads YAML for every release" },
	{ "v1.12.5", "could not parse json: invalid character '-' in numeric literal",
	    "its pachctl reads no '---' between JSON documents" },
	{ "v1.13.4", "could not parse json: invalid character '-' in numeric literal",
	    "its pachctl reads no '---' between JSON documents" },
};

static bool
is_read_here(const struct row *row)
{
	for (size_t i = 0; i < COUNT_OF(read_here); i++)
		if (str_is(row->version, read_here[i].release)
		    && strstr(row->answer.ptr, read_here[i].words))
			return true;
	return false;
}

/* Secrets are asked for in the preflight, where the spec names them. */
static bool
asks_for_secret(struct arena *a, const struct row *row, const struct node *tree)
{
	static const char words[] = "missing Kubernetes secret ";
	const char *at = strstr(row->answer.ptr, words);
	struct mounts mounts = mounts_of(a, tree);

	for (size_t i = 0; at && i < mounts.count; i++)
		if (str_is(mounts.list[i].name, at + strlen(words)))
			return true;
	return false;
}

static bool
check_refused(const struct pachd *p, struct row *row)
{
	struct diags d = diags_in(p->arena);
	const struct node *tree = rendered(p, row, &d);

	row->answer = arena_str(p->arena, row->answer); /* with an end */
	if (tree)
		lint_check(p->arena, tree, "stored", p->facts.release, &d);
	if (d.errors > 0 || is_read_here(row) || (tree && asks_for_secret(p->arena, row, tree)))
		return true;
	ok(false, "%.*s %.*s %.*s: nobody foresaw '%.*s'", STR_FMT(row->version),
	    STR_FMT(row->path), STR_FMT(row->doc), STR_FMT(row->answer));
	return false;
}

static bool
check_row(struct row *row)
{
	struct arena *a = arena_new(no_memory);
	struct pachd p = server(a, row->version);
	bool refused =
	    str_starts(row->answer, "refused: ") || str_starts(row->answer, "\"refused: ");
	bool good = refused ? check_refused(&p, row) : check_stored(&p, row);

	arena_free(a);
	return good;
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);
	size_t rows = 0, good = 0;
	struct str table, line;
	struct err err;

	if (file_read(a, TABLE, MAX_TABLE_BYTES, &table, &err) < 0) {
		skip("../shared/golden is not here");
		arena_free(a);
		return done();
	}
	while (str_split(&table, '\n', &line)) {
		struct row row;

		if (!read_row(line, &row) || str_is(row.version, "release"))
			continue;
		rows++;
		good += check_row(&row);
	}
	ok(rows > 0 && good == rows, "%zu of %zu rows are the same or were foreseen", good, rows);
	arena_free(a);
	return done();
}
