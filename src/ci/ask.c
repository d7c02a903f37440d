/* A question to whoever sits at the terminal. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "ci/ci.h"

enum { ANSWER_BYTES = 64 };

bool
ci_ask(struct ci *ci, const char *fmt, ...)
{
	char answer[ANSWER_BYTES];
	struct str question;
	va_list args;
	int fd = fileno(ci->log);
	ssize_t len;

	if (ci_is_runner(ci) || !isatty(STDIN_FILENO) || fd < 0 || !isatty(fd))
		return false;
	va_start(args, fmt);
	question = arena_vfmt(ci->arena, fmt, args);
	va_end(args);
	ci_detail(ci, "%.*s", STR_FMT(question));
	ci_detail(ci, "write 'yes' to go on:");
	ci_flush(ci);
	len = read(STDIN_FILENO, answer, sizeof(answer));
	return len > 0 && str_is(str_trim((struct str){ answer, (size_t)len }), "yes");
}
