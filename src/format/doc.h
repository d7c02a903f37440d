/*
 * doc.h: the text of a spec file as a tree that knows where each value is.
 *
 * JSON is read with cJSON and its text is walked beside the tree, so that every node gets its bytes,
 * line and column and what cJSON lets through is found (RFC 8259: numbers, control characters,
 * UTF-8, duplicate keys, trailing text).
 */
#ifndef FORMAT_DOC_H
#define FORMAT_DOC_H

#include <stdbool.h>

#include "base/base.h"
#include "base/str.h"
#include "diag/diag.h"

struct arena;
struct buf;

enum node_kind { NODE_NULL, NODE_BOOL, NODE_NUMBER, NODE_STRING, NODE_ARRAY, NODE_OBJECT };

/* How a scalar is written, which decides how another text is put in its place. */
enum node_style { STYLE_OTHER, STYLE_JSON, STYLE_PLAIN, STYLE_SINGLE, STYLE_DOUBLE, STYLE_BLOCK };

struct node {
	enum node_kind kind;
	enum node_style style; /* of a string, and of what YAML writes without quotes */
	struct str text;   /* string: decoded, valid UTF-8, NUL-free; number, bool: the source's own
	                    bytes, or what JSON has for them (true for
	                    TRUE); else empty */
	struct span at;    /* the value: a string with its quotes, without YAML's anchor or tag */
	struct span alias; /* YAML: the alias that this is a copy for; line 0: not a copy */

	bool is_faulty; /* a mistake about it has been noted: it is null, and needs no second one */
	bool is_twice;  /* its object has its key twice; YAML keeps the first member only */
	bool is_date;   /* YAML: a date without quotes; the text is its RFC 3339 form */

	struct str key;     /* decoded; empty unless a member of an object */
	struct span key_at; /* the key's bytes with its quotes */

	struct node *first; /* array, object: the members in source order */
	struct node *next;  /* the next sibling; of a document: the next document of the file */
	size_t count;       /* how many members */
};

struct doc {
	const char *file; /* as given to doc_parse() */
	struct str text;  /* the source bytes, BOM included, borrowed */
	struct node
	    *first; /* the documents, linked by `next`; elements of a top-level array count */
	size_t count;
};

/*
 * Reads one file's text: one JSON value, several one after the other, values separated by lines
 * "---", or a top-level array of them; a UTF-8 BOM, CRLF and tabs are fine. Empty documents are
 * skipped. All mistakes go to `d`, as many as can be found. Whatever it returns lives in `a` and
 * borrows `text` and `file`, which must live as long. Never NULL: a doc with mistakes holds the
 * documents before the first syntax error; a mistake that leaves the structure whole (a key twice, a
 * number as 09, a tab within a string) drops nothing. Text that is not UTF-8, or holds a NUL, is one
 * mistake and no document. Limits: MAX_SPEC_DEPTH.
 */
struct doc *doc_parse(struct arena *a, const char *file, struct str text, struct diags *d);

/* The same for files that need not be pipeline specs: of YAML's scalars that pachctl would refuse and of
 * keys that are not strings the text is taken, tags and merge keys mean nothing. */
struct doc *doc_parse_any(struct arena *a, const char *file, struct str text, struct diags *d);

/* Reads one JSON value of any kind, with blanks around it: its tree, whose places are those in `text`. NULL where
 * it is not one; *d then has at least one mistake. The tree lives in `a` and borrows `text`. */
struct node *doc_parse_value(struct arena *a, struct str text, struct diags *d);

/* The member of object `n` whose key is exactly `key`; NULL when there is none or `n` is NULL or
 * not an object. */
struct node *node_get(const struct node *n, const char *key);

/* The value at a path of keys, "metadata.name", each of at most 63 bytes; NULL where a key is missing. "" is `n` itself. */
const struct node *node_at(const struct node *n, const char *path);

/* As node_get() for a protobuf field: `field` is its snake_case name, and the lowerCamelCase spelling
 * counts too ("parallelism_spec" also finds "parallelismSpec"); the camel one wins as in pachctl. */
struct node *node_field(const struct node *n, const char *field);

/* The text of a string; empty for any other value and for NULL. */
struct str node_text(const struct node *n);

/* Whether `n` is the boolean true; false for NULL. */
bool node_is_true(const struct node *n);

/* Whether both have the same values in the same order. */
bool node_is_alike(const struct node *x, const struct node *y);

/* What a copy of the tree costs: its values, long texts counting as several. */
size_t node_weight(const struct node *n);

/* A deep copy in `a` that can be changed without touching the original; spans are kept. */
struct node *node_copy(struct arena *a, const struct node *n);

/* The same, except that the texts are those of the original, which must live as long. */
struct node *node_share(struct arena *a, const struct node *n);

/* Finds the member `key` of the object or adds it at the end (as NODE_NULL); the result may be
 * changed in place. A new node takes the object's own span. */
struct node *node_put(struct arena *a, struct node *object, const char *key);

/* Takes the member out of the object; nothing happens when it is not there. */
void node_drop(struct node *object, const struct node *member);

/* Appends `n` as compact JSON (no blanks, source order, numbers as written, strings escaped as
 * RFC 8259 demands and no further). */
void json_write(struct buf *out, const struct node *n);

/* The same with two blanks of indent per level, for people; no line break at the end. */
void json_write_pretty(struct buf *out, const struct node *n);

/* Appends `s` as a JSON string with its quotes. */
void json_write_string(struct buf *out, struct str s);

#endif
