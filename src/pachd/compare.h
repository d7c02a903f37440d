/* compare.h: how a spec compares with what runs. Makes no call. */
#ifndef PACHD_COMPARE_H
#define PACHD_COMPARE_H

#include "pipeline/plan.h"

struct deployed;
struct node;
struct pachd;

/* How the rendered document compares with what runs. `request` is what lint_request() made of it for this release,
 * or NULL: then it is encoded here. What cannot be proved equal counts as different. In the cluster's arena. */
struct comparison pachd_compare(const struct pachd *p, const struct node *tree,
    const struct ProtobufCMessage *request, const char *file, const struct deployed *live);

#endif
