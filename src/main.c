#include <unistd.h>

#include "base/arena.h"
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

int
main(int argc, char **argv)
{
	struct arena *a = arena_new(no_memory);
	int code = run_main(a, argc, argv, environ);

	arena_free(a);
	return code;
}
