/* capture.h: a struct ci whose words can be read, for the tests of the ci room. */
#ifndef TESTS_UNIT_MOUTH_H
#define TESTS_UNIT_MOUTH_H

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "ci/ci.h"
#include "ci/systems/systems.h"
#include "tap.h"

struct capture {
	struct ci ci;
	char *out, *log; /* readable after capture_close() */
	size_t out_len, log_len;
	struct env env;
};

/* `vars`: "NAME=value", ended by NULL. */
static inline void
capture_open(struct capture *m, struct arena *a, const char *const *vars)
{
	struct err err = { 0 };
	size_t count = 0;
	char **copy;

	while (vars[count])
		count++;
	copy = ARENA_ARRAY(a, count + 1, char *);
	for (size_t i = 0; i < count; i++)
		copy[i] = arena_cstr(a, str_of(vars[i]));
	*m = (struct capture){ .env = { copy } };
	if (ci_open(&m->ci, a, ci_systems, &m->env, NULL, open_memstream(&m->out, &m->out_len),
	        open_memstream(&m->log, &m->log_len), &err)
	    < 0)
		exit(1);
}

static inline void
capture_close(struct capture *m)
{
	(void)fclose(m->ci.out);
	(void)fclose(m->ci.log);
}

static inline void
capture_free(struct capture *m)
{
	free(m->out);
	free(m->log);
}

/* For the name of a check: on one line, and no command for the runner that runs the tests. */
static inline const char *
shown(struct arena *a, const char *text)
{
	char *copy = arena_alloc(a, 4 * strlen(text) + 1), *to = copy;

	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == '#')
			to += snprintf(to, 5, "\\x%02x", (unsigned)(unsigned char)*text);
		else
			*to++ = *text;
	*to = '\0';
	return copy;
}

#define ON_GITHUB(...)   ((const char *const[]){ "GITHUB_ACTIONS=true", "NO_COLOR=1", __VA_ARGS__ })
#define ON_AZURE(...)    ((const char *const[]){ "TF_BUILD=True", "NO_COLOR=1", __VA_ARGS__ })
#define ON_TERMINAL(...) ((const char *const[]){ "NO_COLOR=1", __VA_ARGS__ })

#endif
