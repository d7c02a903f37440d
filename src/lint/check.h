/* check.h: everything that one release of pachd would refuse in a spec, without asking a server. */
#ifndef LINT_CHECK_H
#define LINT_CHECK_H

#include <stdint.h>

#include "diag/diag.h"
#include "format/doc.h"

struct ProtobufCMessage;
struct arena;

/* Adds to `d` what is wrong in the rendered document `tree`: unknown fields, wrong types, and what lint.h's
 * rules say. `version`: the release that it is for, or 0: whichever line (1.x, 2.x) fits better. `file` is
 * for the places of mistakes. Nothing but the mistakes is kept in `a`. */
void lint_check(
    struct arena *a, const struct node *tree, const char *file, uint32_t version, struct diags *d);

/* The same for the release of the cluster. Returns its CreatePipelineRequest, in `a`: what is compared and sent, so that
 * nobody encodes the tree again; from 2.8 on, where the tree is sent as JSON, with the zeros that it spells out. */
struct ProtobufCMessage *lint_request(
    struct arena *a, const struct node *tree, const char *file, uint32_t version, struct diags *d);

/* Adds to `d` the commands in `document`, a spec as it was read, that the release `version` does not have as fields.
 * They are not sent, but its pachctl refuses such a file. */
void lint_check_commands(struct arena *a, const struct node *document, const char *file,
    uint32_t version, struct diags *d);

#endif
