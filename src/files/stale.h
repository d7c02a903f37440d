/* stale.h: what a run that was killed has left beside the files that it was writing. */
#ifndef FILES_STALE_H
#define FILES_STALE_H

#include "base/base.h"

/* How the new file beside an old one is called: STALE_NAME and six letters or digits. */
#define STALE_NAME ".pachup-"
enum { STALE_RANDOM = 6 };

/* Removes such files from the directory `dir` that are ours, older than a minute, and that no process is
 * writing: those hold a lock (flock). What cannot be looked at or removed stays, for it harms nobody. */
void stale_remove(int dir);

/* The same for the directory at `path`, which must lie in `fence` (NULL: anywhere). */
void stale_remove_at(const char *path, const char *fence);

#endif
