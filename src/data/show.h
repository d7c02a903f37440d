/* show.h: sizes, times and progress of data, as people read them. */
#ifndef DATA_SHOW_H
#define DATA_SHOW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/base.h"
#include "base/str.h"

struct arena;
struct run;

/* "512 B", "1.2 KB", "3.4 GB": thousands, as ls -h and disk makers count; in `a`. */
struct str size_text(struct arena *a, uint64_t bytes);

/* "2024-01-01T00:00:00Z"; "-" for 0; in `a`. */
struct str time_text(struct arena *a, int64_t seconds);

/* Shows the progress of a transfer: a line that is redrawn on a terminal, a line every 10 s in a log. */
struct transfer {
	struct run *run;
	const char *verb; /* "put", "got" */
	uint64_t total;   /* bytes; 0: not known */
	uint64_t done;
	size_t files;
	int64_t started_ms, next_ms;
	bool is_redrawn;
};

struct transfer transfer_begin(struct run *run, const char *verb, uint64_t total);
/* Adds `bytes` that were transferred; `files` have begun so far. */
void transfer_add(struct transfer *t, uint64_t bytes, size_t files);
void transfer_end(struct transfer *t);

#endif
