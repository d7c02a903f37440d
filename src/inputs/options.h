/*
 * options.h: the inputs of one run, typed and checked. Other rooms read inputs only here, and need not compare
 * texts. Each word of a choice has its enumerator, in the order of the row's choices; where an input has no
 * default, the first enumerator means that it was not given.
 */
#ifndef INPUTS_OPTIONS_H
#define INPUTS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/base.h"
#include "base/err.h"
#include "inputs/values.h"

enum command_id {
	COMMAND_PUSH,
	COMMAND_PLAN,
	COMMAND_ROLLBACK,
	COMMAND_VALIDATE,
	COMMAND_SET_IMAGE,
	COMMAND_RENDER,
	COMMAND_INPUTS,
	COMMAND_SCHEMA,
	COMMAND_INIT,
	COMMAND_GRAPH,
	COMMAND_COMPARE,
	COMMAND_EXPLAIN,
	COMMAND_DOWN,
	COMMAND_DOCTOR,
	COMMAND_STATUS,
	COMMAND_DRIFT,
	COMMAND_PUT,
	COMMAND_GET,
	COMMAND_LS,
	COMMAND_REPO_ENSURE,
	COMMAND_SECRET_SET,
	COMMAND_SECRET_LS,
	COMMAND_RUN,
	COMMAND_RERUN,
	COMMAND_LOGS,
	COMMAND_GATE,
	COMMAND_HISTORY,
	COMMAND_PROVENANCE,
	COMMAND_TOKEN_KEYGEN,
	COMMAND_TOKEN_SEAL,
	COMMAND_TOKEN_STATUS,
	COMMAND_TOKEN_ROTATE,
	COMMAND_COMPLETION,
	COMMAND_VERSION,
	COMMAND_HELP,
};

enum select_which { KINDS_ANY, KINDS_KNOWN };

enum auth_how { AUTH_TOKEN, AUTH_OIDC };

enum sha_source { SHA_SOURCE_CI, SHA_SOURCE_HEAD };

enum check_images { CHECK_IMAGES_OFF, CHECK_IMAGES_NEW, CHECK_IMAGES_ALL };

enum only_which { ONLY_CHANGED, ONLY_ALL };

enum wait_what { WAIT_NONE, WAIT_PIPELINES, WAIT_JOBS };

enum on_failure { ON_FAILURE_STOP, ON_FAILURE_ROLLBACK };

enum prune { PRUNE_FALSE, PRUNE_STOP, PRUNE_DELETE, PRUNE_WITH_DATA };

enum split_by { SPLIT_BY_UNSAID, SPLIT_BY_LINE, SPLIT_BY_JSON };

enum note_where { NOTE_NONE, NOTE_DESCRIPTION };

enum aliases_how { ALIASES_EXPAND, ALIASES_REFUSE };

enum event_said { EVENT_UNSAID, EVENT_PUSH, EVENT_PULL_REQUEST };

enum on_pull_request { ON_PULL_REQUEST_PLAN, ON_PULL_REQUEST_PUSH };

enum output_form {
	OUTPUT_AUTO,
	OUTPUT_TEXT,
	OUTPUT_JSON,
	OUTPUT_SARIF,
	OUTPUT_MERMAID,
	OUTPUT_DOT,
	OUTPUT_YAML,
	OUTPUT_SVG,
};

enum workflow_of { WORKFLOW_UNSAID, WORKFLOW_GITHUB, WORKFLOW_AZURE, WORKFLOW_GITLAB };

enum schedules_how { SCHEDULES_AS_IS, SCHEDULES_REST };

struct items {
	const char **list;
	size_t count;
};

/* A member for each input, where its row in inputs[] says (`at`). Texts are NULL and numbers 0 when nobody gave
 * them and there is no default. */
struct options {
	const char *command_name; /* "token seal"; as it was given, when it is unknown */
	enum command_id command;
	struct items specs;
	struct items lists;
	struct items jsonnet;
	struct items args;
	struct items instances;
	struct items in_paths;
	bool expired;
	const char *confirm;
	bool yes;
	bool check;
	bool to_stdout;
	enum select_which kinds;
	struct items set;
	struct items unset;
	struct items set_file;
	enum workflow_of workflow;
	struct items target;
	const char *config;
	struct items values;
	enum schedules_how schedules;
	bool write_back;
	bool pull_request;
	bool direct;
	const char *repo;
	const char *base;
	const char *branch;
	const char *title;
	struct items labels;
	struct items reviewers;
	struct items plan_for;
	bool draft;
	const char *sign_off;
	bool auto_merge;
	bool force;
	const char *values_file;
	const char *cluster;
	const char *context;
	const char *token;
	const char *token_file;
	bool token_stdin;
	const char *token_key;
	const char *token_key_file;
	bool allow_other_cluster;
	int64_t warn_ms;
	enum auth_how auth;
	const char *audience;
	const char *id_token;
	struct items recipients;
	const char *label;
	bool offline;
	const char *principal;
	const char *expires;
	int64_t ttl_ms;
	const char *robot;
	struct items store;
	const char *store_token;
	bool reveal;
	bool keep_old;
	const char *passphrase_file;
	const char *salt;
	struct items images;
	const char *tag;
	const char *sha;
	enum sha_source sha_source;
	enum check_images check_images;
	bool pin;
	struct items latest;
	const char *semver;
	const char *registry;
	const char *registry_username;
	const char *registry_password;
	const char *project;
	struct items reprocess;
	enum only_which only;
	const char *since;
	const char *to;
	enum wait_what wait;
	int64_t wait_grace_ms;
	enum on_failure on_failure;
	int64_t timeout_ms;
	bool fail_on_changes;
	bool dry_run;
	bool show_specs;
	bool split;
	bool keep_going;
	enum prune prune;
	int64_t prune_limit; /* 0: none is given */
	struct items renamed_from;
	const char *out;
	const char *plan;
	bool create_repos;
	struct items files;
	bool append;
	bool delete_missing;
	bool if_changed;
	enum split_by split_by;
	const char *condition;
	int64_t history;
	bool follow;
	int64_t tail;
	const char *type;
	const char *server_version;
	enum note_where note;
	bool strict;
	struct items ignore;
	enum aliases_how aliases;
	const char *ca_file;
	const char *server_name;
	bool allow_plaintext;
	enum event_said event;
	enum on_pull_request on_pull_request;
	bool comment;
	const char *github_token;
	const char *azure_token;
	const char *gitlab_token;
	bool allow_untrusted_event;
	bool allow_unmatched;
	const char *working_directory;
	enum output_form output;
	const char *summary;
	const char *svg;
	const char *html;
	int64_t refresh_ms;
	bool quiet;
	bool verbose;
	const char *ci;
};

/*
 * Types the values, whose texts it borrows; words of booleans and choices have been checked by values_read(). -1 with
 * ERR_USAGE: a duration or a number that cannot be read. Texts and lists are there in any case.
 */
int options_read(struct options *out, const struct values *v, struct err *err) NODISCARD;

/* The same for one input that got its value later (value_give()); checks the word of a boolean or choice, too. */
int option_read(
    struct options *out, const struct values *v, enum input_id id, struct err *err) NODISCARD;

/* Sets an input to a text that is not from the user, such as the cluster of a context; NULL: not given. It is
 * borrowed. */
void option_set(struct options *out, struct values *v, enum input_id id, const char *text);

#endif
