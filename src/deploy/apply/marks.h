/* marks.h: the marks of owners after a push. */
#ifndef DEPLOY_APPLY_MARKS_H
#define DEPLOY_APPLY_MARKS_H

struct commit;
struct pachd;
struct plan;
struct run;

/*
 * Writes the mark of each pipeline that the plan has created or updated (2.10+; before, marks go with the specs), and of
 * those that it kept and whose mark is missing or not about what runs: a run before was killed between its push and its
 * marks, or somebody else sent the same spec. A new commit alone is not a reason: the mark says which commit the spec was sent
 * from. What another owner sent last stays that one's as long as nothing is sent. A failure is only a warning: what runs
 * does not depend on it.
 */
void marks_write(
    struct run *run, struct pachd *cluster, const struct commit *commit, const struct plan *plan);

#endif
