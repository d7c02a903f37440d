/* split.h: splits a file into the pieces that pachd 1.x makes with a delimiter: lines, or JSON values. */
#ifndef DATA_SPLIT_H
#define DATA_SPLIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/base.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "pachd/pfs/pfs.h"

/* The last part of a JSON value so far, which decides what may follow. */
enum split_state {
	SPLIT_OUTSIDE, /* of all values */
	SPLIT_VALUE,   /* ':', or ',' in a list */
	SPLIT_LIST,    /* '[' */
	SPLIT_OBJECT,  /* '{' */
	SPLIT_NAME,    /* ',' in an object */
	SPLIT_COLON,   /* a member's name */
	SPLIT_COMMA,   /* a value in a list or an object */
	SPLIT_TEXT,    /* what is between quotes */
	SPLIT_ESCAPE,  /* a backslash there */
	SPLIT_HEX,     /* \u and fewer than four digits */
	SPLIT_WORD,    /* a part of true, false or null */
	SPLIT_MINUS,
	SPLIT_ZERO, /* the 0 that a number begins with */
	SPLIT_DIGITS,
	SPLIT_POINT,
	SPLIT_FRACTION,
	SPLIT_E,
	SPLIT_SIGN, /* of the exponent */
	SPLIT_EXPONENT,
};

/* The state between two bytes: the splitter gets the file byte by byte, and never holds it. */
struct splitter {
	enum pfs_split by;
	bool is_started; /* in a piece */
	uint64_t offset; /* of the next byte in the file */

	/* JSON only */
	enum split_state state;
	bool is_name;                                  /* the text is a member's name */
	const char *rest;                              /* of the word */
	unsigned hex;                                  /* digits that are missing */
	unsigned depth;                                /* of open brackets */
	unsigned char lists[(MAX_JSON_DEPTH + 7) / 8]; /* a bit for each of them: it is a '[' */
};

/* What to do with a byte. */
enum split_what {
	SPLIT_SKIP,   /* blank between pieces */
	SPLIT_ADD,    /* of the present piece */
	SPLIT_END,    /* of the present piece, and its last */
	SPLIT_BEFORE, /* the present piece ended before it; feed it again */
	SPLIT_WRONG,  /* no JSON value begins or goes on so: split_mistake() says why */
};

/* Looks at the next byte of the file. */
enum split_what split_next(struct splitter *s, char c);

/* The reason for SPLIT_WRONG, in one clause. */
const char *split_mistake(const struct splitter *s);

/* At the file's end: true where a piece is still open; *wrong: the piece may not end there. */
bool split_end(const struct splitter *s, bool *wrong);

/* The name of piece number `i`: 16 hex digits, as pachd 1.x has it; `out` takes 17 bytes. */
void split_name(uint64_t i, char out[17]);

#endif
