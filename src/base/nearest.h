/* nearest.h: which known word somebody may have meant by one that is not known ("did you mean …"). */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include <stddef.h>

#include "base/base.h"
#include "base/str.h"

/*
 * A search: begin it, offer every known word, then read `found`:
 *   struct nearest n = nearest_to(word);
 *   for (…) nearest_offer(&n, known[i]);
 *   if (n.found) …
 * Counted is how many bytes must be put in, taken out, changed, or swapped with their neighbour, without
 * regard to case, and '_' as '-'. A word is near when that is at most a third of the length of the unknown one (rounded
 * down, at least 1 from 3 bytes on), or when it begins with the unknown one. Words under 3 or over 40 bytes
 * are near to nothing. Of equally near words the one offered first is found.
 */
struct nearest {
	struct str word;
	size_t best;       /* the count that a word must stay below */
	const char *found; /* borrowed from the caller of nearest_offer(), or NULL */
};

struct nearest nearest_to(struct str word);
void nearest_offer(struct nearest *n, const char *known);

#endif
