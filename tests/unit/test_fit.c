#include <string.h>

#include "base/arena.h"
#include "ci/ci.h"
#include "ci/fit.h"
#include "tap.h"

#define SHA "9b7d0c1234567890abcdef1234567890abcde4f2"

static void
check(const char *line, size_t columns, const char *wanted)
{
	struct buf out = BUF_INIT(4096);

	fit_line(&out, str_of(line), columns);
	ok(str_is(buf_str(&out), wanted), "%zu columns: %.*s", columns, STR_FMT(buf_str(&out)));
	buf_free(&out);
}

static void
check_width(const char *columns, size_t wanted)
{
	char variable[40];
	char *const vars[] = { variable, NULL };
	const struct env env = { vars };
	FILE *file = tmpfile();
	const struct ci ci = { .env = &env, .out = file };

	(void)snprintf(variable, sizeof(variable), "COLUMNS=%s", columns);
	ok(file && ci_width(&ci) == wanted, "COLUMNS=%s: %zu", columns, wanted);
	if (file)
		(void)fclose(file);
}

int
main(void)
{
	FILE *file = tmpfile();

	check("update a:" SHA, 0, "update a:" SHA);
	check("update a:" SHA, 80, "update a:" SHA);
	check("update a:" SHA, 40, "update a:9b7d0c12…e4f2");
	check("update a:" SHA " -> a:" SHA, 70, "update a:9b7d0c12…e4f2 -> a:" SHA);
	check("update a:" SHA " -> a:" SHA, 60, "update a:9b7d0c12…e4f2 -> a:9b7d0c12…e4f2");
	check("a line without a commit that is far too wide", 20,
	    "a line without a commit that is far too wide");
	check("abcdef0123 é", 5, "abcdef0123 é");
	check("", 1, "");
	ok(file && fit_columns(file) == 0 && fit_rows(file) == 0, "a file has no columns or rows");
	check_width("100", 100);
	check_width("10", 40);
	check_width("200", 120);
	check_width("10000", 120);
	check_width("", 80);
	check_width("wide", 80);
	if (file)
		(void)fclose(file);
	return done();
}
