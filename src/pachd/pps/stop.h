/* stop.h: stops a pipeline, and starts it again. */
#ifndef PACHD_PPS_STOP_H
#define PACHD_PPS_STOP_H

#include "base/base.h"
#include "base/err.h"
#include "pachd/pachd.h"

/* Stops the pipeline, as a user would; one that is stopped stays so. Failures as pachd_probe(). */
int pachd_stop(struct pachd *p, const struct pachd_target *target, struct err *err) NODISCARD;

/* Starts a pipeline that is stopped. Failures as pachd_probe(). */
int pachd_start(struct pachd *p, const struct pachd_target *target, struct err *err) NODISCARD;

#endif
