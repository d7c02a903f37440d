#include "ci/env.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/buf.h"
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

/* The runners' own rule: the name in upper case behind "INPUT_", nothing else changed. */
static const char *
input_variable(struct arena *a, const char *name, bool with_dash)
{
	struct buf b = BUF_INIT(1024);

	buf_add(&b, STR("INPUT_"));
	for (; *name; name++)
		if (with_dash || *name != '-')
			buf_add_char(&b, (char)toupper((unsigned char)*name));
	return buf_take(&b, a).ptr;
}

/* The value of the variable, without blanks at its ends; NULL when there is none. */
static const char *
trimmed(const struct env *env, struct arena *a, const char *key, const char **variable)
{
	struct str value = str_trim(str_of(env_get(env, key)));

	if (value.len == 0)
		return NULL;
	if (variable)
		*variable = key;
	/* an input may be a secret: no copy where none is needed, so that env_wipe() does */
	return value.ptr[value.len] == '\0' ? value.ptr : arena_cstr(a, value);
}

const char *
env_input(const struct env *env, struct arena *a, const char *name, const char **variable)
{
	const char *value = trimmed(env, a, input_variable(a, name, true), variable);

	return value ? value : trimmed(env, a, input_variable(a, name, false), variable);
}

bool
env_is_respelled(const char *left, const char *right)
{
	for (;; left++, right++) {
		left += strspn(left, "-_ ");
		right += strspn(right, "-_ ");
		if (toupper((unsigned char)*left) != toupper((unsigned char)*right))
			return false;
		if (!*left)
			return true;
	}
}

const char *
env_input_misspelled(
    const struct env *env, struct arena *a, const char *name, const char **variable)
{
	const char *usual[] = { input_variable(a, name, true), input_variable(a, name, false) };

	for (size_t i = 0; env->vars && env->vars[i]; i++) {
		struct str entry = str_of(env->vars[i]);
		const char *key = arena_cstr(a, str_head(entry, str_find(entry, '=')));
		const char *value;

		if (strncasecmp(key, "INPUT_", 6) != 0 || !env_is_respelled(key + 6, name)
		    || strcmp(key, usual[0]) == 0 || strcmp(key, usual[1]) == 0)
			continue;
		value = trimmed(env, a, key, variable);
		if (value)
			return value;
	}
	return NULL;
}

const char *
env_connection(const struct env *env, struct arena *a, const char *name, const char **variable)
{
	const char *id = env_get(env, "INPUT_CONNECTION");

	if (!id)
		return NULL;
	if (strcmp(name, "cluster") == 0)
		return trimmed(env, a, arena_fmt(a, "ENDPOINT_URL_%s", id).ptr, variable);
	if (strcmp(name, "token") == 0)
		return trimmed(
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
env_wipe_input(const struct env *env, struct arena *a, const char *name)
{
	env_wipe(env, input_variable(a, name, true));
	env_wipe(env, input_variable(a, name, false));
}
