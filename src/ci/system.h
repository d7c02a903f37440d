/*
 * system.h: what differs from one CI system to the next, as a table of functions; inside ci/ only.
 * A new system is one file with one table, and one line in ci_systems[] of systems.c.
 *
 * All texts handed to these functions are untrusted; what they write goes through say.h.
 */
#ifndef CI_SYSTEM_H
#define CI_SYSTEM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "diag/diag.h"

struct arena;
struct ci;
struct env;
struct event;
struct say_escape;

enum remark_level { REMARK_ERROR, REMARK_WARNING, REMARK_NOTICE };

/* One line of the runner's list of findings. */
struct remark {
	enum remark_level level;
	struct str file; /* relative to the workspace where it lies inside; empty: no place */
	struct span at;
	struct str code, title; /* "PU012" and what it is about; may be empty */
	struct str what, hint;  /* hint may be empty */
};

enum { VARIABLE_NAMES = 3, REQUEST_KINDS = 6 };

/* How a system shows that a run is about a pull request: the variable with its number ("", "false" and "0": it is not about
 * one), and where the request comes from. */
struct ci_request {
	const char *number;
	const char *fork; /* set and not empty: it comes from a fork; not set: it does not */
	const char *same
	    [2]; /* it comes from a fork when these two differ; where one is missing, that is unknown */
	bool is_own; /* the system makes no runs for the requests of forks */
};

/*
 * Names of environment variables; where a system has several, the first that is set counts. NULL: it has none. Sources:
 * each system's own list of predefined variables.
 */
struct ci_variables {
	const char *detect, *value; /* set, and to this value where one is named */
	const char *sha[VARIABLE_NAMES];
	const char *head; /* on a pull request: its own commit, where `sha` is a merge commit */
	const char *branch[VARIABLE_NAMES];
	const char *source[VARIABLE_NAMES]; /* a pull request's branch */
	const char *tag[VARIABLE_NAMES];
	const char
	    *before[VARIABLE_NAMES]; /* the commit that was there before, or a request's base */
	const char *default_branch, *repository, *run_url;
	const char *
	    project_url; /* of the page of the repository, whose files are at /-/blob/COMMIT/PATH */

	struct ci_request requests[REQUEST_KINDS]; /* the first whose number is set counts */
	const char *fork_branch; /* a branch that begins with this is a fork's pull request */
	/* Proof that only people who may write to the repository can have caused the run: the variable `cause` has one of the
	 * values `pushes` ("push|web"), or a variable of `proof` is set. `unmerged`: values of `cause` for a pull request. */
	const char *cause[VARIABLE_NAMES], *pushes, *unmerged;
	const char *proof[VARIABLE_NAMES];
	const char *must_be_false; /* no proof counts unless this is "false" */
};

struct ci_system {
	const struct ci_variables *variables; /* of systems that differ only by these; else NULL */
	const char *word;                     /* the value of the input `ci` that asks for it */
	bool expands_macros;                  /* "$(name)" in inputs */
	bool has_camel_inputs;                /* "dryRun" in the step, and not "dry-run" */
	bool draws_mermaid;                   /* in its summaries or comments */
	bool no_color;                        /* its log shows escape sequences as they are */
	bool is_runner;                       /* it reads commands out of our output */
	const char *workspace; /* the variable that names the workspace directory, or NULL */
	const char *id_token_url, *id_token_secret; /* the variables that say where to ask for an
	                                               OpenID Connect token, and with what, or NULL */
	size_t output_max;                          /* in bytes; larger values are left empty */

	const char *debug_variable; /* "1" or "true" where its debug log is on, or NULL */
	const char *debug;          /* the command that begins a line of that log; NULL: none */

	bool (*detect)(const struct env *env);
	/* Every function may be NULL: then the system has no such thing. `log` lines go to ci->log. */
	bool (*annotate)(struct ci *ci, const struct remark *remark); /* false: not this level */
	void (*group)(struct ci *ci, struct str title);
	void (*group_end)(struct ci *ci);
	void (*heading)(struct ci *ci, struct str title);
	void (*progress)(struct ci *ci, unsigned percent, struct str what);
	int (*findings)(
	    struct ci *ci, const struct diags *d, struct err *err); /* a report as a file */
	int (*output)(struct ci *ci, const char *name, struct str value, struct err *err);
	int (*summary)(struct ci *ci, struct str markdown, struct err *err);
	/* -1: they cannot be written; called before a change. NULL: that is not known before */
	int (*try_output)(const struct ci *ci, struct err *err);
	int (*try_summary)(const struct ci *ci, struct err *err);
	void (*close)(struct ci *ci);
	void (*event)(struct ci *ci, struct arena *a, struct event *out);

	const char *mask;                 /* the command that hides what follows it */
	const struct say_escape *escapes; /* of what follows a command; NULL: none */
};

#endif
