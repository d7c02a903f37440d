/* asking.h: the registries and repositories of one registry_ask(); inside registry/ only. */
#ifndef REGISTRY_ASKING_H
#define REGISTRY_ASKING_H

#include <stdbool.h>
#include <stddef.h>

#include "net/rest_group.h"
#include "registry/challenge.h"
#include "registry/registry.h"

enum { MOST_AT_ONCE = 8 };

/* One registry. */
struct site {
	struct str host;
	const char *base;        /* "https://ghcr.io" */
	const char *proxy;       /* NULL: none */
	enum reach reach;        /* where it is */
	bool is_asked, is_heard; /* it has answered, whatever that was */
	struct challenge challenge;
	enum registry_answer answer; /* REGISTRY_FOUND: it may be asked */
	struct err why;
};

/* One repository of it. */
struct repo {
	struct site *site;
	struct str path;
	const struct login *login; /* NULL: none, or only a helper has it */
	struct challenge challenge;
	struct secret *token; /* owned; NULL: none yet */
	bool is_challenged;   /* by an answer about an image, once */
	enum registry_answer answer;
	struct err why;
};

struct asking {
	struct arena *arena;
	const struct registry_opts *opts;
	struct rest_group *group;
	struct site *sites;
	size_t site_count;
	struct repo *repos;
	size_t repo_count;
};

/* Requests that are sent together, and whom each is about. */
struct batch {
	struct rest_turn *turns;
	void **about;
	size_t count;
};

/* asking.c */

/* `most` as many as may be added. */
struct batch batch_new(struct asking *all, size_t most);

/* What a request is made with beside its path. */
struct batch_way {
	const char *base, *proxy;
	const struct secret *secret; /* NULL: none */
	bool is_pair, is_led;
	enum reach led_by;
	int64_t deadline_ms; /* 0: the run's */
	const char *const *headers;
};

/* -1: the address cannot be used, or no memory; nothing is added. */
int batch_add(struct asking *all, struct batch *b, const struct batch_way *way,
    const struct rest_request *request, void *about, struct err *err) NODISCARD;
/* Sends them and waits. -1: ERR_INTERRUPTED. */
int batch_send(struct asking *all, struct batch *b, struct err *err) NODISCARD;
void batch_free(struct batch *b);

/* What an answer without use means: REGISTRY_DENIED, _LIMITED or _UNREACHABLE, with its reason. */
enum registry_answer asking_refusal(
    const struct rest_turn *turn, const char *base, struct err *why);

/* Finds the registries and repositories of the questions. */
int asking_open(struct asking *all, const struct registry_question *list, size_t count,
    struct err *err) NODISCARD;
void asking_close(struct asking *all);
struct repo *asking_repo(struct asking *all, const struct image_home *home);

/* With which secret an image or a list of tags is asked for. */
void asking_credential(const struct repo *repo, struct batch_way *way);

/* site.c: asks each registry how it wants to be logged in to. -1: ERR_INTERRUPTED. */
int sites_ask(struct asking *all, struct err *err) NODISCARD;

/* token.c: gets a token for each repository that needs one. -1: ERR_INTERRUPTED. */
int tokens_get(struct asking *all, struct err *err) NODISCARD;

#endif
