#include "ci/env.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "secret/secret.h"

/* The value behind "NAME=" in `entry`, or NULL. */
static char *
value_of(char *entry, const char *name)
{
	size_t len = strlen(name);

	return strncmp(entry, name, len) == 0 && entry[len] == '=' ? entry + len + 1 : NULL;
}

const char *
env_get(const struct env *env, const char *name)
{
	for (size_t i = 0; env->vars && env->vars[i]; i++) {
		const char *value = value_of(env->vars[i], name);

		if (value)
			return *value ? value : NULL;
	}
	return NULL;
}

/* Drops what a spelling may have or lack. */
static struct str
skip_separators(struct str text)
{
	while (text.len > 0 && strchr("-_ ", *text.ptr))
		text = str_tail(text, 1);
	return text;
}

bool
env_is_respelled(struct str left, struct str right)
{
	for (;; left = str_tail(left, 1), right = str_tail(right, 1)) {
		left = skip_separators(left);
		right = skip_separators(right);
		if (left.len == 0 || right.len == 0)
			return left.len == right.len;
		if (toupper((unsigned char)*left.ptr) != toupper((unsigned char)*right.ptr))
			return false;
	}
}

/* Whether "INPUT_DRY-RUN=true" is about the input `name`; *value is what is behind the '='. */
static bool
is_input(char *entry, const char *name, char **value)
{
	static const char prefix[] = "INPUT_";
	char *equals;

	if (strncasecmp(entry, prefix, strlen(prefix)) != 0)
		return false;
	entry += strlen(prefix);
	equals = strchr(entry, '=');
	if (!equals
	    || !env_is_respelled((struct str){ entry, (size_t)(equals - entry) }, str_of(name)))
		return false;
	*value = equals + 1;
	return true;
}

bool
env_input_next(const struct env *env, struct arena *a, const char *name, size_t *at,
    struct str *value, const char **variable)
{
	while (env->vars && env->vars[*at]) {
		char *entry = env->vars[(*at)++], *text;

		if (!is_input(entry, name, &text))
			continue;
		*value = str_trim(str_of(text));
		if (value->len == 0)
			continue;
		*variable = arena_cstr(a, str_head(str_of(entry), (size_t)(text - entry) - 1));
		return true;
	}
	return false;
}

/* The value of the variable, without blanks at its ends; NULL when there is none. A secret is not copied where nothing
 * is dropped behind it, so that env_wipe() overwrites it. */
static const char *
variable_value(const struct env *env, struct arena *a, const char *key, const char **variable)
{
	struct str value = str_trim(str_of(env_get(env, key)));

	if (value.len == 0)
		return NULL;
	*variable = key;
	return value.ptr[value.len] == '\0' ? value.ptr : arena_cstr(a, value);
}

const char *
env_connection(const struct env *env, struct arena *a, const char *name, const char **variable)
{
	const char *id = env_get(env, "INPUT_CONNECTION");

	if (!id)
		return NULL;
	if (strcmp(name, "cluster") == 0)
		return variable_value(env, a, arena_fmt(a, "ENDPOINT_URL_%s", id).ptr, variable);
	if (strcmp(name, "token") == 0)
		return variable_value(
		    env, a, arena_fmt(a, "ENDPOINT_AUTH_PARAMETER_%s_PASSWORD", id).ptr, variable);
	return NULL;
}

void
env_wipe(const struct env *env, const char *name)
{
	for (size_t i = 0; env->vars && env->vars[i]; i++) {
		char *value = value_of(env->vars[i], name);

		if (value)
			secret_wipe(value, strlen(value));
	}
}

void
env_forget_library_files(char **vars)
{
	static const char *const names[] = { "OPENSSL_CONF", "OPENSSL_CONF_INCLUDE",
		"OPENSSL_MODULES", "OPENSSL_ENGINES", "CTLOG_FILE", "SSLKEYLOGFILE", "SSL_CERT_DIR",
		"HOSTALIASES", "GCONV_PATH", "LOCPATH", "NLSPATH" };
	char **kept = vars;

	for (; *vars; vars++) {
		size_t i = 0;

		while (i < COUNT_OF(names) && !value_of(*vars, names[i]))
			i++;
		if (i == COUNT_OF(names))
			*kept++ = *vars;
	}
	*kept = NULL;
}

void
env_wipe_input(const struct env *env, const char *name)
{
	for (size_t i = 0; env->vars && env->vars[i]; i++) {
		char *value;

		if (is_input(env->vars[i], name, &value))
			secret_wipe(value, strlen(value));
	}
}

void
env_wipe_connections(const struct env *env)
{
	static const char prefix[] = "ENDPOINT_AUTH_";

	for (size_t i = 0; env->vars && env->vars[i]; i++) {
		char *value = strchr(env->vars[i], '=');

		if (value && strncasecmp(env->vars[i], prefix, strlen(prefix)) == 0)
			secret_wipe(value + 1, strlen(value + 1));
	}
}
