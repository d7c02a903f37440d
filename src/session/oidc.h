/* oidc.h: logging in with an OpenID Connect token of the CI job. */
#ifndef SESSION_OIDC_H
#define SESSION_OIDC_H

#include "base/base.h"
#include "base/err.h"

struct run;

/*
 * Exchanges an ID token for a Pachyderm token in run->token: that of input `id-token`, else one that the CI system issues
 * for input `audience`. Both are masked. On an untrusted event, and where the cluster has no authentication, run->token
 * stays NULL, with a notice. -1: ERR_USAGE the CI system gives no ID token, or it would go unencrypted; ERR_REFUSED the
 * CI system or the cluster refuses; the failures of both connections.
 */
int oidc_login(struct run *run, struct err *err) NODISCARD;

#endif
