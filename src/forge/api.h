/* api.h: GitHub's API: GraphQL and REST with one token; inside forge/ only. */
#ifndef FORGE_API_H
#define FORGE_API_H

#include <stdbool.h>

#include "base/base.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "forge/repository.h"
#include "format/json_builder.h"
#include "net/rest.h"

struct node;

struct repository {
	struct arena *arena;
	struct str name; /* "OWNER/REPO" */
	struct rest *rest, *graph;
	bool is_gone; /* the last answer said that there is no such thing (404, NOT_FOUND) */
};

/* A request that is being written: its body is JSON. Begin with call_begin(), add members, end with call_graph() or
 * call_rest(), which free the buffer in any case. */
struct call {
	struct buf body;
	struct json json;
};

void call_begin(struct call *c);

/* The same for GraphQL: what is added then are the variables. Texts of others go nowhere else. */
void call_begin_graph(struct call *c, const char *query);

/* Sends it; *data is the answer's member "data". -1: ERR_REFUSED with what the first of the answer's errors says; the
 * failures of rest_send(). `what` is what was tried: "commit to 'pachup/images'". */
int call_graph(struct repository *r, struct call *c, const char *what, struct node **data,
    struct err *err) NODISCARD;

/* Sends it to a path behind the API's address; *out is the answer, or NULL where it has no body. -1 as above for every
 * status but 2xx. `c` NULL: without a body. */
int call_rest(struct repository *r, const char *method, const char *path, struct call *c,
    const char *what, struct node **out, struct err *err) NODISCARD;

/* The text of a member; empty where there is none. */
struct str text_at(const struct node *n, const char *key);
bool true_at(const struct node *n, const char *key);
int64_t number_at(const struct node *n, const char *key);

#endif
