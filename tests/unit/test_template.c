/* References with variables, documents within texts, and old images in any text. */
#include "tap.h"

#include <string.h>

#include "base/arena.h"
#include "format/doc.h"
#include "retag/embed.h"
#include "retag/leftover.h"
#include "retag/template.h"

/* Where a new reference is written: "VARIABLE@offset+length=text", the word being "". */
static void
test_template_edits(struct arena *a)
{
	static struct variable list[] = { { { "TAG", 3 }, { "1", 1 } },
		{ { "BASE", 4 }, { "r/a:1", 5 } }, { { "REG", 3 }, { "r", 1 } },
		{ { "DARK", 4 }, { NULL, 0 } } };
	static const struct variables known = { .list = list, .count = COUNT_OF(list) };
	static const struct {
		const char *word, *then, *edits; /* NULL: not known, "": not in one place */
	} rows[] = {
		{ "r/a:1", "r/a:2", "@4+1=2 " },
		{ "r/a", "r/a:2", "@3+0=:2 " },
		{ "r/a:$TAG", "r/a:2", "TAG@0+1=2 " },
		{ "r/a:${TAG}", "r/a:2", "TAG@0+1=2 " },
		{ "r/a:${TAG:-9}", "r/a:2", "TAG@0+1=2 " },
		{ "r/a:${OTHER:-9}", "r/a:2", "@13+1=2 " },
		{ "r/a:${OTHER-9}", "r/a:2", "@12+1=2 " },
		{ "${BASE}", "x/b:2", "BASE@0+3=x/b BASE@4+1=2 " },
		{ "$REG/a:1", "r/a:2", "@7+1=2 " },
		{ "$REG/a:1", "x/a:1", "REG@0+1=x " },
		{ "$REG/a:1", "x/b:1", "@0+6=x/b " },
		{ "${REG}/a:$TAG", "x/b:2", "@0+8=x/b TAG@0+1=2 " },
		{ "${NO:-r}/a:$TAG", "x/b:1", "@0+10=x/b " },
		{ "r/a:${TAG}-slim", "r/a:2-slim", "TAG@0+1=2 " },
		{ "r/a:v${TAG}-slim", "r/a:v2-slim", "TAG@0+1=2 " },
		{ "r/a:v${OTHER:-9}-slim", "r/a:v2-slim", "@14+1=2 " },
		{ "r/a:${TAG}-slim", "r/a:2-fat", "" },
		{ "x/$REG:1", "y/r:1", "@0+2=y/ " },
		{ "r/a:v${TAG}", "r/a:2", "" },
		{ "r/a:${TAG}", "r/a@sha256:x", "" },
		{ "r/a:1@sha256:x", "r/a:1@sha256:y", "@6+8=sha256:y " },
		{ "r/a:1", "r/a:1", "none" },
		{ "r/a:$DARK", "r/a:2", NULL },
		{ "r/a:${TAG:+x}", "r/a:2", NULL },
		{ "r/a:${TAG", "r/a:2", NULL },
		{ "r/a:$", "r/a:2", NULL },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct piece_edit edits[MAX_PIECE_EDITS];
		struct image then = image_split(str_of(rows[i].then));
		struct template t;
		bool good = template_read(a, str_of(rows[i].word), &known, &t);
		size_t count = good ? template_edits(a, &t, &then, edits) : 0;
		struct str got = STR("");

		for (size_t k = 0; k < count; k++)
			got = arena_fmt(a, "%.*s%.*s@%zu+%zu=%.*s ", STR_FMT(got),
			    STR_FMT(edits[k].from ? edits[k].from->name : STR("")), edits[k].at,
			    edits[k].len, STR_FMT(edits[k].text));
		if (good && str_eq(t.whole, str_of(rows[i].then)))
			got = STR("none");
		ok(rows[i].edits ? good && str_is(got, rows[i].edits) : !good, "%s: %.*s",
		    rows[i].word, STR_FMT(got));
	}
	ok(template_uses(STR("a:${TAG}-$X"), STR("X")) && !template_uses(STR("$TAGS"), STR("TAG")),
	    "a variable's whole name counts");
}

/* The first "1" of the text at `x` becomes "2\"'"; NULL: it cannot be said where. */
static void
test_embed_edit(struct arena *a)
{
	static const struct {
		const char *source, *result;
	} rows[] = {
		{ "x: a 1 b", "x: a 2\"' b" },
		{ "x: 'it''s 1'", "x: 'it''s 2\"'''" },
		{ "x: \"\\u00e9\\n\\x41 1\"", "x: \"\\u00e9\\n\\x41 2\\\"'\"" },
		{ "{\"x\": \"\\ud83d\\ude00\\/1\"}", "{\"x\": \"\\ud83d\\ude00\\/2\\\"'\"}" },
		{ "x: |\n   a\n    b\n\n   1\n", "x: |\n   a\n    b\n\n   2\"'\n" },
		{ "x: |2-\n    a\n   1", "x: |2-\n    a\n   2\"'" },
		{ "x: |\r\n  a\r\n  1\r\n", "x: |\r\n  a\r\n  2\"'\r\n" },
		{ "x: >\n  a\n  1\n", "x: >\n  a\n  2\"'\n" },
		{ "x: >-\n   a\n\n\n   b\n     c\n   1 d\n",
		    "x: >-\n   a\n\n\n   b\n     c\n   2\"' d\n" },
		{ "x: >2+\n    a\n  1\n\n", "x: >2+\n    a\n  2\"'\n\n" },
		{ "x: >\r\n  a\r\n  1\r\n", "x: >\r\n  a\r\n  2\"'\r\n" },
		{ "x: \"a\n  1\"", "x: \"a\n  2\\\"'\"" },
		{ "x: \"a\\\n  1\"", "x: \"a\\\n  2\\\"'\"" },
		{ "x: \"\\\"a\\\"\n  1\"", "x: \"\\\"a\\\"\n  2\\\"'\"" },
		{ "x: 'a \n\n  1'", "x: 'a \n\n  2\"'''" },
		{ "x: a\n  b 1", "x: a\n  b 2\"'" },
		{ "y: &y 1\nx: *y", NULL },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct diags d = diags_in(a);
		struct str source = str_of(rows[i].source), result = STR("");
		struct doc *doc =
		    doc_parse_any(a, rows[i].source[0] == '{' ? "x.json" : "x.yaml", source, &d);
		struct embedded in = { .scalar = node_get(doc->first, "x") };
		struct edit out, one = { .text = STR("2\"'") };
		bool good;

		one.at = (struct span){ .offset = str_find(in.scalar->text, '1'), .len = 1 };
		good = embed_edit(a, source, &in, &one, &out);
		if (good)
			result = splice(a, source, &out, 1);
		ok(rows[i].result ? good && str_is(result, rows[i].result) : !good, "%s: %.*s",
		    rows[i].source, STR_FMT(result));
	}
}

static void
test_leftover_next(struct arena *a)
{
	static const struct {
		const char *text, *found; /* "": nothing */
	} rows[] = {
		{ "run team/app:1 now", "team/app:1" },
		{ "(see team/app:1.)", "team/app:1" },
		{ "docker.io/team/app:1", "docker.io/team/app:1" },
		{ "https://team/app:1", "team/app:1" },
		{ "team/app:2 then team/app:3", "team/app:3" },
		{ "team/app:2", "" },
		{ "team/app", "" },
		{ "team/app: 1", "" },
		{ "team/app-big:1 my-team/app:1 reg.example/team/app:1", "" },
		{ "team/app@sha256:0123456789", "team/app@sha256:0123456789" },
		{ "team/app:${TAG:-1}\"", "team/app:${TAG:-1}" },
		{ "team/app:{{ tag }} x", "team/app:{{ tag }}" },
		{ "team/app:${{ env.TAG }} x", "team/app:${{ env.TAG }}" },
		{ "team/app:$(TAG)", "team/app:$(TAG)" },
		{ "team/app:${TAG", "" },
	};
	struct rules rules = { 0 };
	struct err err = { 0 };

	ok(rules_add(&rules, a, STR("team/app:2"), STR(""), &err) == 0, "the line is read");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct leftover out;
		bool is_there = leftover_next(&out, a, &rules.list[0], str_of(rows[i].text), 0);

		ok(is_there ? str_is(out.image, rows[i].found) : rows[i].found[0] == '\0', "%s",
		    rows[i].text);
		if (i == 0) {
			leftover_place(&out, str_of(rows[i].text));
			ok(out.at.line == 1 && out.at.col == 5 && !out.in_remark,
			    "its place is known");
		}
	}
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_template_edits(a);
	test_embed_edit(a);
	test_leftover_next(a);
	arena_free(a);
	return done();
}
