/*
 * inputs.h: the one table of all inputs: what the flags, the action's and task's inputs, and the old
 * variables are called, what they mean, and what they are by default. Help, man pages, completions, README
 * and docs/command-line.md are made from it, and action.yml is compared with it.
 */
#ifndef INPUTS_INPUTS_H
#define INPUTS_INPUTS_H

#include <stdbool.h>
#include <stddef.h>

enum input_id {
	IN_COMMAND,
	IN_SPECS,
	IN_LISTS,
	IN_JSONNET,
	IN_ARGS,
	IN_INSTANCES,
	IN_IN,
	IN_EXPIRED,
	IN_CONFIRM,
	IN_YES,
	IN_CHECK,
	IN_STDOUT,
	IN_KINDS,
	IN_SET,
	IN_UNSET,
	IN_SET_FILE,
	IN_WORKFLOW,
	IN_TARGET,
	IN_CONFIG,
	IN_VALUES,
	IN_SCHEDULES,
	IN_WRITE_BACK,
	IN_PULL_REQUEST,
	IN_DIRECT,
	IN_REPO,
	IN_BASE,
	IN_BRANCH,
	IN_TITLE,
	IN_LABELS,
	IN_REVIEWERS,
	IN_DRAFT,
	IN_SIGN_OFF,
	IN_AUTO_MERGE,
	IN_FORCE,
	IN_PLAN_FOR,
	IN_VALUES_FILE,
	IN_CLUSTER,
	IN_CONTEXT,
	IN_TOKEN,
	IN_TOKEN_FILE,
	IN_TOKEN_STDIN,
	IN_TOKEN_KEY,
	IN_TOKEN_KEY_FILE,
	IN_ALLOW_OTHER_CLUSTER,
	IN_WARN,
	IN_AUTH,
	IN_AUDIENCE,
	IN_ID_TOKEN,
	IN_RECIPIENTS,
	IN_LABEL,
	IN_OFFLINE,
	IN_PRINCIPAL,
	IN_EXPIRES,
	IN_TTL,
	IN_ROBOT,
	IN_STORE,
	IN_STORE_TOKEN,
	IN_REVEAL,
	IN_KEEP_OLD,
	IN_PASSPHRASE_FILE,
	IN_SALT,
	IN_IMAGES,
	IN_TAG,
	IN_SHA,
	IN_SHA_SOURCE,
	IN_CHECK_IMAGES,
	IN_PIN,
	IN_LATEST,
	IN_SEMVER,
	IN_REGISTRY,
	IN_REGISTRY_USERNAME,
	IN_REGISTRY_PASSWORD,
	IN_PROJECT,
	IN_REPROCESS,
	IN_ONLY,
	IN_SINCE,
	IN_TO,
	IN_WAIT,
	IN_WAIT_GRACE,
	IN_ON_FAILURE,
	IN_TIMEOUT,
	IN_FAIL_ON_CHANGES,
	IN_DRY_RUN,
	IN_SHOW_SPECS,
	IN_SPLIT,
	IN_KEEP_GOING,
	IN_PRUNE,
	IN_PRUNE_LIMIT,
	IN_RENAMED_FROM,
	IN_OUT,
	IN_PLAN,
	IN_CREATE_REPOS,
	IN_FILES,
	IN_APPEND,
	IN_DELETE_MISSING,
	IN_IF_CHANGED,
	IN_SPLIT_BY,
	IN_CONDITION,
	IN_HISTORY,
	IN_FOLLOW,
	IN_TAIL,
	IN_TYPE,
	IN_SERVER_VERSION,
	IN_NOTE,
	IN_STRICT,
	IN_IGNORE,
	IN_ALIASES,
	IN_CA_FILE,
	IN_SERVER_NAME,
	IN_ALLOW_PLAINTEXT,
	IN_EVENT,
	IN_ON_PULL_REQUEST,
	IN_COMMENT,
	IN_GITHUB_TOKEN,
	IN_AZURE_TOKEN,
	IN_GITLAB_TOKEN,
	IN_ALLOW_UNTRUSTED_EVENT,
	IN_ALLOW_UNMATCHED,
	IN_WORKING_DIRECTORY,
	IN_OUTPUT,
	IN_SUMMARY,
	IN_SVG,
	IN_HTML,
	IN_REFRESH,
	IN_QUIET,
	IN_VERBOSE,
	IN_CI,
	INPUT_COUNT,
};

/* Which commands an input is for, as a sum. */
enum input_use {
	FOR_PUSH = 1 << 0,
	FOR_PLAN = 1 << 1, /* it takes what push takes: a plan is made with the same words */
	FOR_ROLLBACK = 1 << 2,
	FOR_VALIDATE = 1 << 3,
	FOR_SET_IMAGE = 1 << 4,
	FOR_GRAPH = 1 << 5,
	FOR_DOCTOR = 1 << 6,
	FOR_STATUS = 1 << 7,
	FOR_HELP = 1 << 8, /* and explain, completion, version */
	FOR_KEYGEN = 1 << 9,
	FOR_SEAL = 1 << 10,
	FOR_TOKEN_STATUS = 1 << 11,
	FOR_ROTATE = 1 << 12,
	FOR_RENDER = 1 << 13,
	FOR_INPUTS = 1 << 14,
	FOR_INIT = 1 << 15,
	FOR_COMPARE = 1 << 27,
	FOR_DRIFT = 1 << 28,
	FOR_DOWN = 1 << 29,
	FOR_PUT = 1 << 16,
	FOR_GET = 1 << 17,
	FOR_LS = 1 << 18,
	FOR_REPO = 1 << 19,
	FOR_SECRET_SET = 1 << 20,
	FOR_SECRET_LS = 1 << 21,
	FOR_RUN = 1 << 22,
	FOR_RERUN = 1 << 23,
	FOR_LOGS = 1 << 24,
	FOR_GATE = 1 << 25,
	FOR_PAST = 1 << 26,                        /* history and provenance */
	FOR_RENDERERS = FOR_VALIDATE | FOR_RENDER, /* they ask a cluster only for Jsonnet */
	FOR_DATA_WRITERS = FOR_PUT | FOR_REPO | FOR_SECRET_SET | FOR_RUN | FOR_RERUN,
	FOR_DATA =
	    FOR_DATA_WRITERS | FOR_GET | FOR_LS | FOR_SECRET_LS | FOR_LOGS | FOR_GATE | FOR_PAST,
	FOR_WRITERS = FOR_PUSH | FOR_PLAN | FOR_ROLLBACK,
	FOR_CLUSTER = FOR_WRITERS | FOR_DRIFT | FOR_DOWN | FOR_GRAPH | FOR_DOCTOR | FOR_STATUS
	              | FOR_SEAL | FOR_TOKEN_STATUS | FOR_ROTATE | FOR_DATA | FOR_RENDERERS,
	FOR_PICTURES = FOR_PUSH | FOR_PLAN | FOR_GRAPH | FOR_STATUS,
	FOR_CHECKERS = FOR_PUSH | FOR_PLAN | FOR_VALIDATE | FOR_RENDER,
	FOR_IMAGES = FOR_CHECKERS | FOR_DRIFT, /* they give specs their images and values */
	FOR_WRITE_BACK = FOR_PUSH | FOR_PLAN | FOR_SET_IMAGE,
	FOR_READERS = FOR_IMAGES | FOR_GRAPH | FOR_DOCTOR | FOR_STATUS, /* of specs */
	FOR_TARGETS = FOR_INPUTS | FOR_READERS | FOR_ROLLBACK | FOR_SET_IMAGE | FOR_DATA
	              | FOR_TOKEN_STATUS | FOR_ROTATE | FOR_DOWN,
	FOR_TOKEN = FOR_KEYGEN | FOR_SEAL | FOR_TOKEN_STATUS | FOR_ROTATE,
	FOR_ALL = FOR_COMPARE | FOR_INPUTS | FOR_INIT | FOR_READERS | FOR_ROLLBACK | FOR_SET_IMAGE
	          | FOR_TOKEN | FOR_DATA | FOR_DOWN | FOR_HELP,
};

/* What an input is in struct options: a text with choices is an enum, a duration is in ms. */
enum input_kind {
	INPUT_TEXT,
	INPUT_BOOL,
	INPUT_LIST,
	INPUT_SECRET,
	INPUT_NUMBER,
	INPUT_DURATION,
};

/* Where help shows an input, in this order. */
enum input_group {
	GROUP_WHAT,
	GROUP_DATA,
	GROUP_CLUSTER,
	GROUP_KEYS,
	GROUP_IMAGES,
	GROUP_WRITE_BACK,
	GROUP_SAFETY,
	GROUP_WAITING,
	GROUP_OUTPUT,
	GROUP_COUNT,
};

/* "What to deploy" */
extern const char *const input_groups[GROUP_COUNT];

/*
 * What `value` says decides what completion offers: FILE, LIST and PATH are files, DIR is a directory; any other
 * word is free text.
 */
struct input {
	const char *name;    /* "dry-run" */
	const char *flag;    /* its flag where that is not --NAME: "image"; "" for none */
	char letter;         /* its short flag: 'C'; 0 for none */
	const char *command; /* the flag means this input only behind it; NULL: always */
	enum input_kind kind;
	enum input_group group;
	unsigned used;        /* input_use: the commands that look at it */
	const char *also[2];  /* variables of the original actions */
	const char *fallback; /* the default; NULL: none */
	const char *choices;  /* "never|changed|always", or NULL */
	const char *value; /* the name of the flag's value in help: "FILE"; NULL: it is a boolean */
	const char *help;  /* a phrase of at most INPUT_HELP_MAX bytes; no default, no choices */
	size_t at;         /* its member of struct options */
	bool decides;      /* what is sent: a plan file keeps it */
	bool in_file;      /* pachup.yaml may set it */
	bool is_positive;  /* a duration that cannot be 0 */
	bool cli_only;     /* no input of the action and the task */
	bool by_line;      /* items of the list may hold blanks and commas: one per line or flag */
};

enum { INPUT_HELP_MAX = 70 };

extern const struct input inputs[INPUT_COUNT];

/* Whole sentences about an input for the manual, or NULL; they stand in manual.c. */
extern const char *const input_more[INPUT_COUNT];

/* What a form (the task's) calls an input and says of it, where that is not what its row says; NULL: its name in
 * words, and its help. They are in form.c. */
struct input_form {
	const char *label; /* "Time to live" */
	const char *help;  /* as `help` of struct input, without flags */
};
extern const struct input_form input_forms[INPUT_COUNT];

/* What an input means behind some commands, where that is not what its row says. They are in own.c. */
struct input_own {
	enum input_id id;
	unsigned used;     /* input_use: those commands */
	const char *help;  /* as in struct input */
	const char *value; /* as in struct input; NULL: as the row says */
	bool has_no_fallback;
};
/* NULL: it means what its row says. `use` is that of one command. */
const struct input_own *input_own(enum input_id id, unsigned use);

/* The name behind "--": "image"; "" where there is no such flag. */
const char *input_flag(const struct input *in);

#endif
