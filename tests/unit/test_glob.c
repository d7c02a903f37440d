#include "tap.h"

#include <string.h>
#include <time.h>

#include "files/glob.h"

static void
test_glob_match__rules(void)
{
	static const struct {
		const char *glob, *path;
		bool matches;
	} rows[] = {
		{ "a.json", "a.json", true },
		{ "a.json", "a-json", false },
		{ "*.json", "a.json", true },
		{ "*.json", ".json", false },
		{ "*.json", "dir/a.json", false },
		{ "*", "", false },
		{ "", "", true },
		{ "?", "", false },
		{ "*a*b*", "xxaxxbxx", true },
		{ "*a*b*", "xxbxxaxx", false },
		{ "*ab", "aab", true },
		{ "a?c", "abc", true },
		{ "a?c", "a/c", false },
		{ "h?llo", "h\xc3\xa9llo", true },
		{ "h??llo", "h\xc3\xa9llo", false },
		{ "h*?llo", "h\xc3\xa9llo", true },
		{ "?", "\xff", true },
		{ "[a-c]x", "bx", true },
		{ "[a-c]x", "dx", false },
		{ "[!a-c]x", "dx", true },
		{ "[^a-c]x", "bx", false },
		{ "[]]", "]", true },
		{ "[!]]", "]", false },
		{ "[a-]", "-", true },
		{ "[\xc3\xa0-\xc3\xbf]", "\xc3\xa9", true },
		{ "[\\]a]", "]", true },
		{ "[\\!a]", "!", true },
		{ "[z-a]", "m", false },
		{ "[ab", "[ab", true },
		{ "[ab", "a", false },
		{ "[a\\]", "[a]", true },
		{ "[.]a", ".a", false },
		{ "?a", ".a", false },
		{ ".*", ".a", true },
		{ "\\.a", ".a", true },
		{ "a\\*b", "a*b", true },
		{ "a\\*b", "axb", false },
		{ "a\\", "a\\", true },
		{ "a**b", "axxb", true },
		{ "a**b", "a/b", false },
		{ "**", "a", true },
		{ "**", "a/b/c", true },
		{ "**", "a/.b/c", false },
		{ "**/*.json", "a.json", true },
		{ "**/*.json", "a/b/c.json", true },
		{ "**/*.json", "a/.b/c.json", false },
		{ "**/.b/*.json", "a/.b/c.json", true },
		{ "a/**/b", "a/b", true },
		{ "a/**/b", "a/x/y/b", true },
		{ "a/**/b", "a/x/y/c", false },
		{ "a/**/**/b", "a/b", true },
		{ "**/a/**/b/**/c", "a/a/b/c/b/x/c", true },
		{ "**/a/**/b/**/c", "a/a/c/b/x", false },
		{ "a/**", "a", true },
		{ "a/**", "a/b", true },
		{ "a//b", "a/b", true },
		{ "/a/*", "/a/b", true },
		{ "/a/*", "a/b", false },
		{ "*/a", "/x/a", false },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		ok(glob_match(str_of(rows[i].glob), str_of(rows[i].path)) == rows[i].matches,
		    "'%s' %s '%s'", rows[i].glob, rows[i].matches ? "matches" : "does not match",
		    rows[i].path);
}

static void
test_glob_is_pattern__unquoted_only(void)
{
	static const struct {
		const char *text;
		bool is;
	} rows[] = {
		{ "a.json", false },
		{ "a*", true },
		{ "a?", true },
		{ "[a]", true },
		{ "a\\*b", false },
		{ "a\\\\*", true },
		{ "a\\", false },
		{ "", false },
		{ "\\[x]", false },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		ok(glob_is_pattern(str_of(rows[i].text)) == rows[i].is, "'%s' %s a pattern",
		    rows[i].text, rows[i].is ? "is" : "is not");
}

static void
test_glob_unquote__in_place(void)
{
	char text[] = "a\\*\\\\b\\";

	text[glob_unquote(text, strlen(text))] = '\0';
	ok(strcmp(text, "a*\\b\\") == 0, "quotes go, the last one stays: %s", text);
}

/* Fills `size` bytes by repeating `unit`. */
static struct str
repeated(char *text, size_t size, const char *unit)
{
	for (size_t i = 0; i < size; i++)
		text[i] = unit[i % strlen(unit)];
	return (struct str){ text, size };
}

static void
test_glob_match__bounded_cost(void)
{
	static const char *const units[][2] = {
		{ "*a", "a" },
		{ "*[", "[" },
		{ "[", "[" },
		{ "[[\\]", "[[]" },
		{ "**/a/", "a/" },
		{ "**/", "a/" },
		{ "?*", "\xc3\xa9" },
		{ "*[!x]", "a" },
	};
	static char glob[4001], path[4000];

	for (size_t i = 0; i < COUNT_OF(units); i++) {
		clock_t start = clock();
		struct str g = repeated(glob, 4000, units[i][0]);

		glob[g.len++] = '!'; /* nothing ends so: every way is tried */
		ok(!glob_match(g, repeated(path, 4000, units[i][1])), "4,000 bytes of '%s'",
		    units[i][0]);
		ok(clock() - start < CLOCKS_PER_SEC, "within a second");
	}
}

int
main(void)
{
	test_glob_match__rules();
	test_glob_is_pattern__unquoted_only();
	test_glob_unquote__in_place();
	test_glob_match__bounded_cost();
	return done();
}
