#include "inputs/names.h"

#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "inputs/inputs.h"

enum { NAME_MAX_LEN = 40, MAX_SLIPS = 2 };

/* What a runner sets beside the action's own inputs: GitHub's keys of a Docker action, and the task's connection. */
static const char *const known_besides[] = { "args", "entrypoint", "connection" };

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool
is_separator(char c)
{
	return c == '-' || c == '_' || c == ' ';
}

/* The letters of the name that count: in lower case, without separators. */
static size_t
letters(struct str name, char out[NAME_MAX_LEN])
{
	size_t len = 0;

	for (size_t i = 0; i < name.len && len < NAME_MAX_LEN; i++)
		if (!is_separator(name.ptr[i]))
			out[len++] = lower(name.ptr[i]);
	return len;
}

static size_t
least(size_t a, size_t b, size_t c)
{
	size_t ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* How many letters must be put in, left out or changed (Levenshtein, one row at a time). */
static size_t
slips(struct str left, struct str right)
{
	char a[NAME_MAX_LEN], b[NAME_MAX_LEN];
	size_t row[NAME_MAX_LEN + 1], n = letters(left, a), m = letters(right, b);

	for (size_t j = 0; j <= m; j++)
		row[j] = j;
	for (size_t i = 1; i <= n; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= m; j++) {
			size_t above = row[j];

			row[j] =
			    least(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1]));
			diagonal = above;
		}
	}
	return row[m];
}

/* The input whose name is but a few slips away from `name`, or NULL. */
static const char *
nearest(struct str name)
{
	const char *best = NULL;
	size_t fewest = MAX_SLIPS + 1;

	for (enum input_id id = 0; id < INPUT_COUNT; id++) {
		size_t count = inputs[id].cli_only ? fewest : slips(name, str_of(inputs[id].name));

		if (count < fewest) {
			best = inputs[id].name;
			fewest = count;
		}
	}
	return best;
}

static bool
is_known(struct str name)
{
	for (size_t i = 0; i < COUNT_OF(known_besides); i++)
		if (slips(name, str_of(known_besides[i])) == 0)
			return true;
	for (enum input_id id = 0; id < INPUT_COUNT; id++)
		if (!inputs[id].cli_only && slips(name, str_of(inputs[id].name)) == 0)
			return true;
	return false;
}

static int
unknown(struct str name, struct arena *a, struct err *err)
{
	const char *other = nearest(name);
	struct str small = arena_str(a, name);

	for (size_t i = 0; i < small.len; i++)
		((char *)(uintptr_t)small.ptr)[i] = lower(small.ptr[i]);
	(void)err_set(err, ERR_USAGE, "unknown input '%.*s'", STR_FMT(small));
	if (other)
		return err_hint(err, "did you mean '%s'?", other);
	return err_hint(err, "run 'pachup help inputs' for all inputs");
}

/* "$(name)": an agent leaves a macro as it is when there is no such variable. */
static bool
is_macro(const char *text)
{
	size_t len = strlen(text);

	return len > 3 && strncmp(text, "$(", 2) == 0 && text[len - 1] == ')'
	       && strcspn(text, ")") == len - 1;
}

static int
check_macros(const struct values *v, struct err *err)
{
	for (enum input_id id = 0; id < INPUT_COUNT; id++) {
		const char *text = v->text[id];

		if (!text || !v->from[id] || !is_macro(text))
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
		struct str name = str_head(entry, str_find(entry, '='));

		if (!str_starts(name, prefix) || name.len + 1 >= entry.len)
			continue; /* none, or an empty one: not given */
		name = str_tail(name, strlen(prefix));
		if (!is_known(name))
			return unknown(name, ci->arena, err);
	}
	if (ci_expands_macros(ci) && check_macros(v, err) < 0)
		return -1;
	return check_connection(env, ci->arena, err);
}
