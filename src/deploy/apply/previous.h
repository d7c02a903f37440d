/* previous.h: the version that a pipeline had before, leaving out what was rolled back. */
#ifndef DEPLOY_APPLY_PREVIOUS_H
#define DEPLOY_APPLY_PREVIOUS_H

struct deployed;
struct pachd;
struct pachd_version;
struct run;

/* Sets version->found to the last of version->all (pachd_history()) that differs from what runs and was not undone by
 * a later version with the spec of an earlier one, as rollbacks make them; not `exists` where there is none. Of
 * the newest MOST_PAST_VERSIONS; one that cannot be read is unlike all others. */
void previous_find(struct run *run, struct pachd *cluster, const struct deployed *now,
    struct pachd_version *version);

#endif
