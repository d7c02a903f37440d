/*
 * Input: a reference, a line feed, another one. Put together again a reference is what it was; what has no
 * fault still has none then; two names of one repository are so both ways round, and for the normalised
 * name too.
 */
#include <string.h>

#include "base/arena.h"
#include "pipeline/image.h"
#include "retag/rule.h"

#include "fuzz.h"

static void
check_one(struct arena *a, struct str text)
{
	struct image im = image_split(text), again;
	struct str whole = image_text(a, &im);
	struct rules rules = { 0 };
	struct err err;

	must(str_eq(whole, text));
	again = image_split(whole);
	must(str_eq(again.repo, im.repo) && (again.tag.ptr == NULL) == (im.tag.ptr == NULL)
	     && (again.digest.ptr == NULL) == (im.digest.ptr == NULL));
	must(image_same_repo(im.repo, im.repo));
	if (image_fault(&im))
		return;
	must(im.repo.len > 0 && !(im.tag.ptr && image_tag_fault(im.tag)));
	/* a good reference is a good image line, and its rule asks for just that */
	if (str_find(text, '=') == text.len && (im.tag.ptr || im.digest.ptr)) {
		must(!rule_needs_tag(text));
		must(rules_add(&rules, a, text, STR(""), &err) == 0);
		must(str_eq(rules.list[0].image, text));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *a = arena_new(no_memory);
	struct str all = arena_str(a, (struct str){ (const char *)data, len });
	size_t cut = str_find(all, '\n');
	struct str one = str_head(all, cut), two = str_tail(all, cut + 1);

	if (str_find(all, '\0') == all.len) { /* as no text of a tree or of argv holds one */
		check_one(a, one);
		check_one(a, two);
	}
	must(image_same_repo(one, two) == image_same_repo(two, one));
	arena_free(a);
	return 0;
}
