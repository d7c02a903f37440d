/*
 * ci.h: where we run, and the only way to say something.
 *
 * Runners read commands out of our output: "::name" at the start of a line, "##[" and "##vso["
 * anywhere in it. So every text goes through one sanitiser: controls but tab become visible escapes
 * (\x1b, \r, \n), "##[" becomes "##\[", "##vso[" becomes "##\vso[", "##teamcity[" likewise, and no
 * line of ours can begin with "::". Results go to stdout, everything else to stderr; in a runner's log, which
 * does not keep the order of two streams, all of it goes to stdout (ci_set_channel).
 */
#ifndef CI_CI_H
#define CI_CI_H

#include <stdbool.h>
#include <stdio.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "ci/env.h"
#include "diag/diag.h"

struct arena;
struct secret;
struct ci_system; /* a table of functions, system.h: github.c, azure.c, other.c, terminal.c */

/* One error that was shown. */
struct shown_error {
	enum err_kind kind;
	struct str message, hint;
	struct diag *diag; /* where it is in the user's files; NULL: nowhere */
};

struct ci {
	const struct ci_system *system;
	const struct env *env;
	struct arena *arena;
	FILE *out, *log; /* stdout, stderr; tests hand in memory */
	bool is_channel; /* the runner started this program itself: it reads commands, masks too */
	bool color;      /* SGR colours may be used on `log` */
	bool color_out;  /* and on `out` */
	bool is_verbose; /* ci_debug() says something */
	bool quiet;      /* notes, progress and folds are left out; warnings and errors stay */
	size_t columns;  /* of the terminal that `out` is; 0: none, and nothing is cut */
	struct diags reported; /* all that ci_diags() was given so far */
	size_t annotated[3];   /* errors, warnings, notices shown as annotations so far */
	size_t drawn_rows;     /* how many rows of ci_redraw() are at the end of `log` */
	size_t groups;         /* folds opened so far, where a system numbers them */
	struct str group;      /* the title of the one that is open, where its end names it */
	size_t result_bytes;   /* of Tekton's limit that are taken */
	bool has_dotenv;       /* outputs of an earlier run are out of the file */
	const char *start;     /* where the process was started, when a runner did; else NULL */
	bool wants_json;       /* the result is one JSON document, also when the run fails */
	bool
	    is_document; /* a program reads `out`: a document and nothing else, so no runner command is
	                     written to either stream, but for masks */
	bool is_json;    /* and the document is JSON (SARIF, too) */
	bool has_results;  /* something went to `out` */
	struct str result; /* the document that ci_close() prints */
	struct shown_error *errors;
	size_t error_count, error_room;
	bool
	    lost_reader; /* ci_close() has found that nobody reads `out` any more, as behind `| head` */
	bool is_writer;      /* the run is for a change elsewhere: lost outputs are warnings */
	bool lost_outputs;   /* that warning was given */
	bool lost_summary;   /* and one for the summary */
	const char *summary; /* the summary file that ci_close() informs the runner of, or NULL */
};

/*
 * Takes the first of `systems` (ended by NULL; the last one fits always) that detects itself in `env`; `wanted`
 * ("github", "azure", "gitlab", …, "none"; NULL: none) overrides. -1 with ERR_USAGE for any other word.
 * Colours: NO_COLOR, then FORCE_COLOR or CLICOLOR_FORCE, then a CI system that draws them, then
 * isatty(log) and TERM. Results have colours only where they are forced or `results` is a terminal too.
 */
int ci_open(struct ci *out, struct arena *a, const struct ci_system *const *systems,
    const struct env *env, const char *wanted, FILE *results, FILE *log, struct err *err) NODISCARD;

/*
 * What becomes known with the arguments: `is_own_step` that a runner started this program as its action or task, not a
 * script of the user's; `is_text` that the results are for people. On a runner everything then goes to stdout, in the order
 * of events, unless the results are for a program or a script keeps stdout in a file.
 */
void ci_set_channel(struct ci *ci, bool is_own_step, bool is_text);

/* True when a runner started us: paths are fenced to the workspace, annotations are written. */
bool ci_is_runner(const struct ci *ci);

/* The workspace directory (GITHUB_WORKSPACE, BUILD_SOURCESDIRECTORY, …), or the working directory where a runner names
 * none; NULL on a terminal. */
const char *ci_workspace(const struct ci *ci);

/* The variables that say where a job asks the CI system for an OpenID Connect token (a URL to GET) and with
 * which bearer token; false: this system has no such thing. */
bool ci_id_token(const struct ci *ci, const char **url, const char **secret);

/* What all paths must lie in: the workspace; where the runner names none, the directory that the process was
 * started in. NULL on a terminal: anything goes. */
const char *ci_fence(const struct ci *ci);

/* The runner's own directory for files of a job (RUNNER_TEMP, AGENT_TEMPDIRECTORY); NULL: there is none. */
const char *ci_temp(const struct ci *ci);

/* One line to stdout, or to stderr; a '\n' is added; one inside is shown as "\n". ci_log() is for progress, which
 * `quiet` leaves out; ci_detail() for what belongs to an error: a line of a job's log, what could not be undone. */
void ci_out(struct ci *ci, const char *fmt, ...) PRINTF_LIKE(2, 3);
void ci_log(struct ci *ci, const char *fmt, ...) PRINTF_LIKE(2, 3);
void ci_detail(struct ci *ci, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* What `is_verbose` alone shows, in the place of ci_log(): "debug: …", or where the runner's debug log is on a line of
 * that. */
void ci_debug(struct ci *ci, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* True when somebody has switched the runner's own debug log on (GitHub: RUNNER_DEBUG, Azure: SYSTEM_DEBUG, GitLab:
 * CI_DEBUG_TRACE). */
bool ci_has_debug_log(const struct ci *ci);

/* A line to stdout that reports something added ('+') or taken away ('-'): indented, behind the sign, and on
 * a terminal in its colour. */
void ci_change(struct ci *ci, char sign, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* A line to stdout that begins with a word of ours for what is done to a thing, in the colour of its sign: '+' it is created, '~' it is
 * updated, '-' it is deleted; any other sign has none. */
void ci_action(struct ci *ci, char sign, const char *word, const char *fmt, ...) PRINTF_LIKE(4, 5);

/* Asks whoever sits at a terminal, which is standard input and the log; true: the answer is "yes". Elsewhere nobody is
 * asked, and it is false. */
bool ci_ask(struct ci *ci, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Bytes to stdout as they are, for machine-readable results (--output json, --show-specs) on a
 * terminal; on a runner each line is sanitised as above, and where `is_json` so that it stays the same JSON. */
void ci_raw(struct ci *ci, struct str text);

/* The JSON document that is the result of the run. ci_close() prints it; where `wants_json` is set and errors were
 * shown, with one more member "errors": [{"message", "hint", "kind", and for an error in a file "code", "file", "line",
 * "col"}]. A run that fails before it has a document prints one with the errors alone, and so does one
 * whose document is not an object. */
void ci_result(struct ci *ci, struct str json);

/* A remark, a warning, a failure, with or without an annotation on the runner's own list. On a
 * terminal: "note: …", "warning: …", "error: …" and "  hint: …" on stderr. */
void ci_note(struct ci *ci, const char *fmt, ...) PRINTF_LIKE(2, 3);
void ci_warn(struct ci *ci, const char *fmt, ...) PRINTF_LIKE(2, 3);
void ci_error(struct ci *ci, const struct err *err);

/*
 * All mistakes, sorted: "file:line:col: error: what [PU012]" and "  hint: …" on stderr, on a terminal with colours also
 * the line (where one->line holds it) and a mark under the place. On a runner with a list of findings each is shown once:
 * the worst ten of each level (those that cannot be ignored first) as annotations, the rest in a fold whose title
 * counts them.
 */
void ci_diags(struct ci *ci, struct diags *d);

/* The file as runners name it: relative to the workspace where it lies inside, whatever the working directory is; else as
 * the user wrote it. */
struct str ci_in_workspace(struct ci *ci, const char *file);

/* True when what is shown on `log` can be shown again in its place: a terminal that is not dumb (TERM), and
 * neither a runner nor anything that calls itself CI. */
bool ci_can_redraw(const struct ci *ci);

/* How many columns the lines of ci_redraw() have: the terminal's width, else 80. */
size_t ci_redraw_columns(const struct ci *ci);

/* Shows the lines on `log` in the place of those of the last time, cut to the terminal's width with an ellipsis; what
 * does not fit its height is only counted. Whatever is said meanwhile takes them away first, and so does
 * `count` 0. Only where ci_can_redraw(). */
void ci_redraw(struct ci *ci, const struct str *lines, size_t count);

/* How many columns a text on `out` may take: COLUMNS where it is set, else the terminal's width, else 80; at
 * least 40, at most 120. */
size_t ci_width(const struct ci *ci);

/* How far the run is: `done` of `total`, where the system shows such a thing (Azure); else nothing. */
void ci_progress(struct ci *ci, size_t done, size_t total, const char *what);

/* A fold in the log; on a terminal nothing. They do not nest. */
void ci_group(struct ci *ci, const char *title);
void ci_group_end(struct ci *ci);

/* Whether ci_group() shows anything: a terminal has no folds. */
bool ci_has_groups(const struct ci *ci);

/* A line in the place of ci_log() that what follows belongs to; Buildkite shows that open. */
void ci_heading(struct ci *ci, const char *title);

/*
 * Informs the runner to hide what it does not derive from the secret by itself (base64url and
 * percent-encoded forms), and with `plain` the secret too: for values that the runner does not know
 * already (unsealed, exchanged, derived). The only place where a secret is written; on a terminal
 * nothing, nor in a script step, whose output may go anywhere, nor for secrets under 4 characters, which would blot out
 * the log. -1 with ERR_SYSTEM when the lines could not be written.
 */
int ci_mask(struct ci *ci, const struct secret *s, bool plain, struct err *err) NODISCARD;

/* From now on this run is for a change in a cluster: an output or a summary that the runner does not take is a warning
 * (one for all outputs, given here where it can be seen before the change), as a red step would deny what was done. */
void ci_set_writer(struct ci *ci);

/* A step output (GITHUB_OUTPUT) or output variable (Azure; "plan-json" is named planJson there);
 * values above MAX_OUTPUT_BYTES (Azure: 96 KiB) are left empty with a notice; on a terminal nothing.
 * -1 with ERR_SYSTEM when the file cannot be written. */
int ci_output(struct ci *ci, const char *name, struct str value, struct err *err) NODISCARD;

/* Appends Markdown to the job summary, at most 1 MiB in all: a piece that does not fit is left out
 * with a notice. Where there is no summary nothing. -1 with ERR_SYSTEM when it cannot be written. */
int ci_summary(struct ci *ci, struct str markdown, struct err *err) NODISCARD;

/* Whether "$(name)" in an input is a variable that the system would have put in, had it one of that name. */
bool ci_expands_macros(const struct ci *ci);

/* Whether steps of the system write inputs in camel case: "dryRun". */
bool ci_has_camel_inputs(const struct ci *ci);

/* Whether there is a job summary, and whether Mermaid is drawn in it. */
bool ci_has_summary(const struct ci *ci);
bool ci_draws_mermaid(const struct ci *ci);

/* Hands on what has been said so far: before something that may take long or may not be lost. */
void ci_flush(struct ci *ci);

/* Prints the result and checks both streams, once, at the end: -1 with ERR_SYSTEM when something was lost. */
int ci_close(struct ci *ci, struct err *err) NODISCARD;

#endif
