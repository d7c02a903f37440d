#include "git/written.h"

#include <string.h>

#include "base/arena.h"
#include "git/repo.h"
#include "git/since.h"

enum { MOST_SKIPPED = 1000 };

bool
written_is_message(struct str message)
{
	struct str line;

	while (str_split(&message, '\n', &line))
		if (str_starts(line, WRITTEN_TRAILER) || str_starts(line, WRITTEN_MARK))
			return true;
	return false;
}

/* "TITLE (#7)" and "TITLE": what GitHub and GitLab call a request that was squashed, where its text is left out. */
static bool
is_squash_of(struct str subject, struct str title)
{
	struct str rest = str_tail(subject, title.len);

	if (!str_eq(str_head(subject, title.len), title))
		return false;
	if (!str_starts(rest, " (#") || !str_ends(rest, ")"))
		return rest.len == 0;
	rest = str_head(str_tail(rest, 3), rest.len - 4);
	return rest.len > 0 && str_digits(rest) == rest.len;
}

/* GitHub: "Merge pull request #7 from OWNER/BRANCH"; GitLab: "Merge branch 'BRANCH' into 'main'"; Azure DevOps:
 * "Merged PR 7: TITLE". */
static bool
is_merge_of(struct arena *a, struct str subject, const char *branch, const char *title)
{
	if (is_squash_of(subject, str_of(title)))
		return true;
	if (str_starts(subject, "Merge pull request #"))
		return str_ends(subject, arena_fmt(a, "/%s", branch).ptr);
	if (str_starts(subject, "Merge branch '"))
		return str_starts(subject, arena_fmt(a, "Merge branch '%s' into ", branch).ptr);
	return str_starts(subject, "Merged PR ")
	       && str_ends(subject, arena_fmt(a, ": %s", title).ptr);
}

bool
written_is_commit(
    struct repo *r, struct arena *a, struct str sha, const char *branch, const char *title)
{
	struct str message = repo_message(r, a, sha), parents[2];
	struct str subject = str_head(message, str_find(message, '\n'));
	struct err unheard;
	size_t count;

	if (written_is_message(message)
	    || is_merge_of(
	        a, subject, branch ? branch : "pachup/images", title ? title : "Set images"))
		return true;
	return repo_parents(r, a, sha, parents, &count, &unheard) == 0 && count == 2
	       && written_is_message(repo_message(r, a, parents[1]));
}

struct str
written_skip(struct repo *r, struct arena *a, struct str sha, const char *branch, const char *title)
{
	struct str parents[2];
	struct err unheard;
	size_t count;

	for (int i = 0; i < MOST_SKIPPED && written_is_commit(r, a, sha, branch, title); i++) {
		if (repo_parents(r, a, sha, parents, &count, &unheard) < 0 || count == 0)
			break;
		sha = parents[0];
	}
	return sha;
}
