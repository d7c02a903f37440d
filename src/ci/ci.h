/*
 * ci.h: the CI system or terminal that we run in, and the only way to print.
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
struct buf;
struct json;
struct secret;
struct ci_system; /* a table of functions, system.h: github.c, azure.c, other.c, terminal.c */

/* One error that was shown. */
struct shown_error {
	enum err_kind kind;
	struct str message, hint;
	struct diag *
	    diag; /* the mistake in the user's files that the error is; NULL: it is about the run */
};

struct ci {
	const struct ci_system *system;
	const struct env *env;
	struct arena *arena;
	FILE *out, *log; /* stdout, stderr; tests hand in memory */
	bool
	    is_channel; /* the runner started this program itself, and so reads its commands, masks too */
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
	size_t result_bytes;   /* of Tekton's limit that are used */
	bool has_dotenv;       /* GitLab: the file of an earlier run's outputs was removed */
	const char
	    *start;      /* on a runner the directory that the process was started in; else NULL */
	bool wants_json; /* the result is one JSON document, also when the run fails */
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
	bool is_writer;      /* the run changes a cluster: lost outputs are warnings */
	bool lost_outputs;   /* that warning was given */
	bool lost_summary;   /* and one for the summary */
	const char *summary; /* the summary file that ci_close() names to the runner, or NULL */
};

/*
 * Takes the system that `wanted` names ("github", "azure", "gitlab", …, "none"); where that is NULL, the first of `systems`
 * (ended by NULL; the last one always matches) that `env` shows. -1 with ERR_USAGE for an unknown word.
 * Colours: NO_COLOR, then FORCE_COLOR or CLICOLOR_FORCE, then a CI system that draws them, then
 * isatty(log) and TERM. Results have colours only where they are forced or `results` is a terminal too.
 */
int ci_open(struct ci *out, struct arena *a, const struct ci_system *const *systems,
    const struct env *env, const char *wanted, FILE *results, FILE *log, struct err *err) NODISCARD;

/*
 * Sets what only the arguments show. `is_own_step`: a runner started this program as its action or task, not from a
 * script of the user's. `is_text`: the results are for people. On a runner everything then goes to stdout, in the order
 * of events, unless the results are for a program or a script writes stdout to a file.
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

/* The directory that all paths must lie in: the workspace; where the runner names none, the directory that the process was
 * started in. NULL on a terminal: paths may lead anywhere. */
const char *ci_fence(const struct ci *ci);

/* The runner's own directory for files of a job (RUNNER_TEMP, AGENT_TEMPDIRECTORY); NULL: there is none. */
const char *ci_temp(const struct ci *ci);

/* One line to stdout, or to stderr; a '\n' is added; one inside is shown as "\n". ci_log() is for progress, which
 * `quiet` leaves out; ci_detail() for what belongs to an error: a line of a job's log, what could not be undone. */
void ci_out(struct ci *ci, const char *fmt, ...) PRINTF_LIKE(2, 3);
void ci_log(struct ci *ci, const char *fmt, ...) PRINTF_LIKE(2, 3);
void ci_detail(struct ci *ci, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* One line to stderr, only with `is_verbose`: "debug: …", or a line of the runner's debug log where that is on. */
void ci_debug(struct ci *ci, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* True when somebody has switched the runner's own debug log on (GitHub: RUNNER_DEBUG, Azure: SYSTEM_DEBUG, GitLab:
 * CI_DEBUG_TRACE). */
bool ci_has_debug_log(const struct ci *ci);

/* A line to stdout for something that is added ('+') or removed ('-'): indented, behind the sign, and on
 * a terminal in its colour. */
void ci_change(struct ci *ci, char sign, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* A line to stdout that begins with `word`, which is ours, in the colour of the sign: '+' for what is created, '~' for
 * what is updated, '-' for what is deleted; any other sign has none. */
void ci_action(struct ci *ci, char sign, const char *word, const char *fmt, ...) PRINTF_LIKE(4, 5);

/* Asks a question where standard input and the log are a terminal. True: the answer is "yes"; false: any other
 * answer, or there is no terminal and nobody is asked. */
bool ci_ask(struct ci *ci, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Writes machine-readable results (--output json, --show-specs) to stdout: on a terminal the bytes as they are; on a
 * runner each line is sanitised as above, and with `is_json` so that the document means the same. */
void ci_raw(struct ci *ci, struct str text);

/* The JSON document that is the result of the run. ci_close() prints it; where `wants_json` is set and errors were
 * shown, with one more member "errors": [{"message", "hint", "kind", and for an error in a file "code", "file", "line",
 * "col"}]. A run that fails before it has a document prints one with the errors alone, and so does one
 * whose document is not an object. */
void ci_result(struct ci *ci, struct str json);

/* The same for a text in a buffer, which is freed. -1 with ERR_SYSTEM: the text is larger than the buffer's ceiling, or
 * memory ran out; `what` is its name in the message: "the graph". */
int ci_result_take(struct ci *ci, struct buf *text, const char *what, struct err *err) NODISCARD;

/* Ends the JSON document, prints it with ci_raw() and frees its buffer. -1 as ci_result_take(), and nothing is printed. */
int ci_raw_json(struct ci *ci, struct json *document, const char *what, struct err *err) NODISCARD;

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

/* True when ci_redraw() can draw over its own lines: `log` is a terminal that is not dumb (TERM), this is neither a
 * runner nor anything that sets CI, and `quiet` is off. */
bool ci_can_redraw(const struct ci *ci);

/* How many columns the lines of ci_redraw() have: the terminal's width, else 80. */
size_t ci_redraw_columns(const struct ci *ci);

/* Draws the lines on `log` over those of the last call, cut to the terminal's width with an ellipsis; lines that
 * do not fit its height are only counted. Any other output erases the lines first, and so does a `count` of 0. Only where
 * ci_can_redraw(). */
void ci_redraw(struct ci *ci, const struct str *lines, size_t count);

/* How many columns a text on `out` may take: COLUMNS where it is set, else the terminal's width, else 80; at
 * least 40, at most 120. */
size_t ci_width(const struct ci *ci);

/* Shows that `done` of `total` steps are done, where the system has a display for that (Azure); else nothing. */
void ci_progress(struct ci *ci, size_t done, size_t total, const char *what);

/* Begins and ends a fold in the log; on a terminal nothing. Folds do not nest. */
void ci_group(struct ci *ci, const char *title);
void ci_group_end(struct ci *ci);

/* Whether ci_group() shows anything: a terminal has no folds. */
bool ci_has_groups(const struct ci *ci);

/* As ci_log(), a title for the lines that follow; on Buildkite the title of an open fold. */
void ci_heading(struct ci *ci, const char *title);

/*
 * Has the runner hide the forms of the secret that it does not derive by itself (base64url, percent-encoded),
 * and with `plain` the secret too: for values that the runner does not know yet (unsealed, exchanged, derived). This is
 * the only place where a secret is written. Nothing is written on a terminal, in a script step, whose output may go
 * anywhere, and for secrets under 4 characters, which would hide innocent text. -1 with ERR_SYSTEM when the lines could
 * not be written.
 */
int ci_mask(struct ci *ci, const struct secret *s, bool plain, struct err *err) NODISCARD;

/* From now on the run changes a cluster: an output or a summary that cannot be written is a warning, as a failed step would
 * say that nothing was done. All outputs together get one warning, here already where the failure can be foreseen. */
void ci_set_writer(struct ci *ci);

/* A step output (GITHUB_OUTPUT) or output variable (Azure; "plan-json" is named planJson there);
 * values above MAX_OUTPUT_BYTES (Azure: 96 KiB) are left empty with a notice; on a terminal nothing.
 * -1 with ERR_SYSTEM when the file cannot be written. */
int ci_output(struct ci *ci, const char *name, struct str value, struct err *err) NODISCARD;
int ci_output_number(struct ci *ci, const char *name, size_t value, struct err *err) NODISCARD;

/* Appends Markdown to the job summary, at most 1 MiB in all: a piece that does not fit is left out
 * with a notice. Where there is no summary nothing. -1 with ERR_SYSTEM when it cannot be written. */
int ci_summary(struct ci *ci, struct str markdown, struct err *err) NODISCARD;

/* Whether the system replaces "$(name)" in inputs, so that one that is still there names an unknown variable. */
bool ci_expands_macros(const struct ci *ci);

/* Whether steps of the system write inputs in camel case: "dryRun". */
bool ci_has_camel_inputs(const struct ci *ci);

/* Whether the system has a job summary, and whether it draws Mermaid in summaries or comments. */
bool ci_has_summary(const struct ci *ci);
bool ci_draws_mermaid(const struct ci *ci);

/* Flushes both streams: before something that may take long, or may end the process. */
void ci_flush(struct ci *ci);

/* Prints the result and checks both streams, once, at the end: -1 with ERR_SYSTEM when something was lost. */
int ci_close(struct ci *ci, struct err *err) NODISCARD;

#endif
