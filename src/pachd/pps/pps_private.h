/* pps_private.h: what the files about the past of a pipeline share. */
#ifndef PACHD_PPS_PPS_PRIVATE_H
#define PACHD_PPS_PPS_PRIVATE_H

#include "pachd/pps/pps.h"

/* Fills in who made the later versions, from 2.11 on; nobody where pachd does not say it. -1 with the channel's
 * failures. */
int authors_read(struct pachd *p, struct arena *a, const struct pachd_target *target,
    struct pps_version *list, size_t count, struct err *err) NODISCARD;

#endif
