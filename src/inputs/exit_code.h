/* exit_code.h: how a run ends, as the contract lists it. */
#ifndef INPUTS_EXIT_CODE_H
#define INPUTS_EXIT_CODE_H

enum exit_code {
	EXIT_DONE = 0,
	EXIT_FAILED = 1,
	EXIT_CHANGES = 2,
	EXIT_EXPIRES = 3, /* the token expires soon */
	EXIT_TIMEOUT = 4,
	EXIT_SUPERSEDED = 5,
	EXIT_GATE = 6,
	EXIT_USAGE = 64,
	EXIT_SIGINT = 130,
	EXIT_PIPE = 141, /* as a shell reports SIGPIPE: the reader of the results went away */
	EXIT_SIGTERM = 143,
};

#endif
