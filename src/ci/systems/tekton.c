/*
 * Tekton's results: files that a step writes, and whose texts its container hands over in its termination message.
 * Forms: "Emitting Results" of its documentation, and its "Results lifecycle": Kubernetes cuts that message at 4,096 bytes,
 * and a message that was cut fails the whole run of the task. So what would not fit is left out.
 */
#include <string.h>

#include "base/arena.h"
#include "ci/ci.h"
#include "ci/systems/other.h"
#include "files/write.h"

enum {
	MESSAGE_MAX = 4096,
	OWN_BYTES = 256, /* what Tekton itself writes: the times, the exit code */
	ENTRY_BYTES = 36 /* {"key":"…","value":"…","type":1}, */
};

/* The path whose last part is `name`, in `a`; NULL: nobody wants that result. */
static const char *
path_of(struct ci *ci, struct arena *a, const char *name)
{
	static const char blanks[] = " \t\r\n,";
	const char *at = env_get(ci->env, TEKTON_RESULTS);

	while (at && *(at += strspn(at, blanks))) {
		struct str path = { at, strcspn(at, blanks) };
		const char *copy = arena_cstr(a, path), *slash = strrchr(copy, '/');

		if (slash && strcmp(slash + 1, name) == 0)
			return copy;
		at += path.len;
	}
	return NULL;
}

/* How many bytes of the message it takes: JSON as Go writes it. */
static size_t
cost_of(const char *name, struct str value)
{
	size_t cost = ENTRY_BYTES + strlen(name);

	for (size_t i = 0; i < value.len; i++) {
		char c = value.ptr[i];

		if (strchr("\"\\\n\r\t", c) && c != '\0')
			cost += 2;
		else
			cost += (unsigned char)c < 0x20 || strchr("<>&", c) ? 6 : 1;
	}
	return cost;
}

int
tekton_output(struct ci *ci, const char *name, struct str value, struct err *err)
{
	const char *path = path_of(ci, ci->arena, name);
	size_t cost = cost_of(name, value), left = MESSAGE_MAX - OWN_BYTES - ci->result_bytes;

	if (!path)
		return 0;
	if (cost > left) {
		ci_warn(ci,
		    "result '%s' is left out: it takes %zu bytes, and %zu are left of the %d that "
		    "Tekton has for "
		    "the results of a step",
		    name, cost, left, MESSAGE_MAX);
		return 0;
	}
	ci->result_bytes += cost;
	if (file_put(ci->arena, path, NULL, value, err) < 0)
		return err_wrap(err, "cannot write result '%s'", name);
	return 0;
}
