/* help: the commands and inputs, and tables of them for other programs. */
#include <string.h>

#include "base/check.h"
#include "cmd/run.h"

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

/* One line for each check: code, level, whether it can be ignored, title, why, mend. */
static void
checks_table(struct run *run)
{
	for (enum check i = 0; i < CHECK_COUNT; i++)
		ci_out(&run->ci, "%s\t%s\t%s\t%s\t%s\t%s", checks[i].code,
		    checks[i].is_warning ? "warning" : "error", checks[i].is_firm ? "no" : "yes",
		    checks[i].title, checks[i].why, checks[i].mend);
}

static const struct table {
	const char *name;
	void (*print)(struct run *run);
} tables[] = { { "inputs", inputs_table }, { "checks", checks_table } };

static void
overview(struct run *run)
{
	ci_out(&run->ci, "usage: pachup COMMAND [PATH...] [--INPUT VALUE...]");
	ci_out(&run->ci, "%s", "");
	ci_out(&run->ci, "commands:");
	for (size_t i = 0; i < command_count; i++)
		ci_out(&run->ci, "  %-10s %s", commands[i].name, commands[i].summary);
	ci_out(&run->ci, "%s", "");
	ci_out(&run->ci, "inputs, as flags, as the action's inputs, or as INPUT_NAME variables:");
	for (enum input_id id = 0; id < INPUT_COUNT; id++) {
		const struct input *in = &inputs[id];
		const char *flag = in->flag ? in->flag : in->name;

		ci_out(&run->ci, "  %s%-22s %s", *flag ? "--" : "  ", *flag ? flag : in->name,
		    in->help);
	}
	ci_out(&run->ci, "%s", "");
	ci_out(&run->ci,
	    "exit codes: 0 done, 1 failed, 2 changes found, 4 timed out, 5 superseded, "
	    "64 called wrongly");
}

int
cmd_help(struct run *run, struct err *err)
{
	const char *topic = run->in.count[IN_SPECS] ? run->in.list[IN_SPECS][0] : NULL;

	for (size_t i = 0; topic && i < COUNT_OF(tables); i++)
		if (strcmp(tables[i].name, topic) == 0) {
			tables[i].print(run);
			return EXIT_DONE;
		}
	for (size_t i = 0; topic && i < command_count; i++)
		if (strcmp(commands[i].name, topic) == 0)
			topic = NULL;
	if (topic) {
		(void)err_set(err, ERR_USAGE, "there is no help on '%.100s'", topic);
		return err_mend(err, "write help, help inputs or help checks");
	}
	overview(run);
	return EXIT_DONE;
}
