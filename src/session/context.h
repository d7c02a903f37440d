/* context.h: the contexts of pachctl's own config, as kubectl users expect it. */
#ifndef SESSION_CONTEXT_H
#define SESSION_CONTEXT_H

#include <stdbool.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct run;

/*
 * Takes what nobody gave from a context of pachctl's config (PACH_CONFIG, else ~/.pachyderm/config.json; the layout
 * of 1.7 and 1.8, or that of 1.9 and later): address, CA, project and token. The context is the one of input
 * `context`; without it the active one, but only where no cluster is given, never in CI, nor for `graph`; `none` is
 * none. The log says which. With `wants_token` the
 * token is taken, too; it goes to no other address than the context's. -1: ERR_USAGE there is no such
 * context, or it has no address; ERR_SYSTEM the config cannot be read; ERR_SPEC it is broken or of a newer layout.
 */
int context_use(struct run *run, unsigned use, bool wants_token, struct err *err) NODISCARD;

/* Whether two cluster addresses are the same one: "https://Host:443" and "grpcs://host:443" are. */
bool is_same_cluster(struct run *run, struct str one, struct str other);

#endif
