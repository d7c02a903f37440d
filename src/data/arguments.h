/* arguments.h: what the commands on data have in common: their words, and how they begin. */
#ifndef DATA_ARGUMENTS_H
#define DATA_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "data/place.h"
#include "inputs/inputs.h"

struct pachd;
struct pachd_target;
struct run;

/* The words behind the command: the arguments, or in an action or task input `specs`; what is meant for a push
 * (PACHYDERM_PIPELINE_FILES) does not count. */
size_t words_of(const struct run *run, const char *const **words);

/* -1 with ERR_USAGE: "%s", and "write for example: pachup %s". */
int usage_error(struct err *err, const char *what, const char *example);

/* Reads the place of a command; -1 with ERR_USAGE, also where it needs a branch or a path and has none. */
enum place_needs { NEEDS_REPO, NEEDS_REF, NEEDS_PATH };
int read_place(struct run *run, const char *text, enum place_needs needs, struct place *out,
    struct err *err) NODISCARD;

/* "PIPELINE" or "PROJECT/PIPELINE". */
int read_target(
    struct run *run, const char *text, struct pachd_target *out, struct err *err) NODISCARD;

/* Opens the cluster for a command that only reads, and looks at it (pachd_probe); the caller ends it. NULL with
 * *err. */
struct pachd *open_reader(struct run *run, struct err *err);

/* Whether input `wait` asks for jobs; `pipelines` is for pushes: ERR_USAGE. */
int read_wait(const struct run *run, bool *waits, struct err *err) NODISCARD;

#endif
