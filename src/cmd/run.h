/* run.h: what a command is handed, and the steps that commands share. */
#ifndef CMD_RUN_H
#define CMD_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/base.h"
#include "base/diag.h"
#include "base/err.h"
#include "ci/ci.h"
#include "ci/event.h"
#include "cmd/values.h"
#include "cmd/verdict.h"
#include "files/paths.h"
#include "pipeline/plan.h"
#include "pipeline/rule.h"
#include "pipeline/spec.h"

struct arena;
struct peer;
struct secret;

enum exit_code {
	EXIT_DONE = 0,
	EXIT_FAILED = 1,
	EXIT_CHANGES = 2,
	EXIT_TIMEOUT = 4,
	EXIT_SUPERSEDED = 5,
	EXIT_USAGE = 64,
	EXIT_SIGINT = 130,
	EXIT_SIGTERM = 143,
};

/* What messages call a spec that does not come from a file. */
#define STDIN_NAME "(standard input)"

struct run {
	struct arena *arena;
	struct env env;
	struct values in;
	struct ci ci;
	struct event event;
	struct diags diags;
	struct sources sources;
	struct diags
	    *found; /* where verdicts put mistakes instead of showing them; NULL: nowhere */
	struct secret *token; /* owned by the run; NULL: none */
	int stop_fd;          /* a signalfd for SIGINT and SIGTERM, or -1 */
	int64_t grace_ms;     /* input wait-grace */
	int64_t deadline_ms;  /* on the monotonic clock */
	struct peer *peer;    /* where to note what the connection shows, or NULL */
};

/* The commit that the run is about. */
struct commit {
	struct str sha; /* 40 or 64 digits, or empty when none is known */
	struct str branch, ref;
};

/* Everything that is known before the cluster is asked. */
struct work {
	struct commit commit;
	struct rules rules;
	struct specs specs;
	size_t *order;          /* indices of specs.list, producers first */
	struct candidate *list; /* in that order */
	size_t count;
};

/* cmd/commit.c: finds the commit, says in the log which one was taken and why. A missing repository is
 * a failure only when `needed`. */
int commit_find(struct run *run, bool needed, struct commit *out, struct err *err) NODISCARD;

/* cmd/gather.c: reads images, paths and specs into `out`, checks all of them, puts them in order. Every
 * mistake is in run->diags; -1 with ERR_SPEC when there is one, ERR_USAGE and ERR_SYSTEM for the rest. */
int gather(struct run *run, struct work *out, struct err *err) NODISCARD;

/* Finds the commit and adds the rules of the image lines to out->rules. Failures as rules_add() and
 * commit_find(). */
int gather_rules(struct run *run, const char *const *lines, size_t count, struct work *out,
    struct err *err) NODISCARD;

/* ERR_USAGE for an image line that matched nothing, unless input `allow-unmatched` lets it. */
int gather_check_rules(const struct run *run, const struct rules *rules, struct err *err) NODISCARD;

/* Of a broken file that a directory search or a glob found: was it meant as a spec? */
bool gather_meant_as_spec(struct str text);

/* Only the first part of it: reads the specs, each pipeline once, and puts them in order. Mistakes are in
 * run->diags, also when it returns 0: ask gather_verdict(). */
int gather_specs(struct run *run, struct work *out, struct err *err) NODISCARD;

/* Renders each spec for what the cluster can do (facts NULL: no cluster). */
struct pachd_facts;
void gather_render(struct run *run, struct work *work, const struct pachd_facts *facts);

/* ERR_SPEC, "3 mistakes …", after showing run->diags; 0 when there are no errors (warnings are shown).
 */
int gather_verdict(struct run *run, struct err *err) NODISCARD;

/*
 * cmd/cluster.c: the way to the cluster. cluster_open() opens the one of input `cluster`; NULL with
 * ERR_USAGE where none is given, for an address that is none or a token that would go unencrypted, or what
 * pachd_open() says. The caller ends it with pachd_close().
 */
struct pachd;
struct plan;
struct pachd *cluster_open(struct run *run, struct err *err) NODISCARD;
/* Logs which cluster answers, and what is special about it. */
void cluster_tell(struct run *run, const struct pachd_facts *facts);
/* A notice where a failure can leave some of the plan's pipelines changed and others not (before 1.12). */
void cluster_tell_sequence(
    struct run *run, const struct pachd_facts *facts, const struct plan *plan);
/* What only reads goes without the token on such an event, with a notice. */
void cluster_forget_token(struct run *run);
/* Whether this run must not change the cluster, in *planning: as a plan, with `dry-run`, and on a pull
 * request unless asked otherwise. ERR_REFUSED on an event that strangers can cause (promise 8), unless
 * that is allowed. */
int cluster_decide(struct run *run, bool *planning, struct err *err) NODISCARD;

/* What a push or plan has come to. */
struct outcome {
	const struct work *work;
	const struct plan *plan;
	const struct pachd_facts *facts; /* NULL: no cluster */
	struct str transaction;
	size_t transactions;
	bool planned;  /* nothing was sent, on purpose */
	bool broken;   /* something was sent, and it did not end well */
	size_t failed; /* how many changes were not made, or do not run */
};

/* cmd/report.c: the plan's table and, where asked for, the specs. */
void report_plan(struct run *run, const struct outcome *o);
/* The one line that sums up. */
void report_end(struct run *run, const struct outcome *o);
/* Outputs, summary, and the JSON result. */
int report_outputs(struct run *run, const struct outcome *o, struct err *err) NODISCARD;

/* cmd/apply.c: reads input `reprocess`. */
struct reprocess;
int apply_reprocess(struct run *run, struct reprocess *out, struct err *err) NODISCARD;
/* ERR_USAGE where it names a pipeline that none of the specs is. */
int apply_check_reprocess(const struct run *run, const struct reprocess *r,
    const struct specs *specs, struct err *err) NODISCARD;
/* Sends the plan, waits as input `wait` says, and tells how it went, also when it went wrong. o->plan is
 * `plan`. 0, or -1 with *err set. */
int apply_plan(struct run *run, struct pachd *cluster, struct plan *plan, struct outcome *o,
    struct err *err) NODISCARD;
/* Tells what would have been done. 0 or EXIT_CHANGES, or -1 with *err set. */
int apply_nothing(struct run *run, struct outcome *o, struct err *err) NODISCARD;

/* cmd/restore.c: plans to put versions back: `past` holds them, `now` what runs; found[i] and now[i] are
 * one pipeline's. -1 with ERR_SPEC, ERR_REFUSED when one cannot be read or would be refused. */
struct pachd_past;
struct restore {
	const struct pachd_past *past;
	const struct live *now;
	size_t count;
	const struct reprocess *reprocess;
};
int restore_plan(struct run *run, struct pachd *cluster, const struct restore *r, struct work *work,
    struct plan *plan, struct err *err) NODISCARD;

/* cmd/undo.c: after a push that failed puts back what it updated, in one transaction where there are
 * such, and stops what it created; what others have pushed since is left alone. Tells all of it, also
 * what could not be undone. */
void undo_push(
    struct run *run, struct pachd *cluster, const struct plan *plan, const struct err *why);

/* cmd/wait.c: waits, as input `wait` says, until the cluster runs what the plan holds. 0: it does.
 * ERR_FAILED a pipeline or job failed, with its reason, events and logs in the log; ERR_TIMEOUT naming
 * what was still missing; ERR_SUPERSEDED, found by one look where nothing is waited for; ERR_INTERRUPTED. *excuse:
 * why what failed is no reason to take the push back, or NULL. */
struct pachd;
int wait_for(struct run *run, struct pachd *cluster, struct plan *plan, struct str transaction,
    const char **excuse, struct err *err) NODISCARD;

struct command {
	const char *name, *words; /* "[PATH...]": what stands behind it */
	const char *summary;
	enum input_use use;
	int (*run)(struct run *run, struct err *err);
	const char *outputs; /* the forms of its result besides text: "json|dot"; NULL: none */
};

extern const struct command commands[];
extern const size_t command_count;

/* NULL: there is none of that name. */
const struct command *command_named(const char *name);

/* Commands return 0 or EXIT_CHANGES, or -1 with *err set. */
int cmd_push(struct run *run, struct err *err) NODISCARD;
int cmd_rollback(struct run *run, struct err *err) NODISCARD;
int cmd_validate(struct run *run, struct err *err) NODISCARD;
int cmd_set_image(struct run *run, struct err *err) NODISCARD;
int cmd_help(struct run *run, struct err *err) NODISCARD;
int cmd_graph(struct run *run, struct err *err) NODISCARD;
int cmd_doctor(struct run *run, struct err *err) NODISCARD;
int cmd_status(struct run *run, struct err *err) NODISCARD;

/* What main does: everything from argv to the exit code. */
int run_main(struct arena *a, int argc, char *const *argv, char *const *environment);

#endif
