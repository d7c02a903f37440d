/* Images set in real and in hostile files: to themselves, which must leave every byte, and to others,
 * which must leave every other byte and every other value. */
#include "tap.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "files/read.h"
#include "format/doc.h"
#include "retag/select.h"
#include "retag/splice.h"

#define CORPUS  "../shared/corpus"
#define HOSTILE "tests/hostile/images"

static const char other[] = "other.example:5000/team/b:2.0";

/* What is found on the way. */
struct tally {
	size_t files, images, wrong;
};

static struct image_places
places_of(struct arena *a, const char *path, struct str text, struct doc **doc)
{
	struct diags d = diags_in(a);
	struct image_places places = { 0 };

	*doc = doc_parse_any(a, path, text, &d);
	if (d.errors == 0)
		for (const struct node *n = (*doc)->first; n; n = n->next)
			(void)select_images(&places, a, &(struct select_how){ .file = path }, n);
	return places;
}

/* All documents as compact JSON. */
static struct str
values_of(struct arena *a, const struct doc *doc)
{
	struct buf out = BUF_INIT(64 << 20);

	for (const struct node *n = doc->first; n; n = n->next) {
		json_write(&out, n);
		buf_add_char(&out, '\n');
	}
	return buf_take(&out, a);
}

/* Edits for all images; an anchor's is seen more than once. */
static size_t
edits_of(struct arena *a, struct str text, const struct image_places *places, const char *image,
    struct edit *edits, struct tally *t)
{
	size_t count = 0;

	for (size_t i = 0; i < places->count; i++) {
		const struct node *n = places->list[i].image;
		struct str to = image ? str_of(image) : n->text;
		bool known = false;

		for (size_t k = 0; k < count; k++)
			known = known || edits[k].at.offset == n->at.offset;
		if (!known && !splice_scalar(a, text, n, to, &edits[count++]))
			t->wrong++;
	}
	return count;
}

/* An alias's copies stand where their anchor's value does, and change with it. */
static void
replace_at(struct node *n, size_t offset)
{
	if (n->kind == NODE_STRING && n->at.offset == offset)
		n->text = str_of(other);
	for (n = n->first; n; n = n->next)
		replace_at(n, offset);
}

/* What the values must be: the tree with its images replaced. */
static struct str
wanted_values(struct arena *a, struct doc *doc, const struct image_places *places)
{
	for (size_t i = 0; i < places->count; i++)
		for (struct node *n = doc->first; n; n = n->next)
			replace_at(n, places->list[i].image->at.offset);
	return values_of(a, doc);
}

static void
check_file(const char *path, struct tally *t)
{
	struct arena *a = arena_new(no_memory);
	struct image_places places, again;
	struct str text, same, changed, back;
	struct doc *doc, *after;
	struct edit *edits;
	struct err err;
	size_t count;

	if (file_read(a, path, MAX_SPEC_BYTES, &text, &err) < 0) {
		arena_free(a);
		return;
	}
	places = places_of(a, path, text, &doc);
	edits = ARENA_ARRAY(a, places.count, struct edit);
	count = edits_of(a, text, &places, NULL, edits, t);
	same = splice(a, text, edits, count);
	count = edits_of(a, text, &places, other, edits, t);
	changed = splice(a, text, edits, count);
	again = places_of(a, path, changed, &after);
	if (!str_eq(same, text) || again.count != places.count
	    || !str_eq(values_of(a, after), wanted_values(a, doc, &places))) {
		t->wrong++;
		printf("# %s\n", path);
	}
	/* all other bytes: putting the old ones back must give the old file */
	for (size_t i = 0, moved = 0; i < count; i++) {
		struct edit *e = &edits[i];
		size_t was = e->at.len;

		e->at.offset += moved;
		e->at.len = e->text.len;
		e->text = str_head(str_tail(text, e->at.offset - moved), was);
		moved += e->at.len - was;
	}
	back = splice(a, changed, edits, count);
	if (!str_eq(back, text))
		t->wrong++;
	t->files++;
	t->images += places.count;
	arena_free(a);
}

static void
walk(struct arena *a, const char *dir, struct tally *t)
{
	DIR *d = opendir(dir);
	const struct dirent *one;

	while (d && (one = readdir(d)) != NULL) {
		const char *path = arena_fmt(a, "%s/%s", dir, one->d_name).ptr;
		struct stat st;

		if (one->d_name[0] == '.' || stat(path, &st) < 0)
			continue;
		if (S_ISDIR(st.st_mode))
			walk(a, path, t);
		else if (str_ends(str_of(path), "json") || str_ends(str_of(path), "yaml")
		         || str_ends(str_of(path), "yml"))
			check_file(path, t);
	}
	if (d)
		(void)closedir(d);
}

static void
test_splice__leaves_all_else(struct arena *a, const char *dir, size_t least)
{
	struct tally t = { 0 };
	struct stat st;

	if (stat(dir, &st) < 0) {
		skip("the corpus is not beside the project");
		return;
	}
	walk(a, dir, &t);
	ok(t.images >= least, "%s: %zu images in %zu files", dir, t.images, t.files);
	ok(t.wrong == 0, "%s: every other byte and value stays", dir);
}

/* Each style, and what it becomes where it cannot hold the text. */
static void
test_splice_scalar__quotes(struct arena *a)
{
	static const struct {
		const char *file, *text, *to, *want; /* want NULL: it cannot be */
	} table[] = {
		{ "x.json", "{\"k\": \"old\"}", "a\"\\\n\xc3\xa9",
		    "{\"k\": \"a\\\"\\\\\\n\xc3\xa9\"}" },
		{ "x.yaml", "k: old", "new:1", "k: new:1" },
		{ "x.yaml", "k: old # c", "1.10", "k: \"1.10\" # c" },
		{ "x.yaml", "k: old", "yes", "k: \"yes\"" },
		{ "x.yaml", "k: old", "off", "k: \"off\"" },
		{ "x.yaml", "k: old", "01234e5", "k: \"01234e5\"" },
		{ "x.yaml", "k: old", "5.e3", "k: \"5.e3\"" },
		{ "x.yaml", "k: old", "+1e5", "k: \"+1e5\"" },
		{ "x.yaml", "k: old", "1_0e5", "k: \"1_0e5\"" },
		{ "x.yaml", "k: old", "1:30", "k: \"1:30\"" },
		{ "x.yaml", "k: old", "01234f5", "k: 01234f5" },
		{ "x.yaml", "k: old", "12e", "k: 12e" },
		{ "x.yaml", "k: old", "e5", "k: e5" },
		{ "x.yaml", "k: old", "1.2.3", "k: 1.2.3" },
		{ "x.yaml", "k: old", "reg:5000/a:1", "k: reg:5000/a:1" },
		{ "x.yaml", "k: old", "true", "k: \"true\"" },
		{ "x.yaml", "k: old", "", "k: \"\"" },
		{ "x.yaml", "k: old", "a b", "k: \"a b\"" },
		{ "x.yaml", "k: old", "a:", "k: \"a:\"" },
		{ "x.yaml", "k: old", "-a", "k: \"-a\"" },
		{ "x.yaml", "k: 'old'", "it's", "k: 'it''s'" },
		{ "x.yaml", "k: 'old'", "a\nb", "k: \"a\\u000ab\"" },
		{ "x.yaml", "k: \"old\"", "a\"\\b\xe2\x80\xa8", "k: \"a\\\"\\\\b\\u2028\"" },
		{ "x.yaml", "k: &a !!str 'old'\n", "n", "k: &a !!str 'n'\n" },
		{ "x.yaml", "k: |-\n  old\n", "new", "k: |-\n  new\n" },
		{ "x.yaml", "k: >\n\n  old", "new", "k: >\n\n  new" },
		{ "x.yaml", "k: |-\n  a\n  b\n", "new", NULL },
		{ "x.yaml", "k: |-\n  old\n", "a\nb", NULL },
		{ "x.yaml", "k: |-\n  old\n", " a", NULL },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct diags d = diags_in(a);
		struct str text = str_of(table[i].text), got = STR("");
		struct doc *doc = doc_parse(a, table[i].file, text, &d);
		const struct node *n = node_get(doc->first, "k");
		struct edit edit;
		bool can = n && splice_scalar(a, text, n, str_of(table[i].to), &edit);

		if (can)
			got = splice(a, text, &edit, 1);
		ok(can == (table[i].want != NULL) && (!can || str_is(got, table[i].want)),
		    "row %zu: %.*s", i, STR_FMT(got));
	}
}

static void
test_splice__refuses(struct arena *a)
{
	static const struct {
		struct edit edits[2];
		const char *want; /* NULL: they cannot be made */
	} rows[] = {
		{ { { { .offset = 4, .len = 1 }, { "E", 1 } },
		      { { .offset = 0, .len = 4 }, { "x", 1 } } },
		    "xEf" },
		{ { { { .offset = 2, .len = 0 }, { "-", 1 } },
		      { { .offset = 2, .len = 1 }, { "C", 1 } } },
		    "ab-Cdef" },
		{ { { { .offset = 1, .len = 3 }, { "x", 1 } },
		      { { .offset = 3, .len = 1 }, { "y", 1 } } },
		    NULL },
		{ { { { .offset = 1, .len = 3 }, { "x", 1 } },
		      { { .offset = 1, .len = 3 }, { "x", 1 } } },
		    NULL },
		{ { { { .offset = 6, .len = 0 }, { "g", 1 } },
		      { { .offset = 7, .len = 0 }, { "h", 1 } } },
		    NULL },
		{ { { { .offset = 0, .len = 1 }, { "a", 1 } },
		      { { .offset = 5, .len = 2 }, { "h", 1 } } },
		    NULL },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct str got = splice(a, STR("abcdef"), rows[i].edits, 2);

		ok(rows[i].want ? str_is(got, rows[i].want) : !got.ptr, "edits %zu: '%.*s'", i,
		    STR_FMT(got));
	}
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_splice_scalar__quotes(a);
	test_splice__refuses(a);
	test_splice__leaves_all_else(a, HOSTILE, 24);
	test_splice__leaves_all_else(a, CORPUS, 120);
	arena_free(a);
	return done();
}
