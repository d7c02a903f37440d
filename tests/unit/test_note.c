/* The note of a commit behind a description. */
#include "tap.h"

#include "base/arena.h"
#include "pipeline/note.h"

static void
test_note_strip__takes_only_its_own(struct arena *a)
{
	static const struct {
		const char *text, *own, *commit;
	} rows[] = {
		{ "", "", "" },
		{ "plain words", "plain words", "" },
		{ "two\n\nlines", "two\n\nlines", "" },
		{ "[pachup] abc", "", "abc" },
		{ "words\n\n[pachup] o/r@abc", "words", "abc" },
		{ "words\n[pachup] o/r@abc", "words", "abc" },
		{ "words\n\n\n[pachup] abc", "words\n", "abc" },
		{ "words [pachup] abc", "words [pachup] abc", "" },
		{ "[pachup] abc\nwords", "[pachup] abc\nwords", "" },
	};

	(void)a;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct str text = str_of(rows[i].text);

		ok(str_is(note_strip(text), rows[i].own)
		        && str_is(note_commit(text), rows[i].commit),
		    "row %zu", i);
	}
}

static void
test_note_put__replaces_an_older_note(struct arena *a)
{
	static const char *const rows[][2] = {
		{ "{}", "[pachup] o/r@new" },
		{ "{\"description\":null}", "[pachup] o/r@new" },
		{ "{\"description\":\"words\"}", "words\n\n[pachup] o/r@new" },
		{ "{\"description\":\"words\\n\\n[pachup] old\"}", "words\n\n[pachup] o/r@new" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct diags d = diags_in(a);
		struct doc *doc = doc_parse(a, "x.json", str_of(rows[i][0]), &d);

		note_put(a, doc->first, STR("o/r"), STR("new"));
		ok(str_is(node_field(doc->first, "description")->text, rows[i][1]), "row %zu", i);
	}
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_note_strip__takes_only_its_own(a);
	test_note_put__replaces_an_older_note(a);
	arena_free(a);
	return done();
}
