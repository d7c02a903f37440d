#include "session/targets.h"

#include "base/arena.h"
#include "secret/secret.h"
#include "session/config.h"
#include "session/run.h"
#include "session/token.h"

static struct run *
open_target(const struct run *run, const char *name, unsigned use, struct err *err)
{
	struct run *own = ARENA_NEW(run->arena, struct run);

	*own = *run;
	own->diags = diags_in(run->arena);
	if (config_apply(own, run->config, name, err) < 0 || token_read(own, use, err) < 0) {
		(void)err_wrap(err, "target '%s'", name);
		secret_free(own->token);
		token_erase_inputs(own);
		return NULL;
	}
	own->warn_s = own->opt.warn_ms / 1000;
	return own;
}

static int
open_all(struct run *run, unsigned use, struct err *err)
{
	struct run **targets = ARENA_ARRAY(run->arena, run->target_count, struct run *);
	size_t count = run->target_count;

	if (token_read(run, use, err) < 0)
		return -1;
	if (count < 2)
		return 0;
	run->targets = targets;
	for (run->target_count = 0; run->target_count < count; run->target_count++) {
		targets[run->target_count] =
		    open_target(run, run->target_names[run->target_count], use, err);
		if (!targets[run->target_count])
			return -1;
	}
	return 0;
}

int
targets_open(struct run *run, unsigned use, struct err *err)
{
	int rc = open_all(run, use, err);

	token_erase_inputs(run);
	for (size_t i = 0; run->targets && i < run->target_count; i++)
		token_erase_inputs(run->targets[i]);
	return rc;
}
