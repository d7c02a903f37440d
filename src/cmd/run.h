/* run.h: a run of the program, from argv to the exit code. */
#ifndef CMD_RUN_H
#define CMD_RUN_H

struct arena;

/* Runs the program, from argv to the exit code, which it returns. */
int run_main(struct arena *a, int argc, char *const *argv, char *const *environment);

#endif
