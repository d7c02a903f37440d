/* remote.h: inside git/ only: the URL of a repository's remote. */
#ifndef GIT_REMOTE_H
#define GIT_REMOTE_H

#include "base/str.h"

struct arena;
struct reader;

/* The URL of remote "origin", or of the only one, as remote_clean() leaves it; empty where there is none. In `a`. */
struct str reader_remote(struct reader *r, struct arena *a);

/* The URL without user, password, query and fragment; the user of "git@host:path" stays. Empty for a path and for
 * text that is not a URL. In `a`. */
struct str remote_clean(struct arena *a, struct str url);

#endif
