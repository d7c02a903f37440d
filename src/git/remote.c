/* Where the repository comes from: the URL of its remote, without what logs in there. */
#include "git/remote.h"

#include <git2.h>
#include <string.h>

#include "base/arena.h"
#include "git/inside.h"

/* "https://user:token@host/x?key=y" becomes "https://host/x". "git@host:x" stays: the name is not that of a user,
 * and not a credential. Paths of this machine are left out, as only this machine can use them. */
struct str
remote_clean(struct arena *a, struct str url)
{
	size_t colon = str_find(url, ':'), at;
	struct str scheme = str_head(url, colon), rest = str_tail(url, colon);

	if (colon == 0 || colon == url.len || str_holds(scheme, STR("/")) || str_is(scheme, "file"))
		return STR("");
	if (!str_take(&rest, "://")) { /* as scp has it */
		if (str_holds(rest, STR("@")) || str_holds(rest, STR("\\")) || scheme.len < 2)
			return STR("");
		return arena_str(a, url);
	}
	rest = str_head(rest, str_cspan(rest, "?#"));
	at = str_rfind(str_head(rest, str_find(rest, '/')), '@');
	if (at < str_find(rest, '/'))
		rest = str_tail(rest, at + 1);
	return arena_fmt(a, "%.*s://%.*s", STR_FMT(scheme), STR_FMT(rest));
}

/* The name of the remote: "origin", or the only one; NULL: there is none, or it is not clear which. */
static const char *
choose(const git_strarray *names)
{
	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->strings[i], "origin") == 0)
			return names->strings[i];
	return names->count == 1 ? names->strings[0] : NULL;
}

struct str
reader_remote(struct reader *r, struct arena *a)
{
	git_strarray names = { 0 };
	git_remote *remote = NULL;
	struct str url = STR("");
	const char *name;

	if (git_remote_list(&names, r->git) < 0)
		return url;
	name = choose(&names);
	if (name && git_remote_lookup(&remote, r->git, name) == 0 && git_remote_url(remote))
		url = remote_clean(a, str_of(git_remote_url(remote)));
	git_remote_free(remote);
	git_strarray_dispose(&names);
	return url;
}
