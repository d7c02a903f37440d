/* sound.h: which pipelines can be sent in spite of errors in the specs. */
#ifndef DEPLOY_GATHER_SOUND_H
#define DEPLOY_GATHER_SOUND_H

#include <stdbool.h>

#include "base/base.h"
#include "base/err.h"

struct run;
struct spec;
struct work;

/* Whether the pipeline is left out because its file, or one that it reads from, is wrong. */
bool sound_is_faulty(const struct work *work, const struct spec *spec);

/*
 * Shows run->diags and takes out of work->list what cannot be sent: with input `keep-going` the pipelines of files with
 * errors, and those that read from them; always those of files that input `ignore` leaves out. -1 with ERR_SPEC when
 * there are errors and input `keep-going` is not true, or nothing sound is left.
 */
int gather_settle(struct run *run, struct work *work, struct err *err) NODISCARD;

/* -1 with ERR_SPEC, naming the pipelines, when input `keep-going` has left some out. */
int gather_check_left(const struct work *work, struct err *err) NODISCARD;

#endif
