/* record.h: the files through which a runner takes outputs and summaries; inside ci/ only. */
#ifndef CI_RECORD_H
#define CI_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

enum {
	RECORD_ID_LEN = 36,          /* without the NUL */
	RECORD_SUMMARY_MAX = 1 << 20 /* bytes of one job summary */
};

struct ci;

/* 128 random bits, written as a UUID, NUL-ended. -1 with ERR_SYSTEM when the kernel has none. */
int record_id(char id[RECORD_ID_LEN + 1], struct err *err) NODISCARD;

/*
 * Appends `bytes` to the file at `path` in one write, so that records of two writers are never mixed;
 * with `make` it makes the file where there is none. 1: done. 0: nothing was written, as the file would have
 * more than `max` bytes. -1 with ERR_SYSTEM, naming the file.
 */
int record_append(
    const char *path, struct str bytes, size_t max, bool make, struct err *err) NODISCARD;

/* Appends a piece of the job summary in the same way; a piece with which the summary would have more than 1 MiB is left
 * out with a notice. -1 with ERR_SYSTEM. */
int record_summary(
    struct ci *ci, const char *path, struct str markdown, bool make, struct err *err) NODISCARD;

#endif
