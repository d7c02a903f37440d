#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "base/arena.h"
#include "ci/env.h"
#include "cmd/run.h"
#include "inputs/exit_code.h"

extern char **environ;

static NORETURN void
no_memory(void)
{
	static const char line[] = "pachup: out of memory\n";

	if (write(STDERR_FILENO, line, sizeof(line) - 1) < 0)
		_exit(EXIT_FAILED);
	_exit(EXIT_FAILED);
}

/* Else what is opened next would take the place of a stream that is closed, and be written to or waited
 * for in its stead. Standard output then takes nothing, so that a result which is lost is an error. */
static void
open_streams(void)
{
	int fd = 0;

	while (fd >= 0 && fd <= STDERR_FILENO) {
		fd = open("/dev/null", O_RDWR);
		if (fd != STDOUT_FILENO)
			continue;
		(void)close(fd);
		fd = open("/dev/null", O_RDONLY);
	}
	if (fd > STDERR_FILENO)
		(void)close(fd);
}

int
main(int argc, char **argv)
{
	struct arena *a;
	int code;

	open_streams();
	/* a file that may not grow (RLIMIT_FSIZE) is an error of write(), which is reported and undone */
	(void)signal(SIGXFSZ, SIG_IGN);
	env_forget_library_files(environ);
	a = arena_new(no_memory);
	code = run_main(a, argc, argv, environ);

	arena_free(a);
	return code;
}
