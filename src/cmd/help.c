/* help: the commands and inputs, and tables of them for other programs. */
#include <string.h>

#include "base/arena.h"
#include "base/check.h"
#include "cmd/command.h"
#include "inputs/exit_code.h"
#include "inputs/run.h"

/* One line for each input, its parts separated by tabs: name, flag, kind, variables, default, help. */
static void
inputs_table(struct run *run)
{
	static const char *const kinds[] = { "text", "bool", "list", "secret" };

	for (enum input_id id = 0; id < INPUT_COUNT; id++) {
		const struct input *in = &inputs[id];
		const char *flag = in->flag ? in->flag : in->name;

		ci_out(&run->ci, "%s\t%s%s\t%s\t%s%s%s\t%s\t%s\t%s", in->name, *flag ? "--" : "",
		    flag, kinds[in->kind], in->also[0] ? in->also[0] : "", in->also[1] ? " " : "",
		    in->also[1] ? in->also[1] : "", in->fallback ? in->fallback : "",
		    in->cli_only ? "cli" : "all", in->help);
	}
}

/* One line for each check: code, level, whether it can be ignored, title, why, hint. */
static void
checks_table(struct run *run)
{
	for (enum check i = 0; i < CHECK_COUNT; i++)
		ci_out(&run->ci, "%s\t%s\t%s\t%s\t%s\t%s", checks[i].code,
		    checks[i].is_warning ? "warning" : "error", checks[i].is_firm ? "no" : "yes",
		    checks[i].title, checks[i].why, checks[i].hint);
}

static const struct table {
	const char *name;
	void (*print)(struct run *run);
} tables[] = { { "inputs", inputs_table }, { "checks", checks_table } };

static void
print_input(struct run *run, const struct input *in)
{
	const char *flag = in->flag ? in->flag : in->name;

	ci_out(&run->ci, "  %s%-22s %s", *flag ? "--" : "  ", *flag ? flag : in->name, in->help);
}

static void
overview(struct run *run)
{
	ci_out(&run->ci, "usage: pachup COMMAND [PATH...] [--INPUT VALUE...]");
	ci_out(&run->ci, "%s", "");
	ci_out(&run->ci, "commands:");
	for (size_t i = 0; i < command_count; i++)
		ci_out(&run->ci, "  %-13s %s", commands[i].name, commands[i].summary);
	ci_out(&run->ci, "%s", "");
	ci_out(&run->ci, "inputs, as flags, as the action's inputs, or as INPUT_NAME variables:");
	for (enum input_id id = 0; id < INPUT_COUNT; id++)
		print_input(run, &inputs[id]);
	ci_out(&run->ci, "%s", "");
	ci_out(&run->ci,
	    "exit codes: 0 done, 1 failed, 2 changes found, 3 token expires soon, 4 timed out, "
	    "5 superseded, "
	    "64 called wrongly");
}

/* What an input may be, what it is when nobody says, and where else it is looked for. */
static void
print_values(struct run *run, const struct input *in, const struct command *command)
{
	struct arena *a = run->arena;
	struct str choices = in->choices ? arena_fmt(a, "; one of %s", in->choices) : STR("");
	struct str fallback =
	    in->fallback ? arena_fmt(a, "; %s if not given", in->fallback) : STR("");
	struct str also = STR("");

	if (in == &inputs[IN_OUTPUT])
		choices = arena_fmt(a, "; one of auto|text%s%s", command->outputs ? "|" : "",
		    command->outputs ? command->outputs : "");
	if (in->also[0])
		also = arena_fmt(a, "; also from %s%s%s", in->also[0], in->also[1] ? ", " : "",
		    in->also[1] ? in->also[1] : "");
	if (choices.len + fallback.len + also.len > 0)
		ci_out(&run->ci, "  %-24s (%s)", "",
		    arena_fmt(a, "%.*s%.*s%.*s", STR_FMT(choices), STR_FMT(fallback), STR_FMT(also))
		            .ptr
		        + strlen("; "));
}

static void
one_command(struct run *run, const struct command *command)
{
	bool takes_inputs = command->use != FOR_HELP;

	ci_out(&run->ci, "usage: pachup %s%s%s%s", command->name, *command->words ? " " : "",
	    command->words, takes_inputs ? " [--INPUT VALUE...]" : "");
	ci_out(&run->ci, "%s", "");
	ci_out(&run->ci, "%s", command->summary);
	if (takes_inputs)
		ci_out(&run->ci, "%s", "");
	for (enum input_id id = 0; takes_inputs && id < INPUT_COUNT; id++) {
		/* what is behind a command that reads no specs is reported by its words */
		if (!(inputs[id].used & command->use) || id == IN_COMMAND
		    || (id == IN_SPECS && !(command->use & FOR_READERS)))
			continue;
		print_input(run, &inputs[id]);
		print_values(run, &inputs[id], command);
	}
}

/* "token": the commands that begin with this word. False: there are none. */
static bool
group_of_commands(struct run *run, struct str group)
{
	bool is_there = false;

	for (size_t i = 0; i < command_count; i++) {
		struct str name = str_of(commands[i].name);

		if (!str_eq(str_head(name, str_find(name, ' ')), group))
			continue;
		ci_out(&run->ci, "usage: pachup %s%s%s [--INPUT VALUE...]", commands[i].name,
		    *commands[i].words ? " " : "", commands[i].words);
		ci_out(&run->ci, "       %s", commands[i].summary);
		is_there = true;
	}
	return is_there;
}

static bool
table_of(struct run *run, const char *topic)
{
	for (size_t i = 0; i < COUNT_OF(tables); i++)
		if (strcmp(tables[i].name, topic) == 0) {
			tables[i].print(run);
			return true;
		}
	return false;
}

/* All words behind "help": a command may have two. */
static const char *
topic_of(const struct run *run)
{
	struct str topic = STR("");

	for (size_t i = 0; i < run->in.count[IN_SPECS]; i++)
		topic = arena_fmt(run->arena, "%.*s%s%s", STR_FMT(topic), i ? " " : "",
		    run->in.list[IN_SPECS][i]);
	return topic.ptr;
}

int
cmd_help(struct run *run, struct err *err)
{
	const char *topic = topic_of(run);
	const struct command *command = command_named(topic);

	if (*topic == '\0')
		overview(run);
	else if (command)
		one_command(run, command);
	else if (!table_of(run, topic) && !group_of_commands(run, str_of(topic))) {
		(void)err_set(err, ERR_USAGE, "no help for '%.100s'", topic);
		return err_hint(err, "run 'pachup help', 'pachup help COMMAND', 'pachup help "
		                     "inputs' or 'pachup help checks'");
	}
	return EXIT_DONE;
}
