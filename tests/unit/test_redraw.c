/* The table on a terminal: ci/redraw.c, on a pseudo-terminal. */
#define _XOPEN_SOURCE 700
#include "capture.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* A mouth whose log is a terminal of `rows` rows; the other end is returned, or -1. */
static int
open_terminal(struct capture *m, struct arena *a, const char *const *vars, unsigned short rows)
{
	struct winsize size = { .ws_row = rows, .ws_col = 80 };
	int master = posix_openpt(O_RDWR | O_NOCTTY), slave;

	capture_open(m, a, vars);
	if (master < 0 || grantpt(master) < 0 || unlockpt(master) < 0)
		return -1;
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	if (slave < 0 || ioctl(slave, TIOCSWINSZ, &size) < 0)
		return -1;
	(void)fclose(m->ci.log);
	m->ci.log = fdopen(slave, "w");
	(void)fcntl(master, F_SETFL, O_NONBLOCK);
	return m->ci.log ? master : -1;
}

/* What has been written since the last time. */
static struct str
shown_on(struct arena *a, const struct capture *m, int master)
{
	char *text = arena_alloc(a, 65536);
	size_t len = 0;
	ssize_t got;

	(void)fflush(m->ci.log);
	while (len < 65535 && (got = read(master, text + len, 65535 - len)) > 0)
		len += (size_t)got;
	return (struct str){ text, len };
}

static void
test_ci_can_redraw__where(struct arena *a)
{
	static const struct {
		const char *vars[3];
		bool live;
	} rows[] = {
		{ { "TERM=xterm" }, true },
		{ { "TERM=dumb" }, false },
		{ { "TERM=" }, false },
		{ { NULL }, false },
		{ { "TERM=xterm", "CI=true" }, false },
		{ { "TERM=xterm", "GITHUB_ACTIONS=true" }, false },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct capture m;
		int master = open_terminal(&m, a, rows[i].vars, 24);

		if (master < 0) {
			skip("no pseudo-terminals here");
			return;
		}
		ok(ci_can_redraw(&m.ci) == rows[i].live, "%s %s",
		    rows[i].vars[0] ? rows[i].vars[0] : "",
		    rows[i].vars[0] && rows[i].vars[1] ? rows[i].vars[1] : "");
		capture_close(&m);
		capture_free(&m);
		close(master);
	}
}

static void
test_ci_redraw__draws_in_its_place(struct arena *a)
{
	static const char *const vars[] = { "TERM=xterm", NULL };
	static const struct str lines[] = { { "one \x1b[31m", 9 }, { "two", 3 }, { "three", 5 },
		{ "four", 4 }, { "five", 4 } };
	const struct str wide = STR(
	    "123456789 123456789 123456789 123456789 123456789 123456789 123456789 123456789 1");
	struct capture m;
	int master = open_terminal(&m, a, vars, 4);

	if (master < 0) {
		skip("no pseudo-terminals here");
		return;
	}
	ci_redraw(&m.ci, lines, 2);
	ok(str_is(shown_on(a, &m, master), "\x1b[?7lone \\x1b[31m\r\ntwo\r\n\x1b[?7h"),
	    "two lines, cleaned, that do not wrap");
	ci_redraw(&m.ci, lines, 5);
	ok(str_is(shown_on(a, &m, master),
	       "\x1b[2A\r\x1b[J\x1b[?7lone \\x1b[31m\r\ntwo\r\n  and 3 more\r\n\x1b[?7h"),
	    "in their place as many as fit");
	ci_log(&m.ci, "said");
	ok(str_is(shown_on(a, &m, master), "\x1b[3A\r\x1b[Jsaid\r\n"), "a line takes them away");
	ci_log(&m.ci, "more");
	ok(str_is(shown_on(a, &m, master), "more\r\n"), "once");
	ci_redraw(&m.ci, &wide, 1);
	ok(str_is(shown_on(a, &m, master),
	       "\x1b[?7l123456789 123456789 123456789 123456789 123456789 123456789 123456789 "
	       "123456789…\r\n\x1b[?7h"),
	    "80 columns, with an ellipsis");
	ci_redraw(&m.ci, lines, 1);
	ci_redraw(&m.ci, NULL, 0);
	ok(str_ends(shown_on(a, &m, master), "\x1b[1A\r\x1b[J"), "no lines, no table");
	capture_close(&m);
	capture_free(&m);
	close(master);
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_ci_can_redraw__where(a);
	test_ci_redraw__draws_in_its_place(a);
	arena_free(a);
	return done();
}
