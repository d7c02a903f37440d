/* values.h: what the user gave for each input. */
#ifndef INPUTS_VALUES_H
#define INPUTS_VALUES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "inputs/inputs.h"

struct arena;
struct env;

/* The values as given, each from the first of these that has it: flags, INPUT_ variables, variables of the
 * original actions, the default. */
struct values {
	struct arena *arena;            /* where it all lives */
	const char *text[INPUT_COUNT];  /* NULL: not given */
	const char *from[INPUT_COUNT];  /* "--tag", "INPUT_TAG", "PACHYDERM_TOKEN"; NULL: default */
	const char **list[INPUT_COUNT]; /* INPUT_LIST: the items */
	size_t count[INPUT_COUNT];
	bool is_camel;        /* the reader writes "dryRun" (Azure's task) */
	bool command_in_argv; /* a command is in argv: exit 2 means "changes found" */
};

/*
 * Reads argv (without the program's name; may be empty) and the environment. Secrets are never taken from argv.
 * "--help" is read as the command help, "--version" before a command as version. A command may have two words
 * ("token seal"). Everything lives in `a`. -1 with ERR_USAGE: an unknown command or flag, a flag without its
 * value, one given twice that is not a list, a boolean or choice with another word.
 */
int values_read(struct values *out, struct arena *a, int argc, char *const *argv,
    const struct env *env, struct err *err) NODISCARD;

/* Checks the word of a boolean or choice, as values_read() does. -1 with ERR_USAGE. */
int value_check(const struct values *v, enum input_id id, struct err *err) NODISCARD;

/* Sets an input that was not given from a further source, such as a plan file: to `items`, or to items[0] where
 * the input is not a list. `from` is the name of the source. Everything is borrowed. */
void value_give(
    struct values *v, enum input_id id, const char **items, size_t count, const char *from);

/* As if nobody had given the input. */
void value_forget(struct values *v, enum input_id id);

/* As it was given, or the default: for messages. NULL: neither. */
const char *value_text(const struct values *v, enum input_id id);

/*
 * What messages call an input. Where it has a value: "--tag" from a flag, "the arguments", "PACHYDERM_TOKEN" from
 * a variable of the original actions, "input 'tag'" from a runner. Where it has none: on a command line its flag,
 * or its variable if it has no flag; for an action or a task "input 'tag'". In v->arena.
 */
const char *value_title(const struct values *v, enum input_id id);

/* The name of an input as the user writes it: "on-pull-request", in Azure's task "onPullRequest". In v->arena. */
const char *value_name(const struct values *v, enum input_id id);

/* "a|b|c" as "a, b, c", in `a`. */
struct str choices_text(struct arena *a, const char *choices);

/* Whether a boolean input is true; it has been checked. */
bool value_is_true(const struct values *v, enum input_id id);

/* Whether the result is to be one JSON document. */
bool output_is_json(const struct values *v);

#endif
