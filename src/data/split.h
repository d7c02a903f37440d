/* split.h: a file as the pieces that pachd 1.x makes of it with a delimiter: lines, or JSON values. */
#ifndef DATA_SPLIT_H
#define DATA_SPLIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "pachd/pfs.h"

/* Where a text is cut: fed byte by byte, so that no file need be held. */
struct splitter {
	enum pfs_split by;
	unsigned depth;  /* of open brackets */
	bool in_text;    /* between quotes */
	bool is_escaped; /* behind a backslash there */
	bool is_word;    /* in a number, true, false or null */
	bool is_started; /* in a piece */
	uint64_t offset; /* of the next byte in the file */
};

/* What a byte is for the pieces. */
enum split_what {
	SPLIT_SKIP,   /* blank between pieces */
	SPLIT_ADD,    /* of the present piece */
	SPLIT_END,    /* of the present piece, and its last */
	SPLIT_BEFORE, /* the present piece ended before it; feed it again */
	SPLIT_WRONG,  /* no JSON value can begin or go on so */
};
enum split_what split_next(struct splitter *s, char c);

/* At the file's end: whether a piece is still open; *wrong: it may not end so. */
bool split_end(const struct splitter *s, bool *wrong);

/* The name of piece number `i`: 16 hex digits, as pachd 1.x has it; `out` takes 17 bytes. */
void split_name(uint64_t i, char out[17]);

#endif
