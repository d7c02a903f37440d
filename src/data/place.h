/* place.h: how users write where data is: [PROJECT/]REPO[@REF[:/PATH]]. Pure. */
#ifndef DATA_PLACE_H
#define DATA_PLACE_H

#include <stdbool.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "pachd/pfs/pfs.h"

struct arena;

struct place {
	struct pfs_ref at; /* at.ref is empty where the text names no branch or commit */
	struct str
	    path;    /* "/" or "/a/b", without a '/' at its end; empty where the text has none */
	bool is_dir; /* the path is written with a '/' at its end, or is "/" */
};

/*
 * Reads `text` into `out`, which lives in `a`; its project is `project` where the text names none. -1 with ERR_USAGE: a
 * name is empty or has characters that pachd does not take, or path_check() refuses the path.
 */
int place_parse(struct arena *a, const char *text, struct str project, struct place *out,
    struct err *err) NODISCARD;

/* "repo@master", "vision/repo@master:/a/b": as users write it, the default project left out; in `a`. */
struct str place_title(struct arena *a, const struct pfs_ref *at, struct str path);

/*
 * Why pachd takes no file of this path, or NULL: it takes printable ASCII without *?[]{}!()@+^ (pachd's
 * ValidatePath, all releases) and parts that are neither empty nor "." nor "..".
 */
const char *path_check(struct str path);

/* "/dir/a/b" of "/dir" and "a/b"; in `a`. */
struct str path_join(struct arena *a, struct str dir, struct str rest);

#endif
