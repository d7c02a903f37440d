/* left.h: what git knows of pipelines that the specs no longer have. */
#ifndef DEPLOY_GATHER_LEFT_H
#define DEPLOY_GATHER_LEFT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct run;

/* A pipeline, and the commit that it is said to be of. */
struct left {
	struct str project, name, commit; /* by the caller; 40 digits, or empty */
	struct str file;                  /* of the commit that has its spec; empty: none has */
	struct str gone;   /* the commit that took it out of git; empty: HEAD has it still */
	bool is_unchecked; /* HEAD has it in a file that is not in the work tree */
};

/* How the commits lie to the one that is checked out. */
enum left_history {
	LEFT_BEHIND,  /* all are ancestors of HEAD, or HEAD itself */
	LEFT_NO_GIT,  /* there is no git repository, or no commit in it */
	LEFT_CUT_OFF, /* one is not in this clone, which is shallow */
	LEFT_ELSEWHERE, /* one is not in this clone, or not an ancestor: a rollback, or a forced push */
};

struct left_commits {
	const struct str *list; /* by the caller, 40 digits each; each once */
	size_t count;
	enum left_history history;
	struct str lost; /* the one that is cut off or elsewhere */
};

/* Looks where the commits are, and with LEFT_BEHIND fills in list[0..count). -1 with ERR_SYSTEM: git cannot be read. In
 * the run's arena. */
int left_find(struct run *run, struct left_commits *commits, struct left *list, size_t count,
    struct err *err) NODISCARD;

#endif
