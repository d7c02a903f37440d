#include "ci/env.h"

#include <ctype.h>
#include <string.h>

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

const char *
env_input(const struct env *env, struct arena *a, const char *name, const char **variable)
{
	for (int dash = 1; dash >= 0; dash--) {
		const char *key = input_variable(a, name, dash);
		struct str value = str_trim(str_of(env_get(env, key)));

		if (value.len == 0)
			continue;
		if (variable)
			*variable = key;
		/* an input may be a secret: no copy where none is needed, so that env_wipe() does */
		return value.ptr[value.len] == '\0' ? value.ptr : arena_cstr(a, value);
	}
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
