/*
 * audience.h: which credential may go to which host: one table. A secret goes to nobody until it is meant for
 * somebody (secret_mean_for), and whoever builds a request says whom it asks and has the table agree
 * (audience_check). A new host is a row of the table.
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
	const char *host; /* what messages call the host: "GitHub" */
	const char
	    *place; /* the word of its places in input store: "github"; NULL: it keeps no secrets */
	const char
	    *variable; /* what holds it where input store-token is not given; NULL: nothing does */
	const char
	    *input; /* what gives its token for comments and write-back; NULL: nothing does */
	/* how its tokens begin, ended by NULL: what begins so goes to no other host */
	const char *const *prefixes;
	/* where it is on the internet: "github.com", and all below: nothing else goes there. Ended by NULL */
	const char *const *domains;
	const char *const *
	    registries; /* the registries that take its tokens, too, ended by NULL; "x." is any host
	                                  that begins so, "" is any */
	bool
	    is_beside; /* the runner gives the address with the credential, and it may be one of those */
};

extern const struct audience_row audiences[AUDIENCE_COUNT];

/* The audience whose places begin with `word`; AUDIENCE_NOBODY: none. */
enum audience audience_of_place(struct str word);

/* From now on `s` is a credential for `to`. -1: ERR_USAGE its first bytes show that it is another host's; `what`
 * names it in the message. */
int secret_mean_for(
    struct secret *s, enum audience to, const char *what, struct err *err) NODISCARD;

/* The same for a credential of the registry at `host`, which may be a token of the code host that it belongs to. */
int secret_mean_for_registry(
    struct secret *s, const char *host, const char *what, struct err *err) NODISCARD;

/* Asserted where a request is built, to `url` of the host `to`. -1: ERR_REFUSED the secret is not meant for that host,
 * or the address is known to be another host's. No secret (NULL) may go anywhere. */
int audience_check(
    const struct secret *s, enum audience to, const char *url, struct err *err) NODISCARD;

#endif
