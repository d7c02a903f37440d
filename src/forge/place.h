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
	const char *base_name; /* the variable that says where the API is: "GITHUB_API_URL" */
	const char *path;      /* of the secrets, or of the group, behind the API's address */
	struct str owner, environment, group, name;

	/* GitHub: from forge_prepare() */
	struct public_key key;
	struct str key_id;
	struct str visibility; /* of an organization's secret; empty for others */
	struct repositories {
		int64_t *list; /* their ids, sorted */
		size_t count, room;
	} repositories; /* that see it, where it is "selected" */

	/* Azure DevOps */
	struct node *definition; /* the variable group as forge_prepare() read it */
	const char *read_path;

	struct rest_opts rest_opts; /* when to stop, and what is called before another attempt */
	bool is_lost;               /* an earlier attempt to write may have been done */
};

/* How an attempt to write a secret has ended. */
enum write_end {
	WRITE_DONE,
	WRITE_REFUSED, /* nothing was written by this attempt */
	WRITE_LOST,    /* it may have been written, and writing it again shows */
	WRITE_UNSURE /* it may have been written, and writing it again is of no use, or does harm */
};

/* What differs from one host to the next. */
struct forge_host {
	const char *title; /* "GitHub" */
	int (*open)(struct forge *f, struct str rest, const struct forge_opts *opts,
	    struct rest_opts *out, struct err *err);
	int (*prepare)(struct forge *f, struct err *err);
	/* one attempt; *err says why it is not WRITE_DONE */
	enum write_end (*write)(struct forge *f, const struct secret *value, struct err *err);
	/* what to do about an answer that says no; -1 */
	int (*hint)(const struct forge *f, const struct rest_reply *reply, struct err *err);
};

extern const struct forge_host forge_github, forge_azure;

/* Reads the JSON object at `path` into *out. -1: ERR_REFUSED or ERR_NETWORK for any status but 200, with the host's hint;
 * ERR_NETWORK the answer is not a JSON object; the failures of rest_send(). *reply is the answer, until the next request;
 * its status is 0 where there was none. */
int forge_get(struct forge *f, const char *path, struct rest_reply *reply, struct node **out,
    struct err *err) NODISCARD;

/* How an attempt to write has ended that the host did not confirm: `rc` is rest_send()'s, and *err says why. */
enum write_end forge_lost(struct forge *f, int rc, const struct rest_reply *reply, struct err *err);

/* A name of letters, digits and '_' that does not begin with a digit. */
bool forge_is_name(struct str name);

#endif
