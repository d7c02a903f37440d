/* completion: what a shell offers behind `pachup`, made from the tables of commands and inputs. */
#include <string.h>

#include "base/arena.h"
#include "base/nearest.h"
#include "cmd/command_table.h"
#include "help/help.h"
#include "inputs/exit_code.h"
#include "session/run.h"

static const struct shell {
	const char *name;
	void (*script)(const struct commands *t, struct arena *a, struct buf *out);
} shells[] = {
	{ "bash", completion_bash },
	{ "zsh", completion_zsh },
	{ "fish", completion_fish },
};

int
cmd_completion(struct run *run, struct err *err)
{
	const char *name = run->opt.specs.count == 1 ? run->opt.specs.list[0] : "";
	struct nearest near = nearest_to(str_of(name));
	struct buf out = BUF_INIT(MAX_HELP_BYTES);

	for (size_t i = 0; i < COUNT_OF(shells); i++) {
		nearest_offer(&near, shells[i].name);
		if (strcmp(shells[i].name, name) != 0)
			continue;
		shells[i].script(&commands, run->arena, &out);
		ci_raw(&run->ci, buf_str(&out));
		buf_free(&out);
		return EXIT_DONE;
	}
	if (*name)
		(void)err_set(err, ERR_USAGE, "unknown shell '%.100s'", name);
	else
		(void)err_set(err, ERR_USAGE, "completion needs the name of one shell");
	if (near.found)
		return err_hint(err, "did you mean '%s'?", near.found);
	return err_hint(err, "use one of: bash, zsh, fish");
}
