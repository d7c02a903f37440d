/*
 * forge.h: secrets that a code host keeps for its CI: GitHub Actions secrets of a repository, an environment or
 * an organization, and secret variables of an Azure DevOps variable group. A place is written as
 *
 *     github:NAME                      of the repository that this job runs for
 *     github:OWNER/REPO:NAME           of a repository
 *     github:OWNER/REPO:ENVIRONMENT:NAME
 *     github:ORGANIZATION:NAME
 *     azure:GROUP:NAME                 of the job's project; GROUP is a name or a number
 */
#ifndef FORGE_FORGE_H
#define FORGE_FORGE_H

#include <stdbool.h>

#include "base/base.h"
#include "base/err.h"
#include "ci/env.h"
#include "net/rest.h"

struct arena;
struct forge;
struct secret;

/* Borrowed until forge_close(). */
struct forge_opts {
	const struct env *env; /* GITHUB_API_URL, GITHUB_REPOSITORY, SYSTEM_COLLECTIONURI, … */
	struct rest_opts
	    rest; /* all but `base`, `headers` and `request_header`; its token is the API's */
	/* for repository_open(), in the place of rest.token: one token for each enum audience, or NULL */
	struct secret *const *tokens;
	/* the proxy on the way to the API at `base`, in *out; NULL: none */
	int (*find_proxy)(void *ctx, const char *base, const char **out, struct err *err);
	void *ctx;
};

/* Owned: end it with forge_close(); closing NULL is fine. Sends no request. NULL with ERR_USAGE: the place is not
 * written as above, its name is not valid, or nothing says which repository, collection or token. */
struct forge *forge_open(
    struct arena *a, const char *place, const struct forge_opts *opts, struct err *err) NODISCARD;
void forge_close(struct forge *f);

/* "secret NAME of OWNER/REPO". */
const char *forge_title(const struct forge *f);

/* Reads what forge_write() needs, so that most failures come before anything is written. -1: ERR_REFUSED the host says
 * no, with a hint; the failures of rest_send(). */
int forge_prepare(struct forge *f, struct err *err) NODISCARD;

/* Writes the secret, after forge_prepare(). Where an answer was lost or comes from a gateway (5xx), the value may have been
 * written: the same value is then written again, until an answer is definite or the time ends. -1 as forge_prepare();
 * *may_be_done: no answer says whether it was written. */
int forge_write(
    struct forge *f, const struct secret *value, bool *may_be_done, struct err *err) NODISCARD;

#endif
