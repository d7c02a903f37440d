/* The proof of the wire: for real specs and eight releases our bytes are those of Google's own JSON
 * reader with the official definitions, or both refuse. The table lies beside the project. */
#include "tap.h"

#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "diag/diag.h"
#include "files/read.h"
#include "format/doc.h"
#include "golden.h"
#include "wire/decode.h"
#include "wire/encode.h"
#include "wire/generation.h"
#include "wire/message.h"
#include "wire/release.h"

#define TABLE "../shared/golden/create_pipeline_request.tsv"

struct row {
	struct str version, path, doc, sha, request;
};

static bool
read_row(struct str line, struct row *out)
{
	return str_split(&line, '\t', &out->version) && str_split(&line, '\t', &out->path)
	       && str_split(&line, '\t', &out->doc) && str_split(&line, '\t', &out->sha)
	       && str_split(&line, '\t', &out->request);
}

/* The row's document as our encoder writes it; what it refuses is in `d`. */
static struct str
encode(struct arena *a, const struct row *row, struct diags *d)
{
	struct encode f = { .arena = a, .diags = d, .file = arena_cstr(a, row->path) };
	const struct node *n = golden_document(a, row->path, row->doc, d);
	struct err err;

	if (!n || release_parse(row->version, &f.version, &err) < 0) {
		ok(false, "row %.*s %.*s has no document", STR_FMT(row->version),
		    STR_FMT(row->path));
		return (struct str){ "", 0 };
	}
	return message_pack(
	    a, encode_message(&f,
	           method_of(generation_of(f.version)->api, METHOD_CREATE_PIPELINE)->request, n));
}

/* The message drawn as a tree and filled again. */
static bool
survives_drawing(struct arena *a, const struct row *row, struct str bytes)
{
	struct diags d = diags_in(a);
	struct encode f = { .arena = a, .diags = &d, .file = "drawn" };
	const ProtobufCMessageDescriptor *type;
	struct err err;

	if (release_parse(row->version, &f.version, &err) < 0)
		return false;
	type = method_of(generation_of(f.version)->api, METHOD_CREATE_PIPELINE)->request;
	return str_eq(
	           message_pack(a, encode_message(&f, type,
	                               decode_message(a, message_read(a, type, bytes), f.version))),
	           bytes)
	       && d.errors == 0;
}

static bool
check_row(const struct row *row)
{
	struct arena *a = arena_new(no_memory);
	struct diags d = diags_in(a);
	struct str ours = encode(a, row, &d);
	bool refused = str_starts(row->request, "\"error") || str_starts(row->request, "error");
	bool good = refused ? d.errors > 0 && d.list[0].at.line > 0 && d.list[0].at.col > 0
	                    : d.errors == 0 && str_eq(ours, golden_base64(a, row->request))
	                          && survives_drawing(a, row, ours);

	if (!good)
		ok(false, "%.*s %.*s %.*s: %s%.*s", STR_FMT(row->version), STR_FMT(row->path),
		    STR_FMT(row->doc), refused ? "must be refused" : "other bytes ",
		    STR_FMT(d.count ? d.list[0].what : STR("")));
	arena_free(a);
	return good;
}

static void
test_fill_message__golden_rows(struct arena *a)
{
	size_t rows = 0, good = 0;
	struct str table, line;
	struct err err;

	if (file_read(a, TABLE, MAX_TABLE_BYTES, &table, &err) < 0) {
		skip("../shared/golden is not here");
		return;
	}
	while (str_split(&table, '\n', &line)) {
		struct row row;

		if (!read_row(line, &row) || str_is(row.version, "version"))
			continue;
		rows++;
		good += check_row(&row);
	}
	ok(rows > 0 && good == rows, "%zu of %zu rows give the same bytes or are refused", good,
	    rows);
}

/* Annex A of the interface notes: the spec `edges` with update set. */
static void
test_fill_message__annex_a(struct arena *a)
{
	static const char spec[] =
	    "{\"pipeline\":{\"name\":\"edges\"%s},\"transform\":{\"image\":\"reg.example/"
	    "edges:abc123\","
	    "\"cmd\":[\"python3\",\"/edges.py\"]},\"parallelism_spec\":{\"constant\":\"1\"},"
	    "\"input\":{\"pfs\":{\"repo\":\"images\",\"glob\":\"/*\"%s}},\"update\":true}";
	static const struct {
		const char *version, *project, *input_project, *hex;
	} rows[] = {
		{ "1.9.12", "", "",
		    "0a070a056564676573122e0a187265672e6578616d706c652f65646765733a6162633132331207"
		    "70797468"
		    "6f6e3312092f65646765732e707928013a0210016a0e320c1206696d616765732a022f2a" },
		{ "2.4.6", "", "",
		    "0a070a0565646765731a2e0a187265672e6578616d706c652f65646765733a6162633132331207"
		    "707974"
		    "686f6e3312092f65646765732e7079220208013001620e0a0c1206696d616765732a022f2a" },
		{ "2.7.8", ",\"project\":{\"name\":\"default\"}", ",\"project\":\"default\"",
		    "0a120a05656467657312090a0764656661756c741a2e0a187265672e6578616d706c652f656467"
		    "65733a61"
		    "62633132331207707974686f6e3312092f65646765732e707922020801300162170a151206696d"
		    "61676573"
		    "2a022f2a720764656661756c74" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct diags d = diags_in(a);
		struct encode f = { .arena = a, .diags = &d, .file = "annex.json" };
		char text[1024], hex[1024] = "";
		struct err err;
		struct doc *doc;
		struct str bytes;

		(void)snprintf(text, sizeof(text), spec, rows[i].project, rows[i].input_project);
		doc = doc_parse(a, f.file, str_of(text), &d);
		ok(release_parse(str_of(rows[i].version), &f.version, &err) == 0, "version %s",
		    rows[i].version);
		bytes = message_pack(a,
		    encode_message(&f,
		        method_of(generation_of(f.version)->api, METHOD_CREATE_PIPELINE)->request,
		        doc->first));
		for (size_t j = 0; j < bytes.len && j * 2 + 2 < sizeof(hex); j++)
			(void)snprintf(hex + j * 2, 3, "%02x", (unsigned char)bytes.ptr[j]);
		ok(d.errors == 0 && strcmp(hex, rows[i].hex) == 0, "annex A for %s",
		    rows[i].version);
	}
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_fill_message__annex_a(a);
	test_fill_message__golden_rows(a);
	arena_free(a);
	return done();
}
