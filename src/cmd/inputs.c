#include "cmd/inputs.h"

#include <string.h>

#include "base/arena.h"
#include "ci/env.h"

const struct input inputs[INPUT_COUNT] = {
	[IN_COMMAND] = { .name = "command",
	    .flag = "",
	    .fallback = "push",
	    .choices = "push|plan|validate|version|help",
	    .help = "what to do; on the command line the first argument" },
	[IN_SPECS] = { .name = "specs",
	    .flag = "",
	    .kind = INPUT_LIST,
	    .also = { "PACHYDERM_PIPELINE_FILES" },
	    .help = "pipeline specs: files, directories, globs (** too), or - for standard input; "
	            "on the "
	            "command line the arguments" },
	[IN_CLUSTER] = { .name = "cluster",
	    .also = { "PACHYDERM_CLUSTER_URL", "PACHD_ADDRESS" },
	    .help = "the cluster's address: grpc://, grpcs://, http://, https:// or HOST:PORT" },
	[IN_TOKEN] = { .name = "token",
	    .flag = "",
	    .kind = INPUT_SECRET,
	    .also = { "PACHYDERM_TOKEN", "PACH_TOKEN" },
	    .help = "the Pachyderm token; never on the command line" },
	[IN_TOKEN_FILE] = { .name = "token-file",
	    .cli_only = true,
	    .help = "a file that holds the token" },
	[IN_TOKEN_STDIN] = { .name = "token-stdin",
	    .kind = INPUT_BOOL,
	    .fallback = "false",
	    .cli_only = true,
	    .help = "read the token from standard input" },
	[IN_IMAGES] = { .name = "images",
	    .flag = "image",
	    .kind = INPUT_LIST,
	    .help = "image lines REPO[=NEWREPO][:TAG][@DIGEST] or PIPELINE==IMAGE" },
	[IN_TAG] = { .name = "tag",
	    .fallback = "{sha}",
	    .help = "the tag where an image line gives none: text with {sha}, {short}, {branch}, "
	            "{ref}" },
	[IN_SHA] = { .name = "sha",
	    .help = "the commit that {sha} means; else the CI event's, else HEAD" },
	[IN_SHA_SOURCE] = { .name = "sha-source",
	    .fallback = "ci",
	    .choices = "ci|head",
	    .help = "on a pull request: ci takes the commit that build steps see, head the "
	            "request's own" },
	[IN_PROJECT] = { .name = "project",
	    .help = "the project of specs that name none (2.5 and later)" },
	[IN_REPROCESS] = { .name = "reprocess",
	    .kind = INPUT_LIST,
	    .fallback = "never",
	    .help = "process old data again: never, changed (where image or code differ), always; "
	            "PIPELINE=always for a single one" },
	[IN_ONLY] = { .name = "only",
	    .fallback = "changed",
	    .choices = "changed|all",
	    .help = "push what differs from the cluster, or everything" },
	[IN_WAIT] = { .name = "wait",
	    .fallback = "none",
	    .choices = "none|pipelines|jobs",
	    .help =
	        "wait until the pipelines run what was pushed, or until the jobs of the push have "
	        "ended well" },
	[IN_WAIT_GRACE] = { .name = "wait-grace",
	    .fallback = "30s",
	    .help = "how long workers may fail and be started again before that counts as failed" },
	[IN_TIMEOUT] = { .name = "timeout",
	    .fallback = "10m",
	    .help = "how long the whole run may take: 90s, 10m, 1h" },
	[IN_FAIL_ON_CHANGES] = { .name = "fail-on-changes",
	    .kind = INPUT_BOOL,
	    .fallback = "false",
	    .help = "as an action or task, exit 2 when a plan finds changes" },
	[IN_DRY_RUN] = { .name = "dry-run",
	    .kind = INPUT_BOOL,
	    .fallback = "false",
	    .help = "show what would be done and change nothing; without a cluster no network is "
	            "used" },
	[IN_SHOW_SPECS] = { .name = "show-specs",
	    .kind = INPUT_BOOL,
	    .fallback = "false",
	    .help = "print the specs that are, or would be, sent" },
	[IN_SPLIT] = { .name = "split",
	    .kind = INPUT_BOOL,
	    .fallback = "false",
	    .help =
	        "send what does not fit one transaction in several, never cutting pipelines apart "
	        "that read from each other" },
	[IN_SERVER_VERSION] = { .name = "server-version",
	    .help = "the release of pachd to check for where no cluster is asked, for example 2.11 "
	            "(validate: the newest)" },
	[IN_CA_FILE] = { .name = "ca-file",
	    .help =
	        "a PEM file with the certificate authorities to trust instead of the system's" },
	[IN_SERVER_NAME] = { .name = "server-name",
	    .help =
	        "the name that the server's certificate must have, instead of the address's host" },
	[IN_ALLOW_PLAINTEXT] = { .name = "allow-plaintext",
	    .kind = INPUT_BOOL,
	    .fallback = "false",
	    .help = "let the token go over a connection without TLS" },
	[IN_ON_PULL_REQUEST] = { .name = "on-pull-request",
	    .fallback = "plan",
	    .choices = "plan|push",
	    .help = "what a push does on a pull request event" },
	[IN_ALLOW_UNTRUSTED_EVENT] = { .name = "allow-untrusted-event",
	    .kind = INPUT_BOOL,
	    .fallback = "false",
	    .help = "push even on an event that strangers can cause" },
	[IN_ALLOW_UNMATCHED] = { .name = "allow-unmatched",
	    .kind = INPUT_BOOL,
	    .fallback = "false",
	    .help = "let image lines match nothing" },
	[IN_WORKING_DIRECTORY] = { .name = "working-directory",
	    .help = "where relative paths start (also -C)" },
	[IN_OUTPUT] = { .name = "output",
	    .fallback = "auto",
	    .choices = "auto|text|json",
	    .cli_only = true,
	    .help = "the form of the result on standard output" },
	[IN_CI] = { .name = "ci",
	    .cli_only = true,
	    .help = "the CI system, instead of finding out" },
};

/* Growing lists of one input while argv is read. */
struct reader {
	struct values *out;
	struct arena *arena;
	struct err *err;
	size_t room[INPUT_COUNT];
};

static int
usage(struct reader *r, const char *what, const char *flag)
{
	(void)err_set(r->err, ERR_USAGE, "%s '%s'", what, flag);
	return err_mend(r->err, "run pachup help for the flags and inputs");
}

static void
add_item(struct reader *r, enum input_id id, const char *item)
{
	struct values *v = r->out;

	v->list[id] = arena_grow(r->arena, v->list[id], v->count[id], &r->room[id], sizeof(char *));
	v->list[id][v->count[id]++] = item;
}

/* Items are separated by newlines, commas or blanks; by newlines only where the value holds one. */
static void
add_items(struct reader *r, enum input_id id, struct str text)
{
	const char *separators = str_find(text, '\n') < text.len ? "\r\n" : ", \t\r\n";
	size_t start = 0;

	for (size_t i = 0; i <= text.len; i++) {
		struct str item;

		if (i < text.len && !strchr(separators, text.ptr[i]))
			continue;
		item = str_trim((struct str){ text.ptr + start, i - start });
		if (item.len > 0)
			add_item(r, id, arena_cstr(r->arena, item));
		start = i + 1;
	}
}

static const char *
flag_of(const struct input *input)
{
	return input->flag ? input->flag : input->name;
}

/* The input that "--name" or "--name=value" means; INPUT_COUNT when there is none. */
static enum input_id
find_flag(struct str name)
{
	for (enum input_id id = 0; id < INPUT_COUNT; id++)
		if (name.len > 0 && str_is(name, flag_of(&inputs[id])))
			return id;
	return INPUT_COUNT;
}

/* The input that a flag means, INPUT_COUNT for none; *value is what stands behind its '='. */
static enum input_id
read_flag(const char *arg, const char **value)
{
	struct str name = str_tail(str_of(arg), 2);
	size_t equals = str_find(name, '=');

	*value = NULL;
	if (strcmp(arg, "-C") == 0)
		return IN_WORKING_DIRECTORY;
	if (!str_starts(str_of(arg), "--"))
		return INPUT_COUNT;
	if (equals < name.len)
		*value = name.ptr + equals + 1;
	return find_flag(str_head(name, equals));
}

static int
unknown_flag(struct reader *r, const char *arg)
{
	if (str_starts(str_of(arg), "--token"))
		return usage(r,
		    "a token on the command line can be seen by others: use PACHYDERM_TOKEN or",
		    "--token-file");
	return usage(r, "there is no flag", arg);
}

static int
take_flag(struct reader *r, int argc, char *const *argv, int *i)
{
	const char *arg = argv[*i], *value;
	enum input_id id = read_flag(arg, &value);

	if (id == INPUT_COUNT)
		return unknown_flag(r, arg);
	if (!value && inputs[id].kind == INPUT_BOOL)
		value = "true";
	if (!value && ++*i >= argc)
		return usage(r, "a value is missing behind flag", arg);
	if (!value)
		value = argv[*i];
	if (*value == '\0')
		return 0; /* an empty input counts as not given */
	if (inputs[id].kind == INPUT_LIST)
		add_items(r, id, str_of(value));
	else if (r->out->text[id])
		return usage(r, "given twice is flag", arg);
	r->out->text[id] = value;
	r->out->from[id] = arena_fmt(r->arena, "--%s", flag_of(&inputs[id])).ptr;
	return 0;
}

static int
read_argv(struct reader *r, int argc, char *const *argv)
{
	bool only_paths = false;

	for (int i = 0; i < argc; i++) {
		if (argv[i][0] == '\0') {
			continue; /* how a runner passes an input that is not given */
		} else if (!only_paths && strcmp(argv[i], "--") == 0) {
			only_paths = true;
		} else if (!only_paths && argv[i][0] == '-' && argv[i][1] != '\0') {
			if (take_flag(r, argc, argv, &i) < 0)
				return -1;
		} else if (!r->out->command_in_argv && !only_paths) {
			r->out->command_in_argv = true;
			r->out->text[IN_COMMAND] = argv[i];
		} else {
			add_item(r, IN_SPECS, argv[i]);
			r->out->text[IN_SPECS] = argv[i];
			r->out->from[IN_SPECS] = "the arguments";
		}
	}
	return 0;
}

static void
read_env(struct reader *r, const struct env *env, enum input_id id)
{
	const struct input *input = &inputs[id];
	const char *variable = NULL;
	const char *value =
	    input->cli_only ? NULL : env_input(env, r->arena, input->name, &variable);

	for (size_t i = 0; !value && i < COUNT_OF(input->also) && input->also[i]; i++) {
		variable = input->also[i];
		value = env_get(env, variable);
	}
	if (!value)
		return;
	r->out->text[id] = value;
	r->out->from[id] = variable;
	if (input->kind == INPUT_LIST)
		add_items(r, id, str_of(value));
}

static bool
is_true(const char *text)
{
	return strcmp(text, "true") == 0 || strcmp(text, "True") == 0 || strcmp(text, "TRUE") == 0;
}

static bool
is_false(const char *text)
{
	return strcmp(text, "false") == 0 || strcmp(text, "False") == 0
	       || strcmp(text, "FALSE") == 0;
}

static bool
is_choice(struct str choices, const char *text)
{
	struct str one;

	while (str_split(&choices, '|', &one))
		if (str_is(one, text))
			return true;
	return false;
}

static int
check(struct reader *r, enum input_id id)
{
	const struct input *input = &inputs[id];
	const char *text = r->out->text[id];

	if (!text)
		return 0;
	if (input->kind == INPUT_BOOL && !is_true(text) && !is_false(text)) {
		(void)err_set(r->err, ERR_USAGE, "input '%s' is '%.100s', which is no boolean",
		    input->name, text);
		return err_mend(r->err, "write true or false");
	}
	if (input->choices && !is_choice(str_of(input->choices), text)) {
		(void)err_set(r->err, ERR_USAGE, "input '%s' is '%.100s', which is not known",
		    input->name, text);
		return err_mend(r->err, "write one of %s", input->choices);
	}
	return 0;
}

int
values_read(struct values *out, struct arena *a, int argc, char *const *argv, const struct env *env,
    struct err *err)
{
	struct reader r = { .out = out, .arena = a, .err = err };

	*out = (struct values){ 0 };
	if (read_argv(&r, argc, argv) < 0)
		return -1;
	for (enum input_id id = 0; id < INPUT_COUNT; id++) {
		if (!out->text[id])
			read_env(&r, env, id);
		if (!out->text[id] && inputs[id].fallback) {
			out->text[id] = inputs[id].fallback;
			if (inputs[id].kind == INPUT_LIST)
				add_items(&r, id, str_of(out->text[id]));
		}
		if (check(&r, id) < 0)
			return -1;
	}
	return 0;
}

bool
value_is_true(const struct values *v, enum input_id id)
{
	return v->text[id] && is_true(v->text[id]);
}
