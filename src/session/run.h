/* run.h: one run of the program: what was asked, where, until when, and what was found so far. */
#ifndef SESSION_RUN_H
#define SESSION_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/base.h"
#include "base/str.h"
#include "ci/ci.h"
#include "ci/env.h"
#include "ci/event.h"
#include "diag/diag.h"
#include "inputs/options.h"
#include "inputs/values.h"
#include "secret/audience.h"
#include "session/weigh.h"

struct arena;
struct config;
struct given_inputs;
struct other_commit;
struct peer;
struct plan_target;
struct sealed_facts;
struct target;
struct secret;
struct sections;
struct watch;

/* The name in messages of specs from standard input. */
#define STDIN_NAME "(standard input)"

struct run {
	struct arena *arena;
	struct env env;
	struct values in;   /* what was given, as text, and where each came from */
	struct options opt; /* the same, typed */
	struct ci ci;
	struct event event;
	const struct target *target; /* of pachup.yaml; NULL: none */
	const char *target_name;     /* its name; NULL: none */
	const char *project_file;    /* pachup.yaml, or another name; NULL: there is none */
	const struct config *config; /* where several targets are asked for: their file and names */
	const char **target_names;
	struct run **targets; /* and the runs of them, from targets_open() on */
	size_t target_count;
	const struct given_inputs
	    *given; /* the inputs without the target's; where input plan-for has others */
	struct plan_target *plans; /* those targets, from targets_open() on */
	size_t plan_count;
	struct sections
	    *sections; /* where the reports of several targets are kept; NULL: there is one */
	const struct other_commit
	    *other_commit; /* whose files are read; NULL: those of the work tree */
	struct diags diags;
	struct sources sources;
	struct diags
	    *found; /* where mistakes are collected instead of being shown; NULL: they are shown */
	struct secret *token; /* owned by the run; NULL: none */
	struct secret
	    *host_tokens[AUDIENCE_COUNT]; /* for code hosts; owned by the run; NULL: none */
	const struct sealed_facts
	    *sealed; /* what was sealed with the token; NULL: it was not sealed */
	struct secret
	    *registry_login;    /* NAME:PASSWORD for input registry; owned by the run; NULL: none */
	struct str sealed_text; /* and its text; empty */
	struct str ca_pem;      /* certificate authorities of pachctl's context; empty */
	int64_t warn_s;         /* input warn */
	struct watch *watch;    /* owned by the run; NULL until it has begun */
	bool has_summary;       /* the page of the run has its Markdown */
	bool is_alone;          /* nothing was asked: help, and what is in the directory */
	bool is_beyond_link;    /* a symbolic link led to the working directory */
	int stop_fd;            /* readable since the first SIGINT or SIGTERM; or -1 */
	int64_t deadline_ms;    /* on the monotonic clock */
	struct peer *peer;      /* where to note what the connection shows, or NULL */
};

#endif
