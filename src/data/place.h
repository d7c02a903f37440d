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
	struct pfs_ref at; /* at.ref is empty where none is written */
	struct str
	    path; /* from '/', without a '/' at its end but for "/"; empty where none is written */
	bool is_dir; /* the path is written with a '/' at its end, or is "/" */
};

/*
 * Reads `text`; `project` counts where it names none. Lives in `a`. -1 with ERR_USAGE and an example: a name
 * with characters that pachd does not take, an empty part, a path with ".." or "." or one that pachd would
 * refuse (path_check()).
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

/* "/dir" and "a/b" become "/dir/a/b"; in `a`. */
struct str path_join(struct arena *a, struct str dir, struct str rest);

/* What follows the last '/'. */
struct str path_base(struct str path);

#endif
