/* api.h: one repository's API, REST and GitHub's GraphQL, with one token; inside forge/ only. */
#ifndef FORGE_API_H
#define FORGE_API_H

#include <stdbool.h>

#include "base/base.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "ci/env.h"
#include "forge/repository.h"
#include "format/json_builder.h"
#include "net/rest.h"

struct node;

/* Limits of what is read of a comparison; GitHub's answers have no more. */
enum { COMPARED_FILES_MAX = 300, COMPARED_MESSAGES_MAX = 250 };

/* An answer that stays true: the tree of a commit, or its message. */
struct known {
	struct known *next;
	struct str key, text;
};

struct repository {
	struct arena *arena;
	const struct repository_host *host;
	const struct env *env;
	struct forge_opts opts;
	struct rest_opts rest_opts; /* with the token and its host; without the address */
	struct str name;            /* "OWNER/REPO" */
	const char *root;           /* what its paths begin with, behind the API's address */
	struct rest *rest, *graph;  /* graph: GitHub's only */
	bool is_gone; /* the last answer said that there is no such thing (404, NOT_FOUND) */
	int status;   /* of the last answer; 0: there was none */

	/* Azure DevOps and GitLab: read once, as none of it changes during a run */
	struct str id, web, default_branch;
	struct str me; /* the id of the token's user */
	struct known *trees, *messages;
};

/* What differs from one host to the next, in three tables. Contracts: those of repository.h. */
struct branch_calls {
	int (*drop)(struct repository *r, const struct looked *at, const char *branch,
	    struct str head, struct err *err);
	int (*merge)(struct repository *r, const struct looked *at, const char *branch,
	    const char *message, bool *clashes, struct err *err);
	int (*may_write)(const struct repository *r, const struct looked *at, const char *path,
	    struct err *err); /* NULL: anything */
	int (*commit)(struct repository *r, const struct looked *at, const struct new_commit *c,
	    struct tip *out, struct err *err);
};

struct request_calls {
	int (*pull)(struct repository *r, const struct looked *at, const struct new_pull *p,
	    struct pull *out, struct err *err);
	int (*edit_pull)(struct repository *r, const struct pull *p, struct str body, bool closes,
	    struct err *err);
	/* what of a body the request itself shows; NULL: all of it */
	struct str (*fit)(struct repository *r, struct str body);
	int (*label)(struct repository *r, const struct pull *p, const char *const *labels,
	    size_t count, struct err *err);
	int (*ask_review)(struct repository *r, const struct pull *p, const char *const *reviewers,
	    size_t count, struct err *err);
	int (*auto_merge)(struct repository *r, const struct pull *p, struct err *err);
	int (*comment)(struct repository *r, struct str number, struct str mark, struct str body,
	    bool *is_new, struct err *err);
};

struct repository_host {
	const char *title; /* "GitHub" */
	const char
	    *web; /* where its pages are, and remotes lead to: "github.com"; NULL: many places */
	const char *status_page;  /* where its operator reports what does not work */
	const char *request_word; /* "pull request" */
	const char *base_name;    /* the variable that says where the API is */
	const char *token_hint;   /* which token may write to a repository */
	const char *comment_hint; /* which token may write comments */
	size_t comment_max;       /* characters of a comment */

	/* whether the job runs for a repository there */
	bool (*is_home)(const struct env *env);
	/* r->name, which is what was given, or empty: the job's own; and r->root. -1: ERR_USAGE */
	int (*find_name)(struct repository *r, struct err *err);
	int (*connect)(struct repository *r, const struct forge_opts *opts,
	    const struct rest_opts *rest, struct err *err);
	/* adds a hint about an answer that says no, if it knows one */
	void (*hint)(const struct rest_reply *reply, struct str message, struct err *err);

	int (*look)(struct repository *r, const char *base, const char *branch, struct looked *out,
	    struct err *err); /* NULL: in these steps, as no single request answers all */
	int (*find)(struct repository *r, struct err *err);    /* r->id and r->default_branch */
	int (*find_me)(struct repository *r, struct err *err); /* r->me */
	/* an empty oid: there is no such branch */
	int (*tip)(struct repository *r, const char *branch, struct tip *out, struct err *err);
	int (*pulls)(struct repository *r, const char *branch, struct looked *out, struct err *err);

	int (*files)(struct repository *r, struct str tree, struct entries *out, struct err *err);
	int (*blob)(struct repository *r, struct str oid, struct str *bytes, struct err *err);
	int (*compare)(struct repository *r, struct str from, struct str to, struct compared *out,
	    struct err *err);
	/* NULL: trees have names, and the same files the same one */
	int (*is_same)(
	    struct repository *r, struct str one, struct str other, bool *is_same, struct err *err);
	const struct branch_calls *branches;
	const struct request_calls *requests;
};

extern const struct repository_host repositories_github, repositories_azure, repositories_gitlab;
extern const struct branch_calls github_branches, azure_branches, gitlab_branches;
extern const struct request_calls github_requests, azure_requests, gitlab_requests;

/* Opens a connection to the API at `base`, which `variable` names, through the proxy that `opts` finds. NULL: ERR_USAGE
 * the address is not valid; the failures of opts->find_proxy() and rest_open(). */
struct rest *api_open(const struct forge_opts *opts, const struct rest_opts *rest, const char *base,
    const char *variable, struct err *err) NODISCARD;

/* A request whose JSON body is being written: begin it with call_begin(), add members, send it with call_graph() or
 * call_rest(), which free the buffer in any case. */
struct call {
	struct buf body;
	struct json json;
};

void call_begin(struct call *c);

/* The same for a body that is a list. */
void call_begin_list(struct call *c);

/* The same for GraphQL: the members that are added are the query's variables. All texts of others must go there. */
void call_begin_graph(struct call *c, const char *query);

/* Sends it; *data is the answer's member "data". `what` names the request in messages: "commit to 'pachup/images'".
 * -1: ERR_REFUSED with the first of the answer's errors; the failures of rest_send(). */
int call_graph(struct repository *r, struct call *c, const char *what, struct node **data,
    struct err *err) NODISCARD;

/* Sends it to a path behind r->root, or behind the API's address where the path begins with "//"; *out is the answer, or
 * NULL where that has no body. `c` NULL: a request without a body. -1 as above, for every status but 2xx. */
int call_rest(struct repository *r, const char *method, const char *path, struct call *c,
    const char *what, struct node **out, struct err *err) NODISCARD;

/* The same for GET, with the path as for printf. */
int call_get(struct repository *r, const char *what, struct node **out, struct err *err,
    const char *path, ...) NODISCARD PRINTF_LIKE(5, 6);

/* The same for a list of at most `most` pages: *out is one list of all their elements. *cut says why elements are missing;
 * NULL: all were read. */
int call_pages(struct repository *r, const char *path, int most, const char *what,
    struct node **out, const char **cut, struct err *err) NODISCARD;

/* Always -1 with ERR_NETWORK: not all comments were read (`cut`), and pachup's own may be among the others. To write a
 * second one would be worse than to keep an old one. */
int comments_unread(const char *cut, struct err *err);

/* The same for an answer that is not JSON: its bytes, in the arena. */
int call_bytes(struct repository *r, const char *path, const char *what, struct str *bytes,
    struct err *err) NODISCARD;

/* The hint about an answer of a host whose limit of requests is reached (reply->wait_s). Always -1. */
int api_hint_limit(const struct rest_reply *reply, struct err *err);

/* An answer's JSON value, in `a`; NULL: it is not valid JSON. */
struct node *api_parse(struct arena *a, struct str body);

/* A member of an object (NULL: of none) as text, as a truth value, as a whole number of at most 15 digits; "", false and 0
 * where there is no such member. */
struct str text_at(const struct node *n, const char *key);
bool true_at(const struct node *n, const char *key);
int64_t number_at(const struct node *n, const char *key);

/* The first element of a list that is a member; NULL: there is none. */
const struct node *first_at(const struct node *n, const char *key);

/* A whole number of at most 19 digits that is a member, as text: "17"; empty where there is none. */
struct str digits_at(const struct node *n, const char *key);

/* The text that known_add() kept for `key`; ptr NULL: none. */
struct str known_text(const struct known *list, struct str key);
void known_add(struct arena *a, struct known **list, struct str key, struct str text);

/* True for 40 hex digits: the name of a commit, a tree or a file. */
bool is_oid(struct str text);

/* What hosts have for "no commit" where a branch is made or deleted. */
#define NO_COMMIT STR("0000000000000000000000000000000000000000")

/* "make branch 'b'" where `before` is empty, "delete branch 'b'" where `after` is, else "move branch 'b'"; in `a`. */
const char *move_text(struct arena *a, const char *branch, struct str before, struct str after);

/* Whether all files of the commit have mode 100644. */
bool is_plain(const struct new_commit *c);

/* Whether it has the request of that number. */
bool looked_has(const struct looked *at, int64_t number);

/* Always -1 with ERR_NETWORK: "HOST does not say WHAT". */
int not_said(const struct repository *r, const char *what, struct err *err);

/* Always -1 with ERR_REFUSED: there is no such base. */
int no_base(const struct repository *r, const char *base, struct err *err);

/* Adds an entry. -1 with ERR_REFUSED: there are more than MAX_DATA_FILES. */
int entry_add(struct repository *r, struct entries *out, struct entry e, struct err *err);
void entry_sort_all(struct entries *out);

/* base64 in one text, in the arena. */
const char *base64_of(struct arena *a, struct str bytes);

#endif
