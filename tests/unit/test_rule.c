#include "tap.h"

#include <string.h>

#include "base/arena.h"
#include "format/doc.h"
#include "pipeline/spec.h"
#include "retag/rule.h"

#define DIGEST "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* A spec of that name whose image is `image` (NULL: none). */
static struct spec
spec_with(struct arena *a, const char *project, const char *name, const char *image)
{
	struct node *n = ARENA_NEW(a, struct node);

	*n = (struct node){ .kind = NODE_STRING, .text = str_of(image) };
	return (struct spec){ .file = "x.json",
		.project = str_of(project),
		.name = str_of(name),
		.image = image ? n : NULL };
}

/* What a spec's image becomes under some lines; "" when nothing speaks of it. */
static void
test_rules_match__lines_to_images(struct arena *a)
{
	static const struct {
		const char *lines[3], *image, *result;
	} rows[] = {
		{ { "a/edges" }, "a/edges:1", "a/edges:TAG" },
		{ { "a/edges" }, "a/edges", "a/edges:TAG" },           /* C.3 number 4 */
		{ { "a/edges:2" }, "a/edges@sha256:aa", "a/edges:2" }, /* C.3 number 3 */
		{ { "a/edges" }, "docker.io/a/edges:1", "docker.io/a/edges:TAG" },
		{ { "a/edges=a/edges:2" }, "docker.io/a/edges:1", "a/edges:2" },
		{ { "t.x/a=p.x/a:*" }, "t.x/a:1.4", "p.x/a:1.4" },
		{ { "t.x/a=p.x/a:*" }, "t.x/a@" DIGEST, "p.x/a@" DIGEST },
		{ { "t.x/a=p.x/a:*" }, "t.x/a:1@" DIGEST, "p.x/a:1@" DIGEST },
		{ { "t.x/a=p.x/a:*" }, "t.x/a", "p.x/a" },
		{ { "edges==p.x/a:*" }, "t.x/a:1.4", "p.x/a:1.4" },
		{ { "host:5000/x=host:5000/y" }, "host:5000/x", "host:5000/y:TAG" },
		{ { "host:5000/x=z:9" }, "host:5000/x:1", "z:9" },
		{ { "foo" }, "foo-bar:1", "" }, /* C.3 number 1 */
		{ { "foo" }, "x/foo:1", "" },
		{ { "r/p/one", "r/p/two:2" }, "r/p/two:1", "r/p/two:2" }, /* C.3 number 2 */
		{ { "edges==other/thing:7", "a/edges" }, "a/edges:1", "other/thing:7" },
		{ { "edges==other/thing" }, "a/edges:1", "other/thing:TAG" },
		{ { "p/edges==other/thing:7" }, "a/edges:1", "other/thing:7" },
		{ { "q/edges==other/thing:7" }, "a/edges:1", "" },
		{ { "edges==other/thing:7" }, NULL, "other/thing:7" },
		{ { "a/edges" }, NULL, "" },
		{ { "a/edges@" DIGEST }, "a/edges:1", "a/edges@" DIGEST },
		{ { "a/edges:2@" DIGEST }, "a/edges", "a/edges:2@" DIGEST },
		{ { "a/edges" }, "a/edges:1@" DIGEST, "a/edges:TAG" }, /* the old digest goes */
		{ { "a/edges=b/edges@" DIGEST }, "a/edges:1", "b/edges@" DIGEST },
		{ { "a/edges=b/edges", "b/edges=c/edges" }, "a/edges:1", "b/edges:TAG" },
		{ { "edges" }, "docker.io/library/edges:1", "docker.io/library/edges:TAG" },
		{ { "docker.io/library/edges" }, "edges", "edges:TAG" },
		{ { "library/edges" }, "index.docker.io/library/edges",
		    "index.docker.io/library/edges:TAG" },
		{ { "a/Edges==x:1" }, "a/edges:1",
		    "" }, /* a project's and pipeline's case counts */
		{ { "host:5000/x" }, "host:5001/x:1", "" },
		{ { "host:5000/x" }, "host:5000/x", "host:5000/x:TAG" }, /* C.3 number 5 */
		{ { "edges==x:1", "p/edges==x:2" }, "a/edges:1", "x:2" },
		{ { "p/edges==x:2", "edges==x:1" }, "a/edges:1", "x:2" },
		{ { " a/edges:3 " }, "a/edges:1", "a/edges:3" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct rules rules = { 0 };
		struct spec spec = spec_with(a, "p", "edges", rows[i].image);
		const struct rule *rule;
		struct err err = { 0 };
		int rc = 0;

		for (size_t j = 0; j < 3 && rows[i].lines[j] && rc == 0; j++)
			rc = rules_add(&rules, a, str_of(rows[i].lines[j]), STR("TAG"), &err);
		ok(rc == 0, "line '%s' is read: %s", rows[i].lines[0], err.text);
		rule = rules_match(&rules, &spec);
		ok(str_is(rule ? rule_result_text(a, rule, spec.image ? spec.image->text : STR(""))
		               : STR(""),
		       rows[i].result),
		    "'%s' makes '%s' of '%s'", rows[i].lines[0], rows[i].result,
		    rows[i].image ? rows[i].image : "none");
	}
}

static void
test_rules_add__refuses(struct arena *a)
{
	static const char *const lines[][2] = {
		{ "A/B C" },
		{ "a:" },
		{ "a=b=c" },
		{ "==a" },
		{ "/x==a" },
		{ "a:1=b" },
		{ "a@sha256:ab" },
		{ "a/edges:1", "a/edges:2" },
		{ "docker.io/a/edges:1", "a/edges:2" },
		{ "p==a:1", "p==a:2" },
		{ "=b" },
		{ "a=" },
		{ "p==" },
		{ "p/==a" },
		{ "a@" DIGEST "=b" },
		{ "a@sha256:0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef" },
		{ "a b" },
		{ "" },
		{ "library/b:1", "docker.io/b:2" },
		{ "q/p==a:1", "q/p==a:2" },
		{ "a:*" },
		{ "a=b:*@" DIGEST },
		{ "a=b:*", "a=b:1" },
	};

	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		struct rules rules = { 0 };
		struct err err = { 0 };
		int rc = 0;

		for (size_t j = 0; j < 2 && lines[i][j] && rc == 0; j++)
			rc = rules_add(&rules, a, str_of(lines[i][j]), STR("T"), &err);
		ok(rc < 0 && err.kind == ERR_USAGE && err.hint[0], "'%s' '%s' is refused: %s",
		    lines[i][0], lines[i][1] ? lines[i][1] : "", err.text);
	}
}

static void
test_rules_unused__names_the_line(struct arena *a)
{
	struct rules rules = { 0 };
	struct spec spec = spec_with(a, "default", "edges", "a/edges:1");
	struct err err = { 0 };

	ok(rules_add(&rules, a, STR("a/edges"), STR("t"), &err) == 0, "one");
	ok(rules_add(&rules, a, STR("a/edges"), STR("t"), &err) == 0 && rules.count == 1,
	    "the same line twice counts once");
	ok(rules_add(&rules, a, STR("a/zoo"), STR("t"), &err) == 0, "two");
	(void)rules_match(&rules, &spec);
	ok(rules_unused(&rules) && str_is(rules_unused(&rules)->text, "a/zoo"), "a/zoo is unused");
}

/* A pinned pipeline's repository counts as matched, and one rule may serve many specs. */
static void
test_rules_match__counts_uses(struct arena *a)
{
	struct rules rules = { 0 };
	struct spec one = spec_with(a, "p", "one", "a/edges:1");
	struct spec two = spec_with(a, "q", "two", "a/edges:2");
	struct err err = { 0 };

	ok(rules_add(&rules, a, STR("a/edges"), STR("t"), &err) == 0
	        && rules_add(&rules, a, STR("one==b:1"), STR("t"), &err) == 0,
	    "a repository and a pin");
	ok(str_is(rules_match(&rules, &one)->image, "b:1"), "the pin wins");
	ok(!rules_unused(&rules), "and both are used");
	ok(str_is(rules_match(&rules, &two)->image, "a/edges:t"), "the other gets its tag");
	ok(rules.list[0].used == 2 && rules.list[1].used == 1, "the uses are counted");
}

static void
test_rules_add_all__every_image(struct arena *a)
{
	struct rules rules = { 0 };
	struct spec with = spec_with(a, "default", "x", "y/z:1");
	struct spec without = spec_with(a, "default", "x", NULL);
	struct err err = { 0 };

	ok(rules_add_all(&rules, a, STR("a/b"), STR("t"), &err) == 0, "the old variable");
	ok(rules_match(&rules, &with) && str_is(rules_match(&rules, &with)->image, "a/b:t"),
	    "any image becomes it");
	ok(!rules_match(&rules, &without), "a spec without an image is left alone");
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_rules_match__lines_to_images(a);
	test_rules_add__refuses(a);
	test_rules_unused__names_the_line(a);
	test_rules_match__counts_uses(a);
	test_rules_add_all__every_image(a);
	arena_free(a);
	return done();
}
