#include "deploy/apply/ends.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/clock.h"
#include "process/stop_wait.h"
#include "session/run.h"

int
ends_check(const struct run *run, struct err *err, const char *fmt, ...)
{
	bool is_stopped = stop_is_set(run->stop_fd);
	char where[sizeof(err->text)];
	va_list args;

	if (!is_stopped && (run->deadline_ms <= 0 || clock_ms() < run->deadline_ms))
		return 0;
	va_start(args, fmt);
	(void)vsnprintf(where, sizeof(where), fmt, args);
	va_end(args);
	(void)err_set(err, is_stopped ? ERR_INTERRUPTED : ERR_TIMEOUT, "%s %s",
	    is_stopped ? "interrupted" : "timed out", where);
	return err_hint(err, "push again: the next run goes on");
}

void
ends_keep(struct run *run, struct err *first, const struct err *failure)
{
	if (first->kind == ERR_NONE)
		*first = *failure;
	else
		ci_warn(&run->ci, "%s", failure->text);
}
