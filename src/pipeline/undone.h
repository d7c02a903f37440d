/* undone.h: which earlier version of a pipeline to go back to. Pure. */
#ifndef PIPELINE_UNDONE_H
#define PIPELINE_UNDONE_H

#include <stddef.h>

enum { MOST_PAST_VERSIONS = 64 }; /* the newest that are looked at */

/* kinds[i] is a number for the spec of version i, the oldest first: versions with equal numbers have equal specs.
 * The last version runs. A version with the spec of an earlier one undoes all between them. Returns the index of
 * the last version that was not undone and differs from what runs; `count` where there is none. `count` is at most
 * MOST_PAST_VERSIONS. */
size_t undone_previous(const size_t *kinds, size_t count);

#endif
