/*
 * pfs.h: repos, branches, commits and files of a cluster of any generation. All after pachd_probe(); failures
 * are those of pachd_probe(), and what the cluster refuses is ERR_REFUSED in its words.
 */
#ifndef PACHD_PFS_PFS_H
#define PACHD_PFS_PFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct arena;
struct call;
struct pachd;

/* A branch or commit of a repo. */
struct pfs_ref {
	struct str project, repo; /* the project counts from 2.5 */
	struct str ref;           /* a branch, a commit's id, or an expression such as "master^2" */
};

struct pfs_branch {
	bool has_repo;   /* the repo is there */
	bool exists;     /* the branch is there, too */
	bool is_output;  /* of a pipeline: only the pipeline writes into it */
	struct str head; /* the commit's id; empty: it has none (1.x) */
};

/* Looks at the branch `at->ref`; a branch or repo that does not exist is not a failure. In `a`. */
int pfs_branch(struct pachd *p, struct arena *a, const struct pfs_ref *at, struct pfs_branch *out,
    struct err *err) NODISCARD;

struct pfs_repo {
	struct str project, name; /* the project is "default" below 2.5 */
	struct str description;   /* may be empty */
	struct str *branches;
	size_t branch_count;
};

/* All repos of users, by project and name; in `a`. */
int pfs_repos(struct pachd *p, struct arena *a, struct pfs_repo **out, size_t *count,
    struct err *err) NODISCARD;

/* The same of one project (2.5+). */
int pfs_project_repos(struct pachd *p, struct arena *a, struct str project, struct pfs_repo **out,
    size_t *count, struct err *err) NODISCARD;

/* The repos whose branches read a branch of the repo, directly or through others, without that repo itself; those of
 * stopped pipelines read nothing. None where the repo does not exist. In `a`. */
int pfs_readers(struct pachd *p, struct arena *a, const struct pfs_ref *at, struct pfs_ref **out,
    size_t *count, struct err *err) NODISCARD;

enum pfs_made { PFS_MADE, PFS_WAS_THERE };

/* Creates the project (2.5+), the repo, the branch. *made: whether it existed already; that is not a failure. */
int pfs_make_project(
    struct pachd *p, struct str name, enum pfs_made *made, struct err *err) NODISCARD;
int pfs_make_repo(
    struct pachd *p, const struct pfs_ref *at, enum pfs_made *made, struct err *err) NODISCARD;
int pfs_make_branch(struct pachd *p, const struct pfs_ref *at, struct err *err) NODISCARD;

/* What became of a repo or project that was to be deleted. */
enum pfs_deleted {
	PFS_DELETED,
	PFS_WAS_GONE,
	PFS_KEPT, /* the server did not delete it, as the caller may not (2.8+) */
};

/* Deletes the repo and its data, never with `force`: the server refuses where others read it, and where it is a
 * pipeline's. Below 2.8 a caller without the right gets an error. After a lost answer the repo is looked at again. */
int pfs_delete_repo(
    struct pachd *p, const struct pfs_ref *at, enum pfs_deleted *out, struct err *err) NODISCARD;

/* Deletes the project (2.5+); the server refuses where it is not empty. */
int pfs_delete_project(
    struct pachd *p, struct str name, enum pfs_deleted *out, struct err *err) NODISCARD;

struct pfs_commit {
	struct pfs_ref at;                         /* its ref is the commit's id */
	struct str branch;                         /* empty below 1.9 */
	struct str parent;                         /* the id; empty: it is the first */
	struct str description, error, created_by; /* may be empty; the first is the user's */
	int64_t started_s, finished_s;             /* since 1970; 0: not yet */
	bool is_finishing; /* 2.x: it takes no more writes, and is finished soon */
	uint64_t size;
	bool is_auto;               /* a pipeline made it (1.9+) */
	struct pfs_ref *provenance; /* the commits that it was made of */
	size_t provenance_count;
};

/* Looks at a commit. `waits`: when it is finished; ERR_TIMEOUT at the deadline. */
int pfs_commit(struct pachd *p, struct arena *a, const struct pfs_ref *at, bool waits,
    struct pfs_commit *out, struct err *err) NODISCARD;

/* The last `most` commits from `at` back, newest first; in `a`. */
int pfs_commits(struct pachd *p, struct arena *a, const struct pfs_ref *at, size_t most,
    struct pfs_commit **out, size_t *count, struct err *err) NODISCARD;

struct pfs_file {
	struct str path; /* "/a/b"; a directory's has no '/' at its end, but for "/" itself */
	bool is_dir;
	uint64_t size;
	struct str hash;     /* raw bytes */
	int64_t committed_s; /* 0: the server does not say (before 1.8.1) */
};

/* Called for each file as it comes; `file` lives until it returns. -1 with *err ends the call with that failure. */
typedef int pfs_take(void *ctx, const struct pfs_file *file, struct err *err);

/* The entries of a directory, or the file itself, sorted by name. An empty directory has none; in some releases
 * one that does not exist has none either. After a failure *is_missing says whether the path does not exist. */
int pfs_list(struct pachd *p, const struct pfs_ref *at, struct str path, pfs_take *take, void *ctx,
    bool *is_missing, struct err *err) NODISCARD;

/* Everything below the path and the path itself, parents first. */
int pfs_walk(struct pachd *p, const struct pfs_ref *at, struct str path, pfs_take *take, void *ctx,
    struct err *err) NODISCARD;

/* One branch or commit of several that are walked at once. */
struct pfs_walking {
	const struct pfs_ref *at;
	struct str path;
	pfs_take *take;
	void *ctx;
	int64_t timeout_ms; /* 0: only the connection's deadline */
	bool is_done;       /* by pfs_walk_all(): all files have come */
};

/* Walks all of them in one flight, one call each; where one fails, for any cause, is_done is false. Below 1.8 all are
 * false. */
void pfs_walk_all(struct pachd *p, struct pfs_walking *list, size_t count);

/* The files and directories that a pattern matches (2.x); the server's order. */
int pfs_glob(struct pachd *p, const struct pfs_ref *at, struct str pattern, pfs_take *take,
    void *ctx, struct err *err) NODISCARD;

/* One entry; *found is false where there is none. */
int pfs_inspect(struct pachd *p, struct arena *a, const struct pfs_ref *at, struct str path,
    bool *found, struct pfs_file *out, struct err *err) NODISCARD;

/* Called for each piece of a file as it comes. */
typedef int pfs_bytes(void *ctx, struct str bytes, struct err *err);

int pfs_get(struct pachd *p, const struct pfs_ref *at, struct str path, pfs_bytes *take, void *ctx,
    struct err *err) NODISCARD;

/* The same for a directory or file as one tar stream (2.x). */
int pfs_get_tar(struct pachd *p, const struct pfs_ref *at, struct str path, pfs_bytes *take,
    void *ctx, struct err *err) NODISCARD;

enum pfs_split { PFS_WHOLE, PFS_LINES, PFS_JSON };

/* One step of a stream of changes. */
struct pfs_step {
	enum { PFS_DELETE, PFS_BEGIN, PFS_MORE } what;
	struct str path;      /* of DELETE and BEGIN */
	struct str bytes;     /* of BEGIN and MORE: what is added at the file's end */
	bool appends;         /* BEGIN: the bytes are added to the file that exists */
	enum pfs_split split; /* BEGIN, 1.x: the server splits the file into a directory of files */
};

/* Where the steps come from, as in call_source; at most PFS_STEP_BYTES of bytes each. */
struct pfs_steps {
	int (*next)(void *ctx, struct pfs_step *step, struct err *err);
	void *ctx;
};
enum { PFS_STEP_BYTES = 1 << 20 };

/*
 * Sends the steps as one commit of the branch. `deletes`: there are steps that delete; in 1.x they must come
 * first, and the commit is started before them and deleted after a failure. *sent: the server may have got a part.
 * After a failure no change is visible, unless the answer was lost.
 */
int pfs_put(struct pachd *p, const struct pfs_ref *at, const struct pfs_steps *steps, bool deletes,
    bool *sent, struct err *err) NODISCARD;

#endif
