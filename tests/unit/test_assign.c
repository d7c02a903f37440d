/* Paths, assignments and names of Kubernetes objects, and what becomes of a file. */
#include "tap.h"

#include <string.h>

#include "base/arena.h"
#include "format/doc.h"
#include "format/dotted.h"
#include "pipeline/kube_name.h"
#include "retag/assign.h"
#include "retag/tag.h"

static const struct tag_facts facts = {
	{ "0123456789012345678901234567890123456789", 40 },
	{ "main", 4 },
	{ "v1", 2 },
};

static void
test_dotted_read(struct arena *a)
{
	static const struct {
		const char *text;
		size_t count;
		const char *last; /* the last key; NULL: a place or a fault */
	} rows[] = {
		{ "a", 1, "a" },
		{ "a.b.c", 3, "c" },
		{ "a[0].b", 3, "b" },
		{ "[2].a", 2, "a" },
		{ "a[10]", 2, NULL },
		{ "a\\.b", 1, "a.b" },
		{ "a.x\\[y\\]", 2, "x[y]" },
		{ "a\\\\.b", 2, "b" },
		{ "a b/c", 1, "a b/c" },
		{ "\\=\\:", 1, "=:" },
		{ "", 0, NULL },
		{ ".a", 0, NULL },
		{ "a.", 0, NULL },
		{ "a..b", 0, NULL },
		{ "a[", 0, NULL },
		{ "a[]", 0, NULL },
		{ "a[1", 0, NULL },
		{ "a[-1]", 0, NULL },
		{ "a[x]", 0, NULL },
		{ "a]", 0, NULL },
		{ "a[0]b", 0, NULL },
		{ "a\\", 0, NULL },
		{ "a[99999999999999999999]", 0, NULL },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct dotted path;
		const char *fault = dotted_read(a, str_of(rows[i].text), &path);
		const struct dotted_step *last = &path.steps[path.count ? path.count - 1 : 0];

		if (rows[i].count == 0)
			ok(fault, "'%s' is refused: %s", rows[i].text, fault ? fault : "");
		else
			ok(!fault && path.count == rows[i].count
			        && (rows[i].last ? str_is(last->key, rows[i].last) : !last->key.ptr)
			        && last->end == strlen(rows[i].text),
			    "'%s' has %zu steps", rows[i].text, rows[i].count);
	}
}

static void
test_dotted_read__too_many_steps(struct arena *a)
{
	char text[2 * MAX_DOTTED_STEPS + 3];
	struct dotted path;

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = i % 2 ? '.' : 'a';
	ok(!dotted_read(a, (struct str){ text, 2 * MAX_DOTTED_STEPS - 1 }, &path), "64 steps");
	ok(dotted_read(a, (struct str){ text, 2 * MAX_DOTTED_STEPS + 1 }, &path), "65 steps");
}

static void
test_assigns_add(struct arena *a)
{
	static const struct {
		const char *text, *kind, *name, *value; /* kind NULL: refused */
	} rows[] = {
		{ "a.b=c", "", "", "c" },
		{ "a.b=", "", "", "" },
		{ "a.b=c=d:e", "", "", "c=d:e" },
		{ "TFJob:a=1", "TFJob", "", "1" },
		{ "TFJob/x.y:a=1", "TFJob", "x.y", "1" },
		{ "a\\:b=1", "", "", "1" },
		{ "a=x-{short}-{branch}-{ref}", "", "", "x-0123456-main-v1" },
		{ "a={\"k\": {}} { } {", "", "", "{\"k\": {}} { } {" },
		{ "a=two words, and more", "", "", "two words, and more" },
		{ "a", NULL, NULL, NULL },
		{ "=a", NULL, NULL, NULL },
		{ ":a=1", NULL, NULL, NULL },
		{ "K/:a=1", NULL, NULL, NULL },
		{ "/n:a=1", NULL, NULL, NULL },
		{ "a={what}", NULL, NULL, NULL },
		{ "a=\xff", NULL, NULL, NULL },
		{ "a\\=b", NULL, NULL, NULL },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct assigns all = { 0 };
		struct err err = { 0 };
		int rc = assigns_add(&all, a, str_of(rows[i].text), &facts, &err);
		const struct assign *one = all.list;

		if (!rows[i].kind)
			ok(rc < 0 && err.kind == ERR_USAGE && err.hint[0], "'%s' is refused: %s",
			    rows[i].text, err.text);
		else
			ok(rc == 0 && all.count == 1 && str_is(one->kind, rows[i].kind)
			        && str_is(one->name, rows[i].name)
			        && str_is(one->value, rows[i].value),
			    "'%s' sets '%s'", rows[i].text, rows[i].value);
	}
}

static void
test_assigns_add__twice(struct arena *a)
{
	struct assigns all = { 0 };
	struct err err = { 0 };

	ok(assigns_add(&all, a, STR("a\\.b=1"), &facts, &err) == 0
	        && assigns_add(&all, a, STR("a\\.b=1"), &facts, &err) == 0 && all.count == 1,
	    "the same twice is one");
	ok(assigns_add(&all, a, STR("K:a\\.b=2"), &facts, &err) == 0
	        && assigns_add(&all, a, STR("a.b=2"), &facts, &err) == 0
	        && assigns_add(&all, a, STR("a[0]=2"), &facts, &err) == 0 && all.count == 4,
	    "other kinds and paths are others");
	ok(assigns_add(&all, a, STR("a.b=3"), &facts, &err) < 0 && err.kind == ERR_USAGE,
	    "two values for one path are refused: %s", err.text);
}

/* The file after all its documents have been through the one assignment. */
static struct str
applied(struct arena *a, const char *file, const char *source, const char *text,
    enum assign_result *last, struct str *why)
{
	struct diags d = diags_in(a);
	struct doc *doc = doc_parse_any(a, file, str_of(source), &d);
	struct assigns all = { 0 };
	struct err err = { 0 };
	struct assigned got = { .steps = 0 };
	struct edit edits[8];
	size_t count = 0;

	*last = ASSIGN_OTHER;
	if (d.errors > 0 || assigns_add(&all, a, str_of(text), &facts, &err) < 0)
		return STR("(no assignment)");
	for (const struct node *n = doc->first; n && count < COUNT_OF(edits); n = n->next) {
		*last = assign_to(&got, a, str_of(source), all.list, n);
		*why = got.fault;
		if (*last == ASSIGN_CHANGES)
			edits[count++] = got.edit;
	}
	return splice(a, str_of(source), edits, count);
}

static void
test_assign_to(struct arena *a)
{
	static const struct {
		const char *file, *source, *text, *after; /* after NULL: not this value */
	} rows[] = {
		{ "x.yaml", "a: b # c\n", "a=d", "a: d # c\n" },
		{ "x.yaml", "a: 'b'\r\n", "a=it's", "a: 'it''s'\r\n" },
		{ "x.yaml", "a: b\n", "a=true", "a: \"true\"\n" },
		{ "x.yaml", "a: b\n", "a=1", "a: \"1\"\n" },
		{ "x.yaml", "a: b\n", "a=", "a: \"\"\n" },
		{ "x.yaml", "a: b\n", "a=x: #y", "a: \"x: #y\"\n" },
		{ "x.yaml", "a: 1\n", "a=2", "a: 2\n" },
		{ "x.yaml", "a: 1\n", "a=-2.5e3", "a: -2.5e3\n" },
		{ "x.yaml", "a: 1\n", "a=02", NULL },
		{ "x.yaml", "a: 1\n", "a=two", NULL },
		{ "x.yaml", "a: 1\n", "a=0x1", NULL },
		{ "x.yaml", "a: true\n", "a=false", "a: false\n" },
		{ "x.yaml", "a: true\n", "a=yes", NULL },
		{ "x.yaml", "a: ~\n", "a=x", "a: x\n" },
		{ "x.yaml", "a:\nb: 1\n", "a=x", NULL },
		{ "x.yaml", "a: |\n  b\n", "a=x", "a: |\n  x\n" },
		{ "x.yaml", "a: |\n  b\n  c\n", "a=x", NULL },
		{ "x.yaml", "a: &x b\nc: *x\n", "a=d", "a: &x d\nc: *x\n" },
		{ "x.yaml", "a: &x b\nc: *x\n", "c=d", NULL },
		{ "x.yaml", "a: &x {b: c}\nd: *x\n", "d.b=d", NULL },
		{ "x.yaml", "a: {b: [1, {c: d}]}\n", "a.b[1].c=e", "a: {b: [1, {c: e}]}\n" },
		{ "x.yaml", "a: {b: 1}\n", "a=e", NULL },
		{ "x.yaml", "a: []\n", "a=e", NULL },
		{ "x.yaml", "a: b\n---\na: c\n---\nd: e\n", "a=x", "a: x\n---\na: x\n---\nd: e\n" },
		{ "x.yaml", "kind: A\na: b\n---\nkind: B\na: b\n", "b:a=x",
		    "kind: A\na: b\n---\nkind: B\na: x\n" },
		{ "x.yaml", "kind: A\nmetadata: {name: n}\n---\nkind: A\nmetadata: {name: m}\n",
		    "A/m:metadata.name=x",
		    "kind: A\nmetadata: {name: n}\n---\nkind: A\nmetadata: {name: x}\n" },
		{ "x.json", "{\"a\": 1}", "a=2", "{\"a\": 2}" },
		{ "x.json", "{\"a\": null}", "a=2", "{\"a\": \"2\"}" },
		{ "x.json", "{\"a\": \"x\"}", "a=\"\\", "{\"a\": \"\\\"\\\\\"}" },
		{ "x.json", "{\"pipeline\": {\"name\": \"p\"}, \"a\": \"x\"}", "pipeline/p:a={sha}",
		    "{\"pipeline\": {\"name\": \"p\"}, \"a\": "
		    "\"0123456789012345678901234567890123456789\"}" },
		{ "x.json", "[{\"a\": true}, {\"a\": true}]", "a=false",
		    "[{\"a\": false}, {\"a\": false}]" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		enum assign_result is;
		struct str why = { "", 0 };
		struct str after =
		    applied(a, rows[i].file, rows[i].source, rows[i].text, &is, &why);

		if (rows[i].after)
			ok(str_is(after, rows[i].after), "row %zu: %s by '%s'", i, rows[i].file,
			    rows[i].text);
		else
			ok(is == ASSIGN_FAULT && why.len > 0 && str_is(after, rows[i].source),
			    "row %zu: '%s' is refused: %.*s", i, rows[i].text, STR_FMT(why));
	}
}

static void
test_assign_to__right_already(struct arena *a)
{
	static const char *const rows[] = { "a: x\n", "a: 'x'\n", "a: |\n  x\n", "a: >-\n  x\n",
		"a: &y x\n", "b: &y x\na: *y\n" };

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		enum assign_result is;
		struct str why = { "", 0 };
		struct str after = applied(a, "x.yaml", rows[i], "a=x", &is, &why);

		ok(is == ASSIGN_SAME && str_is(after, rows[i]), "row %zu", i);
	}
}

static void
test_assign_to__misses(struct arena *a)
{
	static const struct {
		const char *text;
		const char *why;
	} rows[] = {
		{ "x.c=1", "the document has no key 'x'" },
		{ "a.c=1", "'a' has no key 'c'" },
		{ "a.b.c=1", "'a.b' is a string" },
		{ "a[0]=1", "'a' is a map" },
		{ "l[2]=1", "'l' has no element 2" },
		{ "l.x=1", "'l' is a list" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		enum assign_result is;
		struct str why = { "", 0 };

		(void)applied(a, "x.yaml", "a: {b: c}\nl: [1, 2]\n", rows[i].text, &is, &why);
		ok(is == ASSIGN_MISSES && str_is(why, rows[i].why), "'%s': %.*s", rows[i].text,
		    STR_FMT(why));
	}
}

static void
test_kube_name_fault(struct arena *a)
{
	static const struct {
		const char *kind, *name;
		bool good;
	} rows[] = {
		{ "ConfigMap", "a.b-1", true },
		{ "ConfigMap", "1a", true },
		{ "ConfigMap", "", false },
		{ "ConfigMap", "a..b", false },
		{ "ConfigMap", "-a", false },
		{ "ConfigMap", "a-.b", false },
		{ "ConfigMap", "A", false },
		{ "ConfigMap", "a_b", false },
		{ "ConfigMap", "a/b", false },
		{ "Job", "a.b", false },
		{ "Job", "1a", true },
		{ "TFJob", "1a", false },
		{ "TFJob", "a1", true },
		{ "Service", "a-", false },
	};
	static const struct {
		const char *kind;
		size_t max;
	} limits[] = { { "ConfigMap", 253 }, { "Job", 63 }, { "CronJob", 52 }, { "TFJob", 63 } };
	char name[260];

	memset(name, 'a', sizeof(name));
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct str why = kube_name_fault(a, str_of(rows[i].kind), str_of(rows[i].name));

		ok((why.len == 0) == rows[i].good, "%s '%s': %.*s", rows[i].kind, rows[i].name,
		    STR_FMT(why));
	}
	for (size_t i = 0; i < COUNT_OF(limits); i++)
		ok(kube_name_fault(a, str_of(limits[i].kind), (struct str){ name, limits[i].max })
		                .len
		            == 0
		        && kube_name_fault(
		               a, str_of(limits[i].kind), (struct str){ name, limits[i].max + 1 })
		                   .len
		               > 0
		        && kube_name_max(str_of(limits[i].kind)) == limits[i].max,
		    "%s: at most %zu", limits[i].kind, limits[i].max);
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_dotted_read(a);
	test_dotted_read__too_many_steps(a);
	test_assigns_add(a);
	test_assigns_add__twice(a);
	test_assign_to(a);
	test_assign_to__right_already(a);
	test_assign_to__misses(a);
	test_kube_name_fault(a);
	arena_free(a);
	return done();
}
