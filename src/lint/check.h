/* check.h: everything that one release of pachd would refuse in a spec, without asking a server. */
#ifndef LINT_CHECK_H
#define LINT_CHECK_H

#include <stdint.h>

#include "diag/diag.h"
#include "format/doc.h"

struct ProtobufCMessage;
struct arena;

/* Adds the mistakes in the rendered document `tree` to `d`: unknown fields, wrong types, and those that lint.h
 * finds. `version`: the release that it is for; 0: the interface (1.x or 2.x) that fits better. `file`: for the
 * places of mistakes. Only the mistakes are kept in `a`. */
void lint_check(
    struct arena *a, const struct node *tree, const char *file, uint32_t version, struct diags *d);

/* The same for the release of the cluster. Returns the CreatePipelineRequest, in `a`, which is compared and sent,
 * so that the tree is encoded once; from 2.8 on, where the tree is sent as JSON, fields that it sets to zero are
 * set. */
struct ProtobufCMessage *lint_request(
    struct arena *a, const struct node *tree, const char *file, uint32_t version, struct diags *d);

/* Adds to `d` the commands (`update`, `reprocess`, …) in `document`, a spec as it was read, that are not fields in
 * the release `version`. They are not sent, but the pachctl of that release refuses such a file. */
void lint_check_commands(struct arena *a, const struct node *document, const char *file,
    uint32_t version, struct diags *d);

#endif
