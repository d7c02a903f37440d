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
	enum reach reach;        /* how near it is */
	bool is_asked, is_heard; /* is_heard: it has answered with any status */
	struct challenge challenge;
	enum registry_answer answer; /* REGISTRY_FOUND: it may be asked; else `why` */
	struct err why;
};

/* One repository of a registry. */
struct repo {
	struct site *site;
	struct str path;
	const struct login *login; /* NULL: none */
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

/* Requests that are sent together, and what each is about. */
struct batch {
	struct rest_turn *turns;
	void **about;
	size_t count;
};

/* asking.c */

/* An empty batch, to which `most` requests may be added. Owned: end it with batch_free(). */
struct batch batch_new(struct asking *all, size_t most);

/* How a request is sent. */
struct batch_way {
	const char *base, *proxy;
	const struct secret *secret; /* NULL: none */
	bool is_pair, is_led;
	enum reach led_by;
	int64_t deadline_ms; /* 0: the run's */
	const char *const *headers;
};

/* Adds a request. -1 with *err, and nothing is added: the address cannot be used, or no memory. */
int batch_add(struct asking *all, struct batch *b, const struct batch_way *way,
    const struct rest_request *request, void *about, struct err *err) NODISCARD;
/* Sends them and waits for all answers. -1: ERR_INTERRUPTED. */
int batch_send(struct asking *all, struct batch *b, struct err *err) NODISCARD;
void batch_free(struct batch *b);

/* Judges an answer that is not the wanted one: REGISTRY_DENIED, _LIMITED or _UNREACHABLE, with *why. */
enum registry_answer asking_refusal(
    const struct rest_turn *turn, const char *base, struct err *why);

/* Collects the registries and repositories of the questions. End it with asking_close(), also after -1: ERR_SYSTEM. */
int asking_open(struct asking *all, const struct registry_question *list, size_t count,
    struct err *err) NODISCARD;
void asking_close(struct asking *all);
/* The repository of an image; NULL: its registry is never asked. */
struct repo *asking_repo(struct asking *all, const struct image_home *home);

/* Sets with which secret, and where, an image or a list of tags is asked for. */
void asking_credential(const struct repo *repo, struct batch_way *way);

/* site.c: asks each registry how it wants to be logged in to. -1: ERR_INTERRUPTED. */
int sites_ask(struct asking *all, struct err *err) NODISCARD;

/* token.c: gets a token for each repository that needs one. -1: ERR_INTERRUPTED. */
int tokens_get(struct asking *all, struct err *err) NODISCARD;

#endif
