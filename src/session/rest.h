/* rest.h: the run's options for REST APIs: code hosts, registries, issuers of ID tokens. */
#ifndef SESSION_REST_H
#define SESSION_REST_H

#include "base/base.h"
#include "base/err.h"
#include "net/rest.h"

struct run;

/* Everything but `base` and `token`: times, signals, root certificates, retries in the log. */
struct rest_opts token_rest(struct run *run);

/* *out gets the proxy on the way to the API at `base`; NULL: none. `run` is a struct run. -1 as connect_proxy(). */
int token_proxy(void *run, const char *base, const char **out, struct err *err) NODISCARD;

#endif
