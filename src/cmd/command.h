/* command.h: the table of commands. */
#ifndef CMD_COMMAND_H
#define CMD_COMMAND_H

#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "inputs/inputs.h"

struct run;

struct command {
	const char *name;  /* one word, or two: "token seal" */
	const char *words; /* "[PATH...]": what is behind it; "": nothing may */
	const char *summary;
	enum input_use use;
	int (*run)(struct run *run, struct err *err);
	const char *outputs; /* the forms of its result besides text: "json|dot"; NULL: none */
};

extern const struct command commands[];
extern const size_t command_count;

/* NULL: there is none of that name. */
const struct command *command_named(const char *name);

/* Commands return 0 or EXIT_CHANGES, or -1 with *err set. */
int cmd_push(struct run *run, struct err *err) NODISCARD;
int cmd_rollback(struct run *run, struct err *err) NODISCARD;
int cmd_validate(struct run *run, struct err *err) NODISCARD;
int cmd_set_image(struct run *run, struct err *err) NODISCARD;
int cmd_help(struct run *run, struct err *err) NODISCARD;
int cmd_graph(struct run *run, struct err *err) NODISCARD;
int cmd_doctor(struct run *run, struct err *err) NODISCARD;
int cmd_token_rotate(struct run *run, struct err *err) NODISCARD;
int cmd_token_seal(struct run *run, struct err *err) NODISCARD;
int cmd_token_status(struct run *run, struct err *err) NODISCARD;
int cmd_token_keygen(struct run *run, struct err *err) NODISCARD;
int cmd_status(struct run *run, struct err *err) NODISCARD;

#endif
