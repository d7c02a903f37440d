/*
 * mark.h: which repository and target own a pipeline, and what they sent last. Pure.
 *
 * A mark is one line of JSON under one key, so that it is written whole or not at all. It is in the metadata of
 * the output repo (pachd 2.10 and later), or in metadata.annotations of the spec (1.10 to 2.9). Everybody may
 * write one: it names an owner to ask, but proves nothing.
 */
#ifndef PIPELINE_MARK_H
#define PIPELINE_MARK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/base.h"
#include "base/str.h"
#include "format/doc.h"

struct arena;

#define MARK_KEY "pachup/mark"

struct mark {
	struct str repository; /* "team/specs" as CI names it, or a remote's URL; empty: no mark */
	struct str target;     /* of pachup.yaml; empty: none */
	struct str commit;     /* of git, which was pushed; empty: unknown, as after a rollback */
	struct str hash;       /* of mark_basis(), 64 hex digits: what was sent */
	struct str run;        /* where the run is shown; may be empty */
	uint64_t version;      /* the version of the pipeline that it became */
	uint64_t since;        /* the first version that this owner sent */
	bool is_stopped;       /* input `prune` has stopped it, or is about to */
};

/* Whether it names an owner. */
bool mark_is_set(const struct mark *m);

/* Its line of JSON, in `a`; empty where it is too long for one. */
struct str mark_text(struct arena *a, const struct mark *m);

/* Reads a line of JSON; not set where mark_text() would not have written it. In `a`. */
struct mark mark_parse(struct arena *a, struct str text);

/* Whether both have the same owner: the same repository, however it is named ("team/specs",
 * "git@host:team/specs.git"), and not two different targets; a mark without a target may be of any. False where
 * one is not set. Uses memory of `a`. */
bool mark_is_same_owner(struct arena *a, const struct mark *one, const struct mark *other);

/* Whether its repository is the one of that name, however it is named. False where it is not set. What it needs
 * lives in `a`. */
bool mark_is_from(struct arena *a, const struct mark *m, struct str repository);

/* Its repository without scheme, user and ".git": "team/specs", "host/team/specs"; mark_is_from() knows it again. In `a`. */
struct str mark_plain_name(struct arena *a, const struct mark *m);

/* "team/specs", "team/specs (target prod)". In `a`. */
struct str mark_owner(struct arena *a, const struct mark *m);

/* The text of a rendered spec that is hashed: JSON with sorted members, without marks and without the note of a
 * commit. In `a`. */
struct str mark_basis(struct arena *a, const struct node *document);

/* Puts the mark into metadata.annotations of a rendered spec, instead of an older one. Where metadata or
 * annotations is not an object, nothing is done: the check of the spec reports it. */
void mark_put(struct arena *a, struct node *document, const struct mark *m);

/* Removes the mark, and the objects that held nothing else. */
void mark_drop(struct node *document);

#endif
