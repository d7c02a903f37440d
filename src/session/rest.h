/* rest.h: how the run speaks to the REST APIs that tokens need. */
#ifndef SESSION_REST_H
#define SESSION_REST_H

#include "base/base.h"
#include "base/err.h"
#include "net/rest.h"

struct run;

/* Everything but `base` and `token`: times, signals, root certificates, retries in the log. */
struct rest_opts token_rest(struct run *run);

/* The proxy on the way to the API at `base`, in *out; NULL: none. `run` is a struct run. -1 as
 * connect_proxy(). */
int token_proxy(void *run, const char *base, const char **out, struct err *err) NODISCARD;

#endif
