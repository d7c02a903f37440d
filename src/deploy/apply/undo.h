/* undo.h: takes a push back that has failed. */
#ifndef DEPLOY_APPLY_UNDO_H
#define DEPLOY_APPLY_UNDO_H

struct commit;
struct err;
struct pachd;
struct plan;
struct run;

/* After a push that failed puts back what it updated, in one transaction where there are
 * such, and stops what it created; what others have pushed since is left alone. Reports all of it, also
 * what could not be undone. */
void undo_push(struct run *run, struct pachd *cluster, const struct commit *commit,
    const struct plan *plan, const struct err *why);

#endif
