#include "ci/event.h"

#include <string.h>

#include "base/arena.h"
#include "ci/system.h"

struct str
ref_short(struct str ref)
{
	static const char *const prefixes[] = { "refs/heads/", "refs/tags/", "refs/pull/" };

	for (size_t i = 0; i < COUNT_OF(prefixes); i++)
		if (str_starts(ref, prefixes[i]))
			return str_tail(ref, strlen(prefixes[i]));
	return ref;
}

struct str
event_sha(struct arena *a, struct str text)
{
	char sha[64 + 1] = "";
	bool zero = true;

	if (text.len != 40 && text.len != 64)
		return STR("");
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (c >= 'A' && c <= 'F')
			c = (char)(c - 'A' + 'a');
		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
			return STR("");
		zero = zero && c == '0';
		sha[i] = c;
	}
	return zero ? STR("") : arena_str(a, str_of(sha));
}

/* GitHub's merge queue pushes what it tries out to branches of its own. Systems that build every branch call that a push,
 * but nothing of it is merged yet. */
static bool
is_queue(struct str branch)
{
	return str_starts(branch, "gh-readonly-queue/");
}

void
event_read(struct ci *ci, struct arena *a, struct event *out)
{
	ci->system->event(ci, a, out);
	if (is_queue(out->branch))
		out->is_pull_request = true;
}
