/* Spellings of ".git": files/dotgit.c. */
#include "tap.h"

#include "files/dotgit.h"

/* Rows as git 2.39 itself refuses or takes them with core.protectHFS and core.protectNTFS (git update-index
 * --cacheinfo). */
static void
test_path_enters_git(void)
{
	static const struct {
		const char *path;
		bool enters;
	} rows[] = {
		{ ".git", true },
		{ ".git/config", true },
		{ "a/.git/hooks/pre-commit", true },
		{ "a/b/.GIT", true },
		{ ".GiT/x", true },
		{ "git~1/config", true },
		{ "a/GIT~1", true },
		{ ".git./config", true },
		{ ".git /config", true },
		{ ".git . . ", true },
		{ "git~1. /x", true },
		{ ".git::$INDEX_ALLOCATION/config", true },
		{ ".git:x", true },
		{ "git~1:x", true },
		{ "a\\.git\\config", true },
		{ ".git\\config", true },
		{ "a\\git~1", true },
		{ ".g\xe2\x80\x8cit/config", true },
		{ "\xe2\x80\x8d.git/config", true },
		{ ".git\xe2\x80\x8f/config", true },
		{ ".gi\xe2\x80\xaat", true },
		{ ".gi\xe2\x80\xaet", true },
		{ "a/.\xe2\x81\xaaGIT", true },
		{ ".gi\xe2\x81\xaft", true },
		{ ".git\xef\xbb\xbf", true },
		{ ".gi\xe2\x80\x8et", true },
		{ ".gitignore", false },
		{ ".github/x", false },
		{ ".gitmodules", false },
		{ "git", false },
		{ "git~2", false },
		{ "a.git", false },
		{ "x/a.git/b", false },
		{ "..git", false },
		{ ".git-x", false },
		{ ".gi\xe2\x80\x8b", false },
		{ ".gi\xe2\x80\x90t", false },
		{ ".gi\xe2\x80\xa9t", false },
		{ ".gi\xe2\x81\xa9t", false },
		{ ".gi\xc3\xaft", false },
		{ ".gi", false },
		{ "", false },
		{ "a/b", false },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		ok(path_enters_git(str_of(rows[i].path)) == rows[i].enters, "'%s' %s", rows[i].path,
		    rows[i].enters ? "leads into a git directory" : "does not");
}

int
main(void)
{
	test_path_enters_git();
	return done();
}
