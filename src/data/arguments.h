/* arguments.h: arguments of the commands on data, and how these commands begin. */
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

/* *words gets the arguments behind the command, in an action or task those of input `specs`; the result is how many. Files
 * for a push in PACHYDERM_PIPELINE_FILES do not count. */
size_t words_of(const struct run *run, const char *const **words);

/* Always -1 with ERR_USAGE: the text `what`, and the hint "write for example: pachup EXAMPLE". */
int usage_error(struct err *err, const char *what, const char *example);

/* Reads the place that a command is about. -1 with ERR_USAGE, also where the branch or path that `needs` asks for is
 * missing, or the run's token is sealed for another project. */
enum place_needs { NEEDS_REPO, NEEDS_REF, NEEDS_PATH };
int read_place(struct run *run, const char *text, enum place_needs needs, struct place *out,
    struct err *err) NODISCARD;

/* Reads "PIPELINE" or "PROJECT/PIPELINE". -1 as read_place(). */
int read_target(
    struct run *run, const char *text, struct pachd_target *out, struct err *err) NODISCARD;

/* Connects to the cluster for a command that only reads, and finds its release and user (pachd_probe()). The caller ends it
 * with pachd_close(). NULL with the failures of both. */
struct pachd *open_reader(struct run *run, struct err *err);

/* *waits: whether input `wait` is jobs. -1 with ERR_USAGE: it is pipelines, which only a push has. */
int read_wait(const struct run *run, bool *waits, struct err *err) NODISCARD;

#endif
