/* pps_private.h: what the files about pipelines and jobs share. */
#ifndef PACHD_PPS_PPS_PRIVATE_H
#define PACHD_PPS_PPS_PRIVATE_H

#include "pachd/pps/pps.h"
#include "pachd/rpc.h"
#include "wire/build.h"

/* Puts a Pipeline into the message. */
void pps_build_pipeline(const struct pachd *p, struct arena *a, ProtobufCMessage *message,
    const struct pachd_target *target);

/* Puts a Job into the message. */
void pps_build_job(
    const struct pachd *p, struct arena *a, ProtobufCMessage *message, const struct job *job);

/* Asks for one job, by its pipeline (2.x) and id; *version: that of the pipeline when it ran. In `a`. */
int pps_inspect_job(struct pachd *p, struct arena *a, const struct job *which, struct job *out,
    uint64_t *version, struct err *err) NODISCARD;

/* Fills in who made the later versions, from 2.11 on; nothing where pachd does not say it. -1 with the channel's
 * failures. */
int authors_read(struct pachd *p, struct arena *a, const struct pachd_target *target,
    struct pps_version *list, size_t count, struct err *err) NODISCARD;

#endif
