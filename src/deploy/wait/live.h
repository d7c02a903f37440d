/* live.h: what people see while a push is waited for. */
#ifndef DEPLOY_WAIT_LIVE_H
#define DEPLOY_WAIT_LIVE_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct waiter;

/* A log says something at least this often. */
enum { LIVE_BEAT_MS = 30000 };

/* What step i lacks, "starting, 0 of 2 workers" or "job running"; empty where it lacks nothing. In `a`, or borrowed from the
 * step. */
struct str live_missing(const struct waiter *w, struct arena *a, size_t i);

/* The lines of a table of `columns` columns: what is still missing. Names are cut before states are, reasons before
 * names. Returns how many lines; they live in `a`. */
size_t live_table(
    const struct waiter *w, struct arena *a, size_t columns, int64_t now_ms, struct str **lines);

/* Draws that table in its place on the terminal. */
void live_draw(const struct waiter *w, struct arena *scratch, int64_t now_ms);

/* Where the log will have been silent for LIVE_BEAT_MS by `next_ms`: what is still missing, in one line. */
void live_beat(struct waiter *w, struct arena *scratch, int64_t now_ms, int64_t next_ms);

#endif
