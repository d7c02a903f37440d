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
 * The distance of two words is how many bytes must be inserted, removed, changed, or swapped with their neighbour
 * to make one of the other; case does not count, and '_' is '-'. A known word is near when its distance is at most
 * a third of the length of the unknown one (rounded down, at least 1), or when it begins with the unknown one.
 * Words under 3 or over 40 bytes are near to none. Of equally near words the one that was offered first is found.
 */
struct nearest {
	struct str word;
	size_t best;       /* a nearer word has a distance below this */
	const char *found; /* borrowed from the caller of nearest_offer(), or NULL */
};

struct nearest nearest_to(struct str word);
void nearest_offer(struct nearest *n, const char *known);

#endif
