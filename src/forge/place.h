/* place.h: one place of a code host; inside forge/ only. */
#ifndef FORGE_PLACE_H
#define FORGE_PLACE_H

#include <stddef.h>

#include "base/arena.h"
#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "forge/forge.h"
#include "secret/key.h"

struct node;

struct forge {
	struct arena *arena;
	const struct forge_host *host;
	struct rest *rest;
	const char *title;
	const char *path; /* of the secrets, or of the group, behind the API's address */
	struct str owner, environment, group, name;

	/* GitHub: what forge_prepare() found */
	struct public_key key;
	struct str key_id;
	struct str visibility; /* of an organization's secret; empty for others */
	struct str ids;        /* "1,2": the repositories that see it */

	/* Azure DevOps */
	struct node *definition; /* the variable group as it is */
};

/* What differs from one host to the next. */
struct forge_host {
	const char *word; /* before the first ':' */
	int (*open)(struct forge *f, struct str rest, const struct forge_opts *opts,
	    struct rest_opts *out, struct err *err);
	int (*prepare)(struct forge *f, struct err *err);
	int (*write)(
	    struct forge *f, const struct secret *value, bool *may_be_done, struct err *err);
};

extern const struct forge_host forge_github, forge_azure;

/* Sends a request; `what` names it in messages ("reading …"). */
int forge_send(
    struct forge *f, const struct rest_request *request, struct rest_reply *out, struct err *err);

/* The answer as JSON: an object. NULL with ERR_NETWORK. */
struct node *forge_json(struct forge *f, const struct rest_reply *reply, struct err *err);

/* The text of the answer's member "message", for people; empty when there is none. In the arena. */
struct str forge_message(struct forge *f, const struct rest_reply *reply);

/* A name of letters, digits and '_' that does not begin with a digit. */
bool forge_is_name(struct str name);

#endif
