/* tag.h: texts with {sha}, {short}, {branch}, {ref}, {version} and {semver} in them, as in the input `tag`. */
#ifndef RETAG_TAG_H
#define RETAG_TAG_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct arena;

struct tag_facts {
	struct str sha;    /* 40 or 64 hex digits; empty when no commit is known */
	struct str branch; /* short name; empty when unknown */
	struct str ref;    /* short name; empty when unknown */
};

/*
 * Fills the placeholders in and checks that the result is a valid tag. {short} is 7 digits; in {branch} and
 * {ref} characters outside [A-Za-z0-9_.-] become '-', leading '.' and '-' are dropped, at most 128 are
 * kept. {version} is what follows the last '/' of the ref (v1.2.3 of edges/v1.2.3), {semver} the numbers in it (1.2.3,
 * also of edges@1.2.3 and edges-v1.2.3). The result lives in `a`. -1 with ERR_USAGE: an
 * unknown or empty placeholder, a tag that no registry would take.
 */
int tag_expand(struct arena *a, struct str text, const struct tag_facts *facts, struct str *out,
    struct err *err) NODISCARD;

/* The same for any text, whose result has at most 16 KiB; `input` is the name of its input in messages: "tag".
 * Braces with anything but letters in them are text, and so is a brace with a backslash before it: "\{sha}" becomes
 * {sha}. Backslashes before a brace are halved; others stay. */
int text_expand(struct arena *a, struct str text, const char *input, const struct tag_facts *facts,
    struct str *out, struct err *err) NODISCARD;

/* True when the text needs the commit: it holds {sha} or {short}. */
bool tag_needs_sha(struct str text);

#endif
