/* stale.h: files that a killed run left beside those that it was writing. */
#ifndef FILES_STALE_H
#define FILES_STALE_H

#include "base/base.h"

/* How the new file beside an old one is called: STALE_NAME and six letters or digits. */
#define STALE_NAME ".pachup-"
enum { STALE_RANDOM = 6 };

/* Removes such files from the directory `dir` where they belong to our user, are older than a minute, and no
 * process writes them (it would hold a lock: flock). What cannot be looked at or removed stays; it does no harm. */
void stale_remove(int dir);

/* The same for the directory at `path`, which must lie in `fence` (NULL: anywhere). */
void stale_remove_at(const char *path, const char *fence);

#endif
