/*
 * json_builder.h: writes one JSON document, value by value. Commas, quotes and escapes are the builder's, so that the
 * document is valid whatever text it holds. A wrong order of calls is our own bug: it ends in assert().
 */
#ifndef FORMAT_JSON_BUILDER_H
#define FORMAT_JSON_BUILDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/base.h"
#include "base/str.h"

struct buf;
struct node;

enum { JSON_LEVELS = 16 };

enum json_kind {
	JSON_OBJECT,       /* {"a":1,"b":2} */
	JSON_ARRAY,        /* [1,2] */
	JSON_ROWS,         /* an array; each element but the first is on a line of its own */
	JSON_BLOCK_OBJECT, /* each member is on a line of its own, indented by two blanks per level */
	JSON_BLOCK_ARRAY
};

struct json {
	struct buf *out; /* where the document goes; borrowed */
	bool is_spaced;  /* blanks after ':' and ',' */
	bool is_written; /* the document's only value was begun */
	size_t depth;    /* how many objects and arrays are open */
	struct json_level {
		enum json_kind kind;
		bool has_members;
	} levels[JSON_LEVELS];
};

/* An empty document; what it writes is appended to the buffer `to`, which also takes note when it is full. */
#define JSON_TO(to) ((struct json){ .out = (to) })

/* Each of these adds one value: to an object, as its member `key`; to an array or as the whole document, with NULL as
 * `key`. Texts are UTF-8. */
void json_open(struct json *j, const char *key, enum json_kind kind);
void json_string(struct json *j, const char *key, struct str value);
void json_text(struct json *j, const char *key, const char *value); /* NULL: "" */
void json_int(struct json *j, const char *key, int64_t value);
void json_uint(struct json *j, const char *key, uint64_t value);
void json_bool(struct json *j, const char *key, bool value);
void json_null(struct json *j, const char *key);
void json_node(struct json *j, const char *key, const struct node *value);
/* `value` is JSON already. */
void json_raw(struct json *j, const char *key, struct str value);
/* Adds to the object all members of another one: `members` is what its brackets hold; it may be empty. */
void json_members(struct json *j, struct str members);

/* Ends the object or array that was opened last. */
void json_close(struct json *j);

/* Ends the document, in which nothing is open any more, with a line break; a view of the whole buffer, which lives
 * until the next change. */
struct str json_line(struct json *j);

#endif
