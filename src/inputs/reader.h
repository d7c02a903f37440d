/* reader.h: the reading of argv and of lists into values; inside inputs/ only. */
#ifndef INPUTS_READER_H
#define INPUTS_READER_H

#include <stdbool.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "inputs/inputs.h"
#include "inputs/values.h"

struct arena;

struct reader {
	struct values *out;
	struct arena *arena;
	struct err *err;
	size_t room[INPUT_COUNT]; /* of the growing lists */
	bool may_join;            /* only the first word of the command was read */
};

/* Adds one item to a list, or the items of a text: separated by newlines, commas or blanks; by newlines
 * only where the text holds one. */
void reader_add(struct reader *r, enum input_id id, const char *item);
void reader_add_items(struct reader *r, enum input_id id, struct str text);

/* Reads argv (without the program's name) into r->out. -1 with ERR_USAGE as values_read() says. */
int reader_argv(struct reader *r, int argc, char *const *argv) NODISCARD;

/* Checks that the command is one. -1 with ERR_USAGE and the one that may be meant. */
int command_check(struct arena *a, const char *command, struct err *err) NODISCARD;

#endif
