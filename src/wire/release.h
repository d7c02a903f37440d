/* release.h: releases of pachd, comparable as numbers. */
#ifndef WIRE_RELEASE_H
#define WIRE_RELEASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct arena;

/* 2.11.6 as one number; grows with the release. */
#define RELEASE(major, minor, micro) \
	(((uint32_t)(major) << 20) | ((uint32_t)(minor) << 10) | (uint32_t)(micro))

enum {
	RELEASE_OLDEST = RELEASE(1, 7, 0),  /* the oldest that pachup supports */
	RELEASE_NEWEST = RELEASE(2, 11, 6), /* the newest release */
	RELEASE_KNOWN =
	    RELEASE(2, 12, 0), /* the newest that the tables know, as of its candidates */
	RELEASE_2 = RELEASE(2, 0, 0),
};

/* Reads "2.11", "2.11.6" or "v2.11.6"; without a patch number it is the last release of 2.11. -1: ERR_USAGE for any
 * other text, and for a release that pachup does not support. */
int release_parse(struct str text, uint32_t *out, struct err *err) NODISCARD;

/* The last patch release of 1.7, 1.8, …, 2.12, oldest first. */
extern const uint32_t release_lines[];
extern const size_t release_line_count;

/* "2.11.6", in `a`. */
struct str release_text(struct arena *a, uint32_t version);

#endif
