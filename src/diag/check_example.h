/* check_example.h: a wrong and a right spec for each check that needs no cluster. The table is made from
 * check_examples.txt; tests/checks.py proves that the wrong ones are reported and the right ones are not. */
#ifndef DIAG_CHECK_EXAMPLE_H
#define DIAG_CHECK_EXAMPLE_H

#include <stddef.h>

struct check_example {
	const char *code;         /* "PU040" */
	const char *bad_release;  /* the release of pachd for which `bad` is wrong; "": any */
	const char *good_release; /* the same for `good`, which is right */
	const char *bad, *good;   /* JSON or YAML, each line ended by '\n' */
};

extern const struct check_example check_examples[];
extern const size_t check_example_count;

#endif
