#include "cmd/command.h"

#include <string.h>

#include "base/arena.h"

const struct command *
command_named(const char *name)
{
	for (size_t i = 0; i < command_count; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

struct str
command_first(const struct command *command)
{
	struct str name = str_of(command->name);

	return str_head(name, str_find(name, ' '));
}

bool
command_takes(const struct command *command, enum input_id id)
{
	if (id == IN_OUTPUT && !command->outputs)
		return false;
	return id != IN_COMMAND && id != IN_SPECS && inputs[id].used & command->use;
}

const char *
command_choices(struct arena *a, const struct command *command, enum input_id id)
{
	if (id != IN_OUTPUT)
		return inputs[id].choices;
	return arena_fmt(a, "auto|text%s%s", command->outputs ? "|" : "",
	    command->outputs ? command->outputs : "")
	    .ptr;
}
