/*
 * err.h: why a run cannot go on. One flat value without heap, so that any failure is known.
 * Mistakes in the user's files are not errors: they are collected as diags (diag.h).
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/base.h"
#include "base/mention.h"

enum err_kind {
	ERR_NONE,
	ERR_USAGE,       /* called wrongly: exit 64 */
	ERR_SPEC,        /* the files are wrong, nothing was sent: exit 1 */
	ERR_SYSTEM,      /* the machine said no: file, memory, git: exit 1 */
	ERR_NETWORK,     /* no answer that could be read: exit 1 */
	ERR_REFUSED,     /* the cluster answered no: exit 1 */
	ERR_FAILED,      /* it was done, and does not work: a pipeline, a job: exit 1 */
	ERR_TIMEOUT,     /* exit 4 */
	ERR_SUPERSEDED,  /* somebody else's push came between: exit 5 */
	ERR_INTERRUPTED, /* SIGINT, SIGTERM: exit 130, 143 */
};

struct err {
	enum err_kind kind;
	char text[1024];       /* outermost context first, cause last; one clause, no full stop */
	char hint[512];        /* what to do about it; empty when there is nothing to add */
	struct mentions about; /* where the text names inputs */
	struct mentions hint_about; /* where the hint does */
};

/* Sets kind and text and empties hint. Always returns -1:  return err_set(err, …);  */
int err_set(struct err *e, enum err_kind kind, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Sets the hint: what to do about it. Always returns -1. */
int err_hint(struct err *e, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* The same for a text of one of our tables, which is not a format. Always returns -1. */
int err_hint_text(struct err *e, const char *hint);

/* Puts "context: " before the text. Where both are too long, the context is cut, never the cause. Always returns
 * -1. */
int err_wrap(struct err *e, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
