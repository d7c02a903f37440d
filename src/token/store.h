/* store.h: the places that a new token goes to: a sealed file, standard output, secrets of code hosts. */
#ifndef TOKEN_STORE_H
#define TOKEN_STORE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "secret/sealed.h"

struct run;
struct secret;
struct store;

/* All places of a run, in the order in which they are written. */
struct stores {
	struct store *list;
	size_t count;
};

/* Reads inputs `store`, `out`, `reveal` and `recipients`. End it with stores_close(), also after a failure. -1: ERR_USAGE no
 * place is given, or an input that a place needs is missing; the failures of forge_open() and of the file. */
int stores_open(struct run *run, struct stores *out, struct err *err) NODISCARD;
void stores_close(struct stores *s);

/* Asks the code hosts whether they would take the token, as far as that can be known without writing. -1 as
 * forge_prepare(). */
int stores_prepare(struct stores *s, struct err *err) NODISCARD;

/* What messages call the place: "ci.token", "standard output". */
const char *store_title(const struct store *s);
const struct store *store_at(const struct stores *s, size_t i);

/* Writes the token to place `i`. -1: it was not written; with *may_be_done it may have been, as the answer was lost. */
int stores_write(struct stores *s, size_t i, const struct secret *token,
    const struct sealed_facts *facts, bool *may_be_done, struct err *err) NODISCARD;

#endif
