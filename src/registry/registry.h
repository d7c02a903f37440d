/*
 * registry.h: does an image exist, and which one is it? Docker Registry HTTP API v2, which is the OCI distribution
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
	int64_t first_ms; /* how long a registry may take to answer at all */
	/* the proxy on the way to `base`, in *out; NULL: none */
	int (*find_proxy)(void *ctx, const char *base, const char **out, struct err *err);
	void *ctx;
	const struct logins *logins;
};

enum registry_answer {
	REGISTRY_SKIPPED, /* its name is reserved (RFC 6761), so that nobody is asked */
	REGISTRY_FOUND,
	REGISTRY_NOT_FOUND,
	REGISTRY_DENIED, /* no right to see it, or it does not exist: registries do not say which */
	REGISTRY_LIMITED,     /* the registry limits how often it is asked */
	REGISTRY_UNREACHABLE, /* no answer, or none that a registry gives */
	REGISTRY_STRANGE,     /* an answer that contradicts itself */
};

struct registry_question {
	struct image_home home;
	struct str tag, digest; /* as in struct image; the digest goes first; neither: "latest" */
	/* reads the manifest and computes its digest, of the tag where there is one */
	bool wants_digest;

	enum registry_answer answer;
	/* the digest: with wants_digest computed, else as the registry says it, or empty */
	struct str found;
	struct err why;            /* where it was not found, and for all below */
	const struct login *login; /* whose right it was; NULL: nobody's */
	bool has_login;            /* for the caller: there was one */
};

/* Asks for each image once, 8 at a time, and fills in what came of it; texts live in `a`. -1: ERR_INTERRUPTED,
 * ERR_SYSTEM. */
int registry_ask(struct arena *a, const struct registry_opts *opts, struct registry_question *list,
    size_t count, struct err *err) NODISCARD;

struct registry_tags {
	struct str *list; /* in the registry's order */
	size_t count, room;
};

enum { MAX_REGISTRY_TAGS = 200000 };

/* All tags of the repository q->home, page by page; q->answer and q->login say what came of it. -1: ERR_REFUSED there is
 * none, or no right to see it; ERR_NETWORK what is not a list of tags, or more than MAX_REGISTRY_TAGS; the failures of
 * rest_send(). */
int registry_list_tags(struct arena *a, const struct registry_opts *opts,
    struct registry_question *q, struct registry_tags *out, struct err *err) NODISCARD;

/* Whether a host is never asked: "localhost", and names that end in .test, .example, .invalid or .localhost (RFC 6761). */
bool registry_is_reserved(struct str host);

#endif
