/* usage FILE COMMAND…: runs the command and writes its CPU seconds and peak KiB to FILE. A small parent
 * of its own, because Linux counts what a process held before exec into its peak. */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	struct rusage usage;
	int status;
	FILE *out;
	pid_t child = argc > 2 ? fork() : -1;

	if (child == 0) {
		execv(argv[2], argv + 2);
		_exit(127);
	}
	if (child < 0 || wait4(child, &status, 0, &usage) < 0)
		return 126;
	out = fopen(argv[1], "w");
	if (!out)
		return 126;
	fprintf(out, "%.6f %ld\n",
	    (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
	        + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6,
	    usage.ru_maxrss);
	return fclose(out) == 0 && WIFEXITED(status) ? WEXITSTATUS(status) : 125;
}
