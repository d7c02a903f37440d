/* undone.h: which earlier version of a pipeline to go back to. Pure. */
#ifndef PIPELINE_UNDONE_H
#define PIPELINE_UNDONE_H

#include <stddef.h>

enum { MOST_PAST_VERSIONS = 64 }; /* the newest that are looked at */

/* `kinds` says of each version, the oldest first, which spec it has: equal numbers, equal specs. The last one
 * is what runs. A version with the spec of an earlier one undid all that came between. Returns the
 * place of the last version that differs from what runs and was not undone; `count` where there is none.
 * At most MOST_PAST_VERSIONS. */
size_t undone_previous(const size_t *kinds, size_t count);

#endif
