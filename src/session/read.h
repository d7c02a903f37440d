/* read.h: the files that say what is deployed: those of the work tree, or as another commit has them. */
#ifndef SESSION_READ_H
#define SESSION_READ_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct run;

/* The same tree at another commit. */
struct other_commit {
	/* The text of the file that the work tree has at `path`. 0: it is in *text; 1: the commit has no such file, so that
	 * the work tree's counts; -1: it could not be read. */
	int (*read)(void *ctx, const char *path, struct str *text, struct err *err);
	void *ctx;
};

/* The text of a file in the run's arena: of run->other_commit, or of the work tree, where in CI it must lie in the workspace.
 * -1: ERR_SYSTEM as file_read_in(), the file is larger than MAX_SPEC_BYTES; and what other_commit->read() says. */
int run_read(const struct run *run, const char *path, struct str *text, struct err *err) NODISCARD;

#endif
