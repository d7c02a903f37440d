/* pachctl_config.h: reads pachctl's own config: of 1.7 and 1.8 ("v1"), or of 1.9 and later ("v2"). */
#ifndef SESSION_PACHCTL_CONFIG_H
#define SESSION_PACHCTL_CONFIG_H

#include <stdbool.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct arena;
struct secret;

/* One context of it. */
struct pachctl_context {
	const char *name; /* "" where the config has no active context */
	bool
	    is_there; /* false: `name` was not given, and no context is active; all else is empty */
	struct str address, project;
	struct str cas;       /* PEM in base64 */
	struct secret *token; /* NULL: none; the caller's to free */
};

/*
 * Reads the context `name` (NULL: the active one) of the config; its session token is copied nowhere but into out->token.
 * `path` names the file in messages. All else lives in `a`. -1: ERR_SPEC it is broken or of a newer
 * layout, or the token cannot be sent; ERR_USAGE there is no such context; ERR_SYSTEM no memory for the
 * token.
 */
int pachctl_config_read(struct arena *a, struct str text, const char *path, const char *name,
    struct pachctl_context *out, struct err *err) NODISCARD;

/* Always -1 with ERR_SPEC: "pachctl's config 'PATH' WHY". */
int pachctl_config_broken(const char *path, const char *why, struct err *err);

#endif
