/*
 * rule.h: which image gets what. A rule is one line of the input `images`, or the old variable
 * DOCKER_IMAGE_NAME, which means every image.
 */
#ifndef RETAG_RULE_H
#define RETAG_RULE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "pipeline/image.h"

struct arena;
struct spec;

enum rule_kind {
	RULE_REPO,     /* images whose repository is `repo` */
	RULE_PIPELINE, /* the one pipeline `project`/`name` */
	RULE_ALL,      /* every image: the old contract */
};

struct rule {
	enum rule_kind kind;
	struct str text;          /* the line, for messages */
	struct str repo;          /* RULE_REPO: what is matched */
	struct str project, name; /* RULE_PIPELINE; project may be empty: any */
	struct str image;         /* the whole new reference; with `keeps` the new repository */
	bool renames; /* RULE_REPO: REPO=NEWREPO, so that NEWREPO is written as it is here */
	bool keeps;   /* ":*": the tag and the digest that are there stay */
	size_t used;  /* how many specs it has changed or found right already */
};

struct rules {
	struct rule *list;
	size_t count, room;
};

/* Whether the line gives neither a tag nor a digest, so that rules_add() uses `tag`. */
bool rule_needs_tag(struct str line);

/*
 * Adds the rule of one line, REPO[=NEWREPO][:TAG][@DIGEST], REPO=NEWREPO:* or [PROJECT/]PIPELINE==IMAGE. `tag` is
 * given where the line has neither tag nor digest; it has been checked. -1 with ERR_USAGE: the line is
 * malformed, or an earlier rule speaks of the same repository or pipeline. Texts live in `a`.
 */
int rules_add(struct rules *rules, struct arena *a, struct str line, struct str tag,
    struct err *err) NODISCARD;

/* Adds the rule of the old variable: `repo` (with `tag` when it has none) for every image. */
int rules_add_all(struct rules *rules, struct arena *a, struct str repo, struct str tag,
    struct err *err) NODISCARD;

/* The rule that speaks of this spec: its own pin, else its repository's, else the one for all; NULL
 * when none does. Counts the use. A spec without an image is changed by a pin only. */
const struct rule *rules_match(struct rules *rules, const struct spec *spec);

/* What an image becomes that the rule speaks of. Unless the rule gives it another one, the repository stays as it
 * is written: docker.io/team/app under the line team/app:2. */
struct image rule_result(const struct rule *rule, const struct image *now);

/* The same, from text to text. The result lives in `a` or is borrowed from the rule. */
struct str rule_result_text(struct arena *a, const struct rule *rule, struct str now);

/* What the rule's image is called at least, wherever it is written: "a/b" also for docker.io/a/b; of a pin the
 * pipeline's name. */
struct str rule_short_name(const struct rule *rule);

/* The shortest name of a rule's repository or pipeline that `text` holds, which may be one that an image line speaks
 * of; empty: none. A text without one holds no image for any rule, unless it is escaped. */
struct str rules_find(const struct rules *rules, struct str text);

/* Whether `text` holds the name of a repository that a rule speaks of or writes, or of a pinned pipeline; true when
 * `rules` is NULL. */
bool rules_concern(const struct rules *rules, struct str text);

/* The first rule that was never used, or NULL. */
const struct rule *rules_unused(const struct rules *rules);

#endif
