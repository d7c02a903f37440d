#include "tap.h"

#include <string.h>

#include "base/base.h"
#include "pipeline/undone.h"

static void
test_undone_previous__rows(void)
{
	/* a letter for each version's spec, the oldest first; the last one runs */
	static const struct {
		const char *name, *specs;
		size_t previous; /* from 1; 0: none */
	} rows[] = {
		{ "no version", "", 0 },
		{ "one version", "a", 0 },
		{ "two", "ab", 1 },
		{ "the same again is none", "aa", 0 },
		{ "the same again is left out", "abb", 1 },
		{ "after an automatic rollback not the broken one", "abcb", 1 },
		{ "nor where nothing else is left", "aba", 0 },
		{ "two that were undone", "abcbdb", 1 },
		{ "back by two: neither of them", "abca", 0 },
		{ "new work after a rollback", "abcbd", 4 },
		{ "rolled back twice", "abcdcb", 1 },
		{ "what was undone and pushed again counts", "abacb", 4 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		size_t kinds[16], count = strlen(rows[i].specs), got;

		for (size_t k = 0; k < count; k++)
			kinds[k] = (size_t)(unsigned char)rows[i].specs[k];
		got = undone_previous(kinds, count);
		ok(got == (rows[i].previous ? rows[i].previous - 1 : count), "%s", rows[i].name);
	}
}

int
main(void)
{
	test_undone_previous__rows();
	return done();
}
