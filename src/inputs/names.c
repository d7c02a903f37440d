#include "inputs/names.h"

#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/nearest.h"
#include "inputs/inputs.h"

/* What a runner sets beside the action's own inputs: GitHub's keys of a Docker action, and the task's connection. */
static const char *const known_besides[] = { "args", "entrypoint", "connection" };

/* The input whose name was probably meant, or NULL. */
static const char *
nearest(struct str name)
{
	struct nearest near = nearest_to(name);

	for (enum input_id id = 0; id < INPUT_COUNT; id++)
		if (!inputs[id].cli_only)
			nearest_offer(&near, inputs[id].name);
	return near.found;
}

static bool
is_known(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(known_besides); i++)
		if (env_is_respelled(str_of(name), str_of(known_besides[i])))
			return true;
	for (enum input_id id = 0; id < INPUT_COUNT; id++)
		if (!inputs[id].cli_only && env_is_respelled(str_of(name), str_of(inputs[id].name)))
			return true;
	return false;
}

static int
unknown(const char *name, struct arena *a, struct err *err)
{
	const char *other = nearest(str_of(name));

	(void)err_set(err, ERR_USAGE, "unknown input '%.200s'", arena_lower(a, str_of(name)).ptr);
	if (other)
		return err_hint(err, "did you mean '%s'?", other);
	return err_hint(err, "run 'pachup help inputs' for all inputs");
}

/* "$(name)": an agent does not replace a macro when there is no such variable. */
static bool
is_macro(const char *text)
{
	size_t len = strlen(text);

	return len > 3 && strncmp(text, "$(", 2) == 0 && text[len - 1] == ')'
	       && strcspn(text, ")") == len - 1;
}

/* Azure gives builds of forks no secret variables, so their macros are not replaced. */
static bool
is_kept_from_fork(const struct env *env, enum input_id id)
{
	const char *fork = env_get(env, "SYSTEM_PULLREQUEST_ISFORK");

	return inputs[id].kind == INPUT_SECRET && fork && strcasecmp(fork, "true") == 0;
}

static int
check_macros(const struct values *v, const struct env *env, struct err *err)
{
	for (enum input_id id = 0; id < INPUT_COUNT; id++) {
		const char *text = v->text[id];

		if (!text || !v->from[id] || !is_macro(text) || is_kept_from_fork(env, id))
			continue;
		(void)err_set(err, ERR_USAGE,
		    "input '%s' is '%.200s': this pipeline has no such variable", inputs[id].name,
		    text);
		return err_hint(err,
		    "define the variable '%.*s' in the pipeline, or link the variable group that "
		    "holds it",
		    (int)strlen(text) - 3, text + 2);
	}
	return 0;
}

static int
check_connection(const struct env *env, struct arena *a, struct err *err)
{
	const char *id = env_get(env, "INPUT_CONNECTION"), *variable = NULL;

	if (!id || env_connection(env, a, "cluster", &variable))
		return 0;
	(void)err_set(
	    err, ERR_USAGE, "the agent has not handed over the service connection '%.100s'", id);
	return err_hint(
	    err, "allow this pipeline to use it: Project settings, Service connections, Security");
}

int
names_check(const struct values *v, const struct ci *ci, struct err *err)
{
	static const char prefix[] = "INPUT_";
	const struct env *env = ci->env;

	for (size_t i = 0; env->vars && env->vars[i]; i++) {
		struct str entry = str_of(env->vars[i]);
		struct str variable = str_head(entry, str_find(entry, '='));
		const char *name;

		if (!str_starts(variable, prefix) || variable.len + 1 >= entry.len)
			continue; /* none, or an empty one: not given */
		name = arena_cstr(ci->arena, str_tail(variable, strlen(prefix)));
		if (!is_known(name))
			return unknown(name, ci->arena, err);
	}
	if (ci_expands_macros(ci) && check_macros(v, env, err) < 0)
		return -1;
	return check_connection(env, ci->arena, err);
}
