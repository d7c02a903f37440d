/*
 * rule.h: rules that say which image becomes which. A rule is one line of the input `images`, or the old variable
 * DOCKER_IMAGE_NAME, which is for every image.
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
	struct str repo;          /* RULE_REPO: the repository of the images that it is for */
	struct str project, name; /* RULE_PIPELINE; project may be empty: any */
	struct str image;         /* the whole new reference; with `keeps` the new repository */
	bool renames; /* RULE_REPO: REPO=NEWREPO, so that NEWREPO is written as it is here */
	bool keeps;   /* ":*": the tag and the digest that are there stay */
	size_t used;  /* how many images it has matched */
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

/* The rule for this spec: its own pin, else that of its repository, else the one for all; NULL: none. Counts the use of all
 * rules that match. Only a pin matches a spec without an image. */
const struct rule *rules_match(struct rules *rules, const struct spec *spec);

/* What the rule makes of an image that it matches. Unless the rule names a new repository, the repository keeps its spelling:
 * docker.io/team/app under the line team/app:2. */
struct image rule_result(const struct rule *rule, const struct image *now);

/* The same, from text to text. The result lives in `a` or is borrowed from the rule. */
struct str rule_result_text(struct arena *a, const struct rule *rule, struct str now);

/* The part of the rule's repository that each spelling of it holds: "a/b" of docker.io/a/b; of a pin the
 * pipeline's name. */
struct str rule_short_name(const struct rule *rule);

/* The first of the rules' short names that `text` holds; empty: none. A text without one holds no image for any rule,
 * except one with escapes. */
struct str rules_find(const struct rules *rules, struct str text);

/* Whether `text` holds the name of an old or a new repository of a rule, or of a pinned pipeline; true when `rules` is NULL. */
bool rules_concern(const struct rules *rules, struct str text);

/* The first rule that was never used, or NULL. */
const struct rule *rules_unused(const struct rules *rules);

#endif
