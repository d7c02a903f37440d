/* context.h: the contexts of pachctl's own config, as kubectl users expect it. */
#ifndef SESSION_CONTEXT_H
#define SESSION_CONTEXT_H

#include <stdbool.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct run;

/*
 * Gives the run the address, CA, project and (with `wants_token`) token of a context of pachctl's config (PACH_CONFIG,
 * else ~/.pachyderm/config.json; the layout of 1.7 and 1.8, or that of 1.9 and later), where it has no others. The context
 * is the one of input `context` ("none": no context); without it the active one, but only where no cluster is given, and
 * neither in CI nor for `graph`. The log names it. Token and CA are used for the context's own address only. `use` is the
 * command's, as in inputs.h. -1: ERR_USAGE there is no such
 * context, or it has no address; ERR_SYSTEM the config cannot be read; ERR_SPEC it is broken or of a newer layout.
 */
int context_use(struct run *run, unsigned use, bool wants_token, struct err *err) NODISCARD;

/* Whether two cluster addresses are the same one: "https://Host:443" and "grpcs://host:443" are. */
bool is_same_cluster(struct run *run, struct str one, struct str other);

#endif
