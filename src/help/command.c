#include "help/command.h"

#include <string.h>

#include "base/arena.h"

const char *const command_groups[COMMAND_GROUP_COUNT] = {
	[COMMANDS_DEPLOY] = "Deploy",
	[COMMANDS_SPECS] = "Work on specs, without a cluster",
	[COMMANDS_CLUSTER] = "Look at a cluster",
	[COMMANDS_DATA] = "Data and jobs",
	[COMMANDS_KEYS] = "Keys and tokens",
	[COMMANDS_SELF] = "About pachup",
};

const struct command *
command_named(const struct commands *t, const char *name)
{
	for (size_t i = 0; i < t->count; i++)
		if (strcmp(t->list[i].name, name) == 0)
			return &t->list[i];
	return NULL;
}

struct str
command_first(const struct command *command)
{
	struct str name = str_of(command->name);

	return str_head(name, str_find(name, ' '));
}

const char *
command_second(const struct command *command)
{
	size_t first = command_first(command).len;

	return command->name[first] ? command->name + first + 1 : NULL;
}

bool
command_begins_family(const struct commands *t, size_t index)
{
	return index == 0
	       || !str_eq(command_first(&t->list[index]), command_first(&t->list[index - 1]));
}

bool
command_takes(const struct command *command, enum input_id id)
{
	if (id == IN_OUTPUT && !command->outputs)
		return false;
	return id != IN_COMMAND && id != IN_SPECS && inputs[id].used & command->use;
}

bool
command_takes_one(const struct command *command, enum input_id id)
{
	return id == IN_TARGET && !(command->use & (FOR_PUSH | FOR_PLAN | FOR_DRIFT));
}

bool
command_shows(const struct command *command, enum input_id id)
{
	return command_takes(command, id) && (*input_flag(&inputs[id]) || inputs[id].also[0]);
}

const char *
command_phrase(const struct command *command, enum input_id id)
{
	const struct input_own *own = input_own(id, command->use);

	return own ? own->help : inputs[id].help;
}

const char *
command_value(const struct command *command, enum input_id id)
{
	const struct input_own *own = input_own(id, command->use);

	return own && own->value ? own->value : inputs[id].value;
}

const char *
command_fallback(const struct command *command, enum input_id id)
{
	const struct input_own *own = input_own(id, command->use);
	bool has_none = (own && own->has_no_fallback) || inputs[id].kind == INPUT_BOOL;

	return has_none ? NULL : inputs[id].fallback;
}

const char *
command_choices(struct arena *a, const struct command *command, enum input_id id)
{
	if (id == IN_WAIT && command->use & FOR_DATA)
		return "none|jobs";
	if (id != IN_OUTPUT)
		return inputs[id].choices;
	return arena_fmt(a, "auto|text%s%s", command->outputs ? "|" : "",
	    command->outputs ? command->outputs : "")
	    .ptr;
}
