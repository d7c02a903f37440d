/* oidc.h: logging in with an OpenID Connect token of the CI job. */
#ifndef SESSION_OIDC_H
#define SESSION_OIDC_H

#include "base/base.h"
#include "base/err.h"

struct run;

/*
 * Takes the ID token of input `id-token`, or asks the CI system for one for input `audience`, and changes it
 * for a Pachyderm token in run->token. Both are masked. -1: ERR_USAGE the CI system gives none, or it would go
 * unencrypted; ERR_REFUSED the cluster does not trust its issuer; the failures of both.
 */
int oidc_login(struct run *run, struct err *err) NODISCARD;

#endif
