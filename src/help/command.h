/* command.h: a table of commands: help, manual, completions and docs/command-line.md are made from it. */
#ifndef HELP_COMMAND_H
#define HELP_COMMAND_H

#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "inputs/inputs.h"

struct arena;
struct run;

/* Where `pachup help` shows a command, in this order. */
enum command_group {
	COMMANDS_DEPLOY,
	COMMANDS_SPECS,
	COMMANDS_CLUSTER,
	COMMANDS_DATA,
	COMMANDS_KEYS,
	COMMANDS_SELF,
	COMMAND_GROUP_COUNT,
};

/* "Deploy" */
extern const char *const command_groups[COMMAND_GROUP_COUNT];

enum { MAX_EXAMPLES = 3, COMMAND_SUMMARY_MAX = 60 };

struct command {
	const char *name;    /* one word, or two: "token seal"; a choice of input `command`, too */
	const char *words;   /* "[PATH...]": what is behind it; "": nothing may */
	const char *summary; /* a phrase of at most COMMAND_SUMMARY_MAX bytes, without full stop */
	const char *family;  /* what those with its first word do; NULL: it is not the first */
	enum input_use use;
	int (*run)(struct run *run, struct err *err);
	const char *outputs; /* the forms of its result besides text: "json|dot"; NULL: none */
	enum command_group group;
	const char *about; /* whole sentences for its help and manual, or NULL */
	struct example {
		const char *why, *line; /* a phrase; the arguments of pachup */
	} examples[MAX_EXAMPLES];
};

/* All of them; those with the same first word stand together. */
struct commands {
	const struct command *list;
	size_t count;
};

/* NULL: there is none of that name. */
const struct command *command_named(const struct commands *t, const char *name);

/* The first word of a command's name: "token" of "token seal"; and the second, "seal", or NULL. */
struct str command_first(const struct command *command);
const char *command_second(const struct command *command);

/* Whether the command at `index` is the first one with its first word. */
bool command_begins_family(const struct commands *t, size_t index);

/* Whether the command uses the input and a user can set it: not `command`, not `specs`, and `output` only where it
 * has forms. */
bool command_takes(const struct command *command, enum input_id id);

/* Whether the command takes one item of a list. */
bool command_takes_one(const struct command *command, enum input_id id);

/* Whether help shows the input: it has a flag or a variable. */
bool command_shows(const struct command *command, enum input_id id);

/* The input's phrase, the name of its value and its default, as they are for this command; NULL: none. */
const char *command_phrase(const struct command *command, enum input_id id);
const char *command_value(const struct command *command, enum input_id id);
const char *command_fallback(const struct command *command, enum input_id id);

/* The choices of an input behind the command, "a|b", or NULL: the command may know fewer outputs. In `a`. */
const char *command_choices(struct arena *a, const struct command *command, enum input_id id);

#endif
