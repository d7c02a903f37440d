/*
 * docker_config.h: logins of registries as docker and podman keep them: config.json of docker, auth.json of podman
 * (containers-auth.json(5)).
 */
#ifndef REGISTRY_DOCKER_CONFIG_H
#define REGISTRY_DOCKER_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct arena;
struct secret;

struct login {
	struct str host;       /* "ghcr.io"; Docker Hub is "docker.io" under all its names */
	struct str path;       /* podman: only repositories below it; empty: all */
	struct secret *secret; /* owned by the list; NULL: a helper has it */
	bool is_identity;      /* an identity token; else NAME:PASSWORD */
	struct str helper;     /* the credential helper that has it: "ecr-login"; empty */
	const char *from;      /* the file or input, for messages */
};

struct logins {
	struct login *list;
	size_t count, room;
	struct str store; /* the helper for all other hosts (credsStore); empty: none */
	const char *store_from;
};

/* Adds the logins in the file's text; an earlier login for the same place stays. The secrets are copied out of
 * `text`, and nowhere else. -1: ERR_SPEC it is not such a file, or a login in it cannot be read; `path` names it in
 * messages. */
int docker_config_read(struct logins *out, struct arena *a, struct str text, const char *path,
    struct err *err) NODISCARD;

/* Adds a login for `host`, whose secret the list then owns. */
void logins_add(struct logins *l, struct arena *a, struct login one);

/* "https://index.docker.io/v1/" → "docker.io", "quay.io/team/" → "quay.io" and "team"; in `a`. */
struct str login_host(struct arena *a, struct str key, struct str *path);

/* The login for a repository: that with the longest path above it, one with a secret first; NULL: none. */
const struct login *logins_find(const struct logins *l, struct str host, struct str repo);

/* Frees the secrets and empties the list. */
void logins_free(struct logins *l);

#endif
