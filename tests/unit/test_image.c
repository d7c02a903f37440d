#include "tap.h"

#include <string.h>

#include "base/arena.h"
#include "pipeline/image.h"

static void
test_image_split__repo_tag_digest(void)
{
	static const struct {
		const char *in, *repo, *tag, *digest;
	} rows[] = {
		{ "edges", "edges", NULL, NULL },
		{ "edges:1.2", "edges", "1.2", NULL },
		{ "host:5000/team/edges", "host:5000/team/edges", NULL, NULL }, /* C.3 number 5 */
		{ "host:5000/edges:1@sha256:ab", "host:5000/edges", "1", "sha256:ab" },
		{ "a/b@sha256:ab", "a/b", NULL, "sha256:ab" },
		{ "a/b:", "a/b", "", NULL },
		{ "[::1]:5000/a", "[::1]:5000/a", NULL, NULL },
		{ "", "", NULL, NULL },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct image im = image_split(str_of(rows[i].in));

		ok(str_is(im.repo, rows[i].repo), "repo of '%s'", rows[i].in);
		ok((im.tag.ptr != NULL) == (rows[i].tag != NULL)
		        && (!rows[i].tag || str_is(im.tag, rows[i].tag)),
		    "tag of '%s'", rows[i].in);
		ok((im.digest.ptr != NULL) == (rows[i].digest != NULL)
		        && (!rows[i].digest || str_is(im.digest, rows[i].digest)),
		    "digest of '%s'", rows[i].in);
	}
}

static void
test_image_fault__oci_grammar(void)
{
	static const char hex[] =
	    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
	static const struct {
		const char *in;
		bool good;
	} rows[] = {
		{ "edges", true },
		{ "a/b__c/d-e--f.g:1", true },
		{ "REG.example:5000/a:1", true },
		{ "localhost/a", true },
		{ "a:", false },
		{ "a:.x", false },
		{ "a:x y", false },
		{ "A/b:1", true }, /* a first part with capitals is a host */
		{ "a/B", false },
		{ "a//b", false },
		{ "a/_b", false },
		{ "a/b___c", false },
		{ "a/b..c", false },
		{ "a/b-", false },
		{ "", false },
		{ ":1", false },
		{ "host:x/a", false },
		{ "host:123456/a", false },
		{ "<yourregistry>/a", false },
		{ "[::1]:5000/a:1", true },
		{ "[::1]/a", true },
		{ "[x y:\n]:5/a", false },
		{ "[]:5/a", false },
		{ "[::1]5/a", false },
		{ "[::1/a", false },
		{ "..:5/a", false },
		{ "a..b/c", false },
		{ "-a.b/c", false },
		{ "a-.b/c", false },
		{ ".a/c", false },
		{ "a./c", false },
		{ "host:/a", false },
		{ "a.b:5:6/c", false },
		{ "a:5@", false },
		{ "10.0.0.1:5000/a", true },
		{ "a@sha256:ab", false },
		{ "a@sha256", false },
	};
	struct arena *a = arena_new(no_memory);

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct image im = image_split(str_of(rows[i].in));

		ok((image_fault(&im) == NULL) == rows[i].good, "'%s' is %s", rows[i].in,
		    rows[i].good ? "valid" : "refused");
	}
	for (int i = 0; i < 2; i++) {
		struct str text = arena_fmt(a, "a/b:1@sha256:%.*s", i ? 63 : 64, hex);
		struct image im = image_split(text);

		ok((image_fault(&im) == NULL) == (i == 0), "a digest of %d digits", i ? 63 : 64);
	}
	arena_free(a);
}

/* C.3 number 1: greedy prefixes, and Docker's normalisation. */
static void
test_image_same_repo__exactly(void)
{
	static const struct {
		const char *a, *b;
		bool same;
	} rows[] = {
		{ "foo", "foo-bar", false },
		{ "x/foo", "foo", false },
		{ "foo", "x/foo", false },
		{ "b", "docker.io/library/b", true },
		{ "library/b", "b", true },
		{ "a/b", "docker.io/a/b", true },
		{ "index.docker.io/a/b", "a/b", true },
		{ "library/a/b", "a/b", false },
		{ "quay.io/a/b", "a/b", false },
		{ "host:5000/a", "host:5001/a", false },
		{ "host:5000/a", "host/a", false },
		{ "host/a", "host/A", false },
		{ "localhost/b", "b", false },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		ok(image_same_repo(str_of(rows[i].a), str_of(rows[i].b)) == rows[i].same,
		    "'%s' and '%s'", rows[i].a, rows[i].b);
		ok(image_same_repo(str_of(rows[i].b), str_of(rows[i].a)) == rows[i].same,
		    "'%s' and '%s'", rows[i].b, rows[i].a);
	}
}

int
main(void)
{
	test_image_split__repo_tag_digest();
	test_image_fault__oci_grammar();
	test_image_same_repo__exactly();
	return done();
}
