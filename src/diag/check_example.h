/* check_example.h: for each check that specs alone can show, one spec that is wrong and one that is right. The table is made from
 * check_examples.txt, and tests/checks.py proves that they are what they say. */
#ifndef DIAG_CHECK_EXAMPLE_H
#define DIAG_CHECK_EXAMPLE_H

#include <stddef.h>

struct check_example {
	const char *code;         /* "PU040" */
	const char *bad_release;  /* the release of pachd for which the bad one is wrong; "": any */
	const char *good_release; /* and for which the good one is right */
	const char *bad, *good;   /* JSON or YAML, each line ended by '\n' */
};

extern const struct check_example check_examples[];
extern const size_t check_example_count;

#endif
