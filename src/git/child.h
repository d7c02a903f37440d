/*
 * child.h: inside git/ only: questions to a process of our own that reads the repository.
 *
 * Others write what a repository holds, and libgit2 does not defend itself: a FIFO in place of a ref makes it wait
 * for ever, a broken index or pack may make it crash. So a process is forked for it, which runs no other program,
 * has limits and does not have our secrets, and ends with us. Its answers are trusted no more than the repository
 * itself.
 */
#ifndef GIT_CHILD_H
#define GIT_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct arena;

enum ask {
	ASK_OPEN, /* the path; number: trusted */
	ASK_HEAD, /* -> sha, branch; number: shallow */
	ASK_PEEL,
	ASK_SUBJECT,
	ASK_MESSAGE, /* a commit -> its message */
	ASK_REMOTE,  /* -> the URL of the remote */
	ASK_BLOB,    /* a blob -> its bytes; number: the clone holds it */
	ASK_HAS_COMMIT,
	ASK_IS_SHALLOW,
	ASK_MERGE_BASE,
	ASK_PARENTS,
	ASK_TAG_BEFORE,
	ASK_DISTANCE,   /* a commit; -> number: how many commits of HEAD it lacks; "aside" or "" */
	ASK_SINCE_OPEN, /* a commit; those behind it are about the commit that was opened last */
	ASK_SINCE_CHANGED,
	ASK_SINCE_NAME, /* a path -> its name in the commit; number: it has one */
	ASK_SINCE_READ, /* a name in the commit -> its text; number: it is held */
	ASK_SINCE_GONE, /* -> names, each with a NUL behind it */
	ASK_SINCE_FILES, /* a path in the commit; number: how many to skip -> "ID NAME" of files, each with a NUL
	                    behind it; number: how many; 0: there are no more */
	ASK_SINCE_BLOB, /* an ID -> its text; number: it is held */
	ASK_COUNT
};

enum { MESSAGE_WORDS = 2 };

/* A question or its answer. */
struct message {
	int32_t code;    /* enum ask; of an answer 0, or -1 with `err` */
	uint64_t number; /* a count or a truth */
	struct str words[MESSAGE_WORDS];
	struct err err;
};

/* The process, from the outside. */
struct child {
	pid_t pid; /* 0: there is none */
	int fd;
};

/* Makes it. -1 with ERR_SYSTEM: no memory, process or descriptor. */
int child_start(struct child *c, struct err *err) NODISCARD;
void child_end(struct child *c);

/* Asks, and waits for the answer, whose words live in `a`. -1: ERR_SYSTEM the process died, neither answered nor
 * computed for too long, or sent something that is not an answer; or the error that it answered. `path` is for
 * messages. */
int child_ask(struct child *c, const char *path, const struct message *question, struct arena *a,
    struct message *answer, struct err *err) NODISCARD;

/* message.c: both sides' ends of the socket. -1: it is closed, or what comes is too large. */
int message_send(int fd, const struct message *m) NODISCARD;
int message_receive(int fd, struct arena *a, struct message *m) NODISCARD;

/* serve.c: the process itself: answers questions until the socket closes. */
void serve(int fd);

#endif
