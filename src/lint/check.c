#include "lint/check.h"

#include "base/arena.h"
#include "lint/lint.h"
#include "wire/encode.h"
#include "wire/generation.h"
#include "wire/release.h"

/* The mistakes of the tree as a spec of one line. */
static struct diags
try_line(struct arena *a, const struct api *api, const struct node *tree, const char *file,
    uint32_t version)
{
	struct diags d = diags_in(a);
	struct encode f = { .arena = a, .diags = &d, .file = file, .version = version };

	(void)encode_message(&f, api->create_request, tree);
	return d;
}

void
lint_check(
    struct arena *a, const struct node *tree, const char *file, uint32_t version, struct diags *d)
{
	/* one name has changed its type: resource_limits.gpu was a number up to 1.8.1 */
	const struct {
		const struct api *api;
		uint32_t version;
	} any[] = { { &api_2, 0 }, { &api_1, 0 }, { &api_1, RELEASE(1, 8, 1) } };
	struct lint l = { a, d, file, tree, version };
	struct diags best, one;

	if (version != 0) {
		best = try_line(a, generation_of(version)->api, tree, file, version);
		diags_add(d, &best);
		lint_spec(&l);
		return;
	}
	best = try_line(a, any[0].api, tree, file, any[0].version);
	l.version = RELEASE_NEWEST;
	for (size_t i = 1; i < COUNT_OF(any) && best.count > 0; i++) {
		one = try_line(a, any[i].api, tree, file, any[i].version);
		if (one.count >= best.count)
			continue;
		best = one;
		l.version = RELEASE_2 - 1; /* the last of 1.x */
	}
	diags_add(d, &best);
	lint_spec(&l);
}
