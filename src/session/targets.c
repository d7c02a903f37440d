#include "session/targets.h"

#include "base/arena.h"
#include "secret/secret.h"
#include "session/config.h"
#include "session/run.h"
#include "session/token.h"

/* *out is to be erased where it fails, too. */
static int
open_target(
    const struct run *run, const char *name, unsigned use, struct run **out, struct err *err)
{
	struct run *own = ARENA_NEW(run->arena, struct run);

	*out = own;
	*own = *run;
	own->diags = diags_in(run->arena);
	if (config_apply(own, run->config, name, err) == 0 && token_read(own, use, err) == 0) {
		own->warn_s = own->opt.warn_ms / 1000;
		return 0;
	}
	secret_free(own->token);
	own->token = NULL;
	return -1;
}

/* Whether an input of the run is for itself alone: what it does, its cluster, and where its results go. What was said of
 * the cluster that it asks, such as a login or whom to trust, means no other one; keys of seals fit or do not. */
static bool
is_own_business(const struct run *run, enum input_id id)
{
	static const bool own[INPUT_COUNT] = {
		[IN_CLUSTER] = true,
		[IN_CONTEXT] = true,
		[IN_OUT] = true,
		[IN_PLAN] = true,
		[IN_SUMMARY] = true,
		[IN_COMMENT] = true,
	};
	static const bool keys[INPUT_COUNT] = {
		[IN_TOKEN_KEY] = true,
		[IN_TOKEN_KEY_FILE] = true,
		[IN_WARN] = true,
	};
	static const bool tokens[INPUT_COUNT] = {
		[IN_TOKEN] = true,
		[IN_TOKEN_FILE] = true,
		[IN_TOKEN_STDIN] = true,
	};
	bool asks_cluster = run->opt.command == COMMAND_PUSH || run->opt.command == COMMAND_PLAN;

	if (own[id] || inputs[id].decides || inputs[id].group == GROUP_WRITE_BACK)
		return true;
	if (inputs[id].group != GROUP_CLUSTER || keys[id])
		return false;
	return asks_cluster || (tokens[id] && run->plan_count > 1);
}

static int
forget_own_business(const struct run *run, struct run *own, struct err *err)
{
	for (enum input_id id = 0; id < INPUT_COUNT; id++) {
		if (!is_own_business(run, id))
			continue;
		value_forget(&own->in, id);
		if (option_read(&own->opt, &own->in, id, err) < 0)
			return -1;
	}
	option_set(&own->opt, &own->in, IN_COMMAND, "plan");
	return 0;
}

/* *out: as of open_target(); NULL: there is nothing to erase. */
static void
open_plan(const struct run *run, struct plan_target *plan, struct run **out)
{
	struct run copy = *run;

	copy.in = run->given->in;
	copy.opt = run->given->opt;
	copy.token = NULL;
	copy.sealed = NULL;
	copy.sealed_text = copy.ca_pem = STR("");
	copy.target_count = 0;
	copy.event.is_deletion = false; /* it is not the branch of the request that is gone */
	if (forget_own_business(run, &copy, &plan->why) == 0
	    && open_target(&copy, plan->name, FOR_PLAN, out, &plan->why) == 0)
		plan->run = *out;
}

/* One that fails takes no other's secrets: all are erased afterwards. */
static void
open_plans(struct run *run)
{
	const struct items *names = &run->opt.plan_for;
	struct run **tried = ARENA_ARRAY(run->arena, names->count, struct run *);

	run->plan_count = names->count;
	run->plans = ARENA_ARRAY(run->arena, names->count, struct plan_target);
	for (size_t i = 0; i < names->count; i++) {
		run->plans[i].name = names->list[i];
		open_plan(run, &run->plans[i], &tried[i]);
	}
	for (size_t i = 0; i < names->count; i++)
		if (tried[i])
			token_erase_inputs(tried[i]);
}

/* The run itself asks no cluster: a login that its own inputs lead to is not its targets'. */
static int
open_all(struct run *run, unsigned use, struct err *err)
{
	int rc = token_read_hosts(run, use, err);

	run->targets = ARENA_ARRAY(run->arena, run->target_count, struct run *);
	for (size_t i = 0; i < run->target_count && rc == 0; i++) {
		rc = open_target(run, run->target_names[i], use, &run->targets[i], err);
		if (rc < 0)
			(void)err_wrap(err, "target '%s'", run->target_names[i]);
	}
	for (size_t i = 0; i < run->target_count; i++)
		if (run->targets[i])
			token_erase_inputs(run->targets[i]);
	return rc;
}

int
targets_open(struct run *run, unsigned use, struct err *err)
{
	int rc = run->target_count > 1 ? open_all(run, use, err) : token_read(run, use, err);

	if (rc == 0 && run->given)
		open_plans(run);
	token_erase_inputs(run);
	return rc;
}
