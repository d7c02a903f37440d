/* field_releases.h: the releases of pachd that know each field. The build makes the table from the comments in
 * src/wire/proto/ (field_releases.awk). */
#ifndef WIRE_FIELD_RELEASES_H
#define WIRE_FIELD_RELEASES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "wire/release.h"

#define FIELD_EVER UINT32_MAX /* no last release: the newest has it */

/* A message knows `name` as field `number` from release `from` (0: the first of its line) to release
 * `to`, both included. Sorted by message, then name. */
struct field_releases {
	const char *name;
	uint32_t number;
	uint32_t from, to;
};

extern const struct field_releases field_releases_table[];
extern const size_t field_releases_count;

/* A message's rows: those from `first` to before `end`. Sorted by message. */
struct field_rows {
	const char *message;
	uint32_t first, end;
};

extern const struct field_rows field_rows_table[];
extern const size_t field_rows_count;

enum field_status {
	FIELD_KNOWN,   /* *row is the row of the release */
	FIELD_NOT_YET, /* *row is the first later one */
	FIELD_GONE,    /* *row is the last earlier one */
	FIELD_NEVER,   /* no release of this interface has it */
};

/* The rows of `message`; none where there is no such message. */
struct field_rows field_rows_of(const char *message);

/* Whether release `version` (0: any release) has a field `name` in the message of these rows. */
enum field_status field_rows_lookup(const struct field_rows *rows, struct str name,
    uint32_t version, const struct field_releases **row);

/* What release `version` (0: the newest) calls field `number` of the message of these rows; NULL when it has none. */
const char *field_rows_name(const struct field_rows *rows, uint32_t number, uint32_t version);

#endif
