/*
 * registry.h: whether images exist, their digests and tags. Docker Registry HTTP API v2, which is the OCI distribution
 * specification 1.1.
 *
 * A login goes to the registry that it is for and to the realm that this registry names over TLS, never to where an
 * answer redirects, and never from outside to an address inside. Registries on loopback may speak plain HTTP.
 */
#ifndef REGISTRY_REGISTRY_H
#define REGISTRY_REGISTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "net/rest.h"
#include "pipeline/image.h"
#include "registry/docker_config.h"

struct arena;

/* Borrowed while it is used. */
struct registry_opts {
	/* all but base, login, headers and group; its deadline is for everything */
	struct rest_opts rest;
	int64_t first_ms; /* how long a registry may take for its first answer */
	/* the proxy on the way to `base`, in *out; NULL: none */
	int (*find_proxy)(void *ctx, const char *base, const char **out, struct err *err);
	void *ctx;
	const struct logins *logins;
};

enum registry_answer {
	REGISTRY_SKIPPED, /* not asked: the registry's name is reserved (RFC 6761) */
	REGISTRY_FOUND,
	REGISTRY_NOT_FOUND,
	REGISTRY_DENIED, /* no right to see it, or it does not exist: registries do not say which */
	REGISTRY_LIMITED,     /* the registry limits how often it is asked */
	REGISTRY_UNREACHABLE, /* no answer, or not that of a registry */
	REGISTRY_STRANGE,     /* an answer that contradicts itself */
};

struct registry_question {
	struct image_home home;
	struct str tag, digest; /* as in struct image; the digest comes first; neither: "latest" */
	/* read the manifest, of the tag where there is one, and compute its digest */
	bool wants_digest;

	enum registry_answer answer;
	/* the digest: with wants_digest the computed one, else that of the registry; it may be empty */
	struct str found;
	struct err why;            /* for all answers from REGISTRY_NOT_FOUND on */
	const struct login *login; /* the login that was used; NULL: none */
	bool has_login;            /* for the caller, who sets it */
};

/* Asks for each image, 8 at a time, and fills in the lower half of each question; texts live in `a`. -1:
 * ERR_INTERRUPTED, ERR_SYSTEM. */
int registry_ask(struct arena *a, const struct registry_opts *opts, struct registry_question *list,
    size_t count, struct err *err) NODISCARD;

struct registry_tags {
	struct str *list; /* in the registry's order */
	size_t count, room;
};

enum { MAX_REGISTRY_TAGS = 200000 };

/* All tags of the repository q->home, page by page, in `a`; q->answer and q->login are set. -1: ERR_REFUSED it does not
 * exist, there is no right to see it, or the registry's name is reserved; ERR_NETWORK the answer is not a list of tags,
 * or has more than MAX_REGISTRY_TAGS; the failures of rest_send(). */
int registry_list_tags(struct arena *a, const struct registry_opts *opts,
    struct registry_question *q, struct registry_tags *out, struct err *err) NODISCARD;

/* Whether a host is never asked: "localhost", and names that end in .test, .example, .invalid or .localhost (RFC 6761). */
bool registry_is_reserved(struct str host);

#endif
