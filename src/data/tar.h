/*
 * tar.h: a tar stream read and written piece by piece (POSIX.1-2008 pax and ustar; of GNU tar's own the long
 * names and large sizes). Pure.
 */
#ifndef DATA_TAR_H
#define DATA_TAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

enum { TAR_BLOCK = 512, TAR_PATH = 8192 };

/* Gets each entry of a stream: its begin, its bytes and its end; -1 with *err ends the reading. */
struct tar_sink {
	int (*begin)(void *ctx, struct str path, bool is_dir, uint64_t size, struct err *err);
	int (*bytes)(void *ctx, struct str bytes, struct err *err);
	int (*end)(void *ctx, struct err *err);
	void *ctx;
};

struct tar_reader {
	struct tar_sink sink;
	unsigned char block[TAR_BLOCK]; /* of a header that is not whole yet */
	size_t block_len;
	uint64_t left;  /* bytes of the present entry that are still to come */
	size_t padding; /* zeros behind them */
	enum { TAR_HEADER, TAR_FILE, TAR_PAX, TAR_LONG_NAME, TAR_SKIP, TAR_ENDED } state;
	char path[TAR_PATH]; /* from a header before the entry's own; empty: none */
	size_t path_len;
	bool has_size; /* the same for its size */
	uint64_t size;
	char extra[TAR_PATH * 2]; /* of such a header */
	size_t extra_len;
};

/* Starts reading into `sink`. The reader is large: keep it on the heap or in an arena. */
void tar_begin(struct tar_reader *t, const struct tar_sink *sink);

/*
 * Takes the next bytes of the stream. -1: the sink's failure, or ERR_NETWORK for bytes that are not a tar archive, for
 * entries that are neither files nor directories (links could lead out of the directory), and for paths above TAR_PATH.
 */
int tar_feed(struct tar_reader *t, struct str bytes, struct err *err) NODISCARD;

/* At the end of the bytes: -1 with ERR_NETWORK when the stream is not at its end. */
int tar_finish(const struct tar_reader *t, struct err *err) NODISCARD;

/* Writes an entry's header blocks into `out` (of TAR_HEADER_ROOM bytes) and returns how many bytes they have; 0: the path
 * is too long. The entry's bytes and tar_padding() zeros have to follow; a directory has none. */
enum { TAR_HEADER_ROOM = TAR_BLOCK * 4 + TAR_PATH };
size_t tar_header(char *out, struct str path, bool is_dir, uint64_t size, int64_t time_s);
size_t tar_padding(uint64_t size);

#endif
