/*
 * audience.h: which credential may go to which host: one table. A secret is sent to nobody until secret_mean_for()
 * says whom it is for, and code that builds a request has audience_check() compare that with the host. A new host
 * is a row of the table.
 */
#ifndef SECRET_AUDIENCE_H
#define SECRET_AUDIENCE_H

#include <stdbool.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct secret;

/* Who is asked, and so what a credential is for. */
enum audience {
	AUDIENCE_NOBODY,   /* keys, and values that are stored: they are not credentials */
	AUDIENCE_PACHD,    /* the cluster */
	AUDIENCE_GITHUB,   /* GitHub's API */
	AUDIENCE_AZURE,    /* Azure DevOps' API */
	AUDIENCE_GITLAB,   /* GitLab's API */
	AUDIENCE_ISSUER,   /* the CI system's issuer of ID tokens */
	AUDIENCE_REGISTRY, /* a registry of images, and the realm that it names for tokens */
	AUDIENCE_COUNT
};

struct audience_row {
	const char *host;     /* what messages call the host: "GitHub" */
	const char *place;    /* how its places in input store begin: "github"; NULL: none */
	const char *variable; /* the default of input store-token; NULL: none */
	const char *input;    /* the input with its token for comments and write-back; NULL: none */
	/* Three lists that end with NULL; `registries` may be NULL itself. */
	const char *const *prefixes; /* of its tokens, which go to no other host */
	const char *const *domains;  /* "github.com", with all below: nothing else goes there */
	/* the registries that take its tokens, too; "x." is any host that begins with it, "" any host */
	const char *const *registries;
	bool is_beside; /* its address comes with the credential, and may be in another's domain */
};

extern const struct audience_row audiences[AUDIENCE_COUNT];

/* The audience whose places begin with `word`; AUDIENCE_NOBODY: none. */
enum audience audience_of_place(struct str word);

/* Makes `s` a credential for `to`. -1: ERR_USAGE its first bytes show that it is a token of another host;
 * ERR_SYSTEM its memory cannot be read. `what` names it in messages. */
int secret_mean_for(
    struct secret *s, enum audience to, const char *what, struct err *err) NODISCARD;

/* The same for a credential of the registry at `host`, which may be a token of the code host that it belongs to. */
int secret_mean_for_registry(
    struct secret *s, const char *host, const char *what, struct err *err) NODISCARD;

/* Called where a request to `url` of the host `to` is built. -1: ERR_REFUSED the secret is not meant for that
 * host, or the address is known to be another host's. Without a secret (NULL) it is always 0. */
int audience_check(
    const struct secret *s, enum audience to, const char *url, struct err *err) NODISCARD;

#endif
