#include "cmd/run.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/version.h"
#include "ci/systems/systems.h"
#include "cmd/command_table.h"
#include "deploy/gather/gather.h"
#include "deploy/gather/templates.h"
#include "deploy/report/comment.h"
#include "deploy/report/summary.h"
#include "files/read.h"
#include "inputs/exit_code.h"
#include "inputs/names.h"
#include "inputs/naming.h"
#include "net/channel.h"
#include "process/watch.h"
#include "secret/audience.h"
#include "secret/secret.h"
#include "session/config.h"
#include "session/run.h"
#include "session/targets.h"
#include "session/token.h"

/* Reads one such token, and erases its input. The runner masks it already. */
static int
read_forge_token(
    struct run *run, enum input_id id, const char *text, enum audience to, struct err *err)
{
	const char *from = run->in.from[id];

	if (!text)
		return 0;
	run->host_tokens[to] = secret_new(str_of(text), from, err);
	if (!run->host_tokens[to] || secret_mean_for(run->host_tokens[to], to, from, err) < 0)
		return -1;
	secret_keep_from_forks(run->host_tokens[to]);
	env_wipe(&run->env, from);
	secret_wipe((char *)(uintptr_t)text, strlen(text));
	option_set(&run->opt, &run->in, id, NULL);
	return 0;
}

/* The tokens of code hosts, for comments and write-back. */
static int
read_forge_tokens(struct run *run, struct err *err)
{
	const struct options *opt = &run->opt;

	if (!opt->comment && !opt->pull_request && !opt->direct && !opt->write_back)
		return 0;
	if (read_forge_token(run, IN_GITHUB_TOKEN, opt->github_token, AUDIENCE_GITHUB, err) < 0
	    || read_forge_token(run, IN_AZURE_TOKEN, opt->azure_token, AUDIENCE_AZURE, err) < 0
	    || read_forge_token(run, IN_GITLAB_TOKEN, opt->gitlab_token, AUDIENCE_GITLAB, err) < 0)
		return -1;
	return comment_check(run, err);
}

/* From here on signals and the clock end the run, whatever it does. */
static int
begin_watch(struct run *run, struct err *err)
{
	const struct watch_ends ends = { .deadline_ms = run->deadline_ms,
		.late_code = EXIT_TIMEOUT,
		.interrupted = "error: interrupted\n",
		.late = arena_fmt(run->arena,
		    "error: timed out after %s\n  hint: allow more time with input 'timeout'\n",
		    value_text(&run->in, IN_TIMEOUT))
		            .ptr };

	/* a write to a closed pipe is an error to report, not a silent end */
	if (sigaction(SIGPIPE, &(struct sigaction){ .sa_handler = SIG_IGN }, NULL) < 0)
		return err_set(err, ERR_SYSTEM, "cannot ignore SIGPIPE");
	run->watch = watch_start(&ends, err);
	run->stop_fd = watch_stop_fd(run->watch);
	return run->watch ? 0 : -1;
}

static int
interrupted_by(const struct run *run)
{
	return watch_signal(run->watch) == SIGINT ? EXIT_SIGINT : EXIT_SIGTERM;
}

static int
exit_code(const struct run *run, const struct err *err)
{
	switch (err->kind) {
	case ERR_USAGE:
		return EXIT_USAGE;
	case ERR_TIMEOUT:
		return EXIT_TIMEOUT;
	case ERR_SUPERSEDED:
		return EXIT_SUPERSEDED;
	case ERR_INTERRUPTED:
		return interrupted_by(run);
	case ERR_NONE:
	case ERR_SPEC:
	case ERR_SYSTEM:
	case ERR_NETWORK:
	case ERR_REFUSED:
	case ERR_FAILED:
		return EXIT_FAILED;
	}
	return EXIT_FAILED;
}

/* In CI, the path of an input must lie in the workspace. */
static int
fence_input(const struct run *run, enum input_id id, struct err *err)
{
	const char *path = value_text(&run->in, id);
	const char *fence = ci_fence(&run->ci);

	if (path && path_fenced(path, fence, err) < 0)
		return err_wrap(err, "input '%s'", inputs[id].name);
	return 0;
}

/* The same for files that results are written to, before anything is sent. */
static int
fence_results(struct run *run, struct err *err)
{
	const char *const paths[] = { run->opt.summary, run->opt.svg, run->opt.html };
	static const enum input_id ids[] = { IN_SUMMARY, IN_SVG, IN_HTML };

	for (size_t i = 0; i < COUNT_OF(paths); i++)
		if (paths[i]
		    && path_fenced_new(run->arena, paths[i], ci_fence(&run->ci), err) < 0) {
			if (ids[i] == IN_SUMMARY) /* the failure cannot be written there */
				run->opt.summary = NULL;
			return err_wrap(err, "input '%s'", inputs[ids[i]].name);
		}
	return 0;
}

/* Whether a part of a path is a symbolic link. */
static bool
has_link(struct arena *a, const char *path)
{
	struct str rest = str_of(path), part;
	size_t end = 0;
	struct stat st;

	while (str_split(&rest, '/', &part)) {
		const char *here = arena_cstr(a, str_head(str_of(path), end + part.len));

		end += part.len + 1;
		if (part.len > 0 && lstat(here, &st) == 0 && S_ISLNK(st.st_mode))
			return true;
	}
	return false;
}

static int
enter_directory(struct run *run, struct err *err)
{
	const char *dir = run->opt.working_directory;

	if (!dir)
		return 0;
	if (fence_input(run, IN_WORKING_DIRECTORY, err) < 0)
		return -1;
	run->is_beyond_link = dir[0] != '/' && has_link(run->arena, dir);
	if (chdir(dir) == 0)
		return 0;
	(void)err_set(err, ERR_USAGE, "cannot change to working directory '%.300s'", dir);
	return err_hint(err, "check that the directory exists");
}

/* Not every command can give its result in every form. */
static int
check_output(const struct run *run, const struct command *command, struct err *err)
{
	const char *wanted = value_text(&run->in, IN_OUTPUT);
	struct str forms;

	if (run->opt.output == OUTPUT_AUTO || run->opt.output == OUTPUT_TEXT
	    || str_is_one_of(str_of(wanted), command->outputs))
		return 0;
	(void)err_set(
	    err, ERR_USAGE, "command '%s' has no output format '%s'", command->name, wanted);
	if (!command->outputs)
		return err_hint(err, "remove --output: the result is always text");
	forms = choices_text(run->arena, command->outputs);
	return err_hint(err, "use one of: text, %.*s", STR_FMT(forms));
}

static int
refuse_cluster_flag(const struct command *command, const char *flag, struct err *err)
{
	(void)err_set(err, ERR_USAGE,
	    "command '%s' asks a cluster only to render Jsonnet templates, so '%s' has no use here",
	    command->name, flag);
	return err_hint(err, "remove it, or compare with the cluster: pachup plan");
}

/* Refuses flags that the command does not use. An action's inputs are not checked: a step may set them for any command. */
static int
check_flags(const struct run *run, const struct command *command, struct err *err)
{
	for (enum input_id id = 0; id < INPUT_COUNT; id++) {
		const char *from = run->in.from[id];
		bool is_known = inputs[id].used & command->use;

		if (!from || strncmp(from, "--", 2) != 0)
			continue;
		if (is_known && command->use & FOR_RENDERERS && inputs[id].group == GROUP_CLUSTER
		    && !templates_are_asked(&run->opt))
			return refuse_cluster_flag(command, from, err);
		if (is_known)
			continue;
		(void)err_set(
		    err, ERR_USAGE, "command '%s' does not take '%s'", command->name, from);
		return err_hint(err, "run 'pachup help %s' for its flags", command->name);
	}
	return 0;
}

/* Refuses arguments for a command that takes none. */
static int
check_words(const struct run *run, const struct command *command, struct err *err)
{
	const char *from = run->in.from[IN_SPECS];

	if (*command->words || !from || strcmp(from, "the arguments") != 0)
		return 0;
	(void)err_set(err, ERR_USAGE, "command '%s' takes no arguments, but got '%.100s'",
	    command->name, run->opt.specs.list[0]);
	return err_hint(err, "remove it, or run 'pachup help %s'", command->name);
}

static int
run_command(struct run *run, struct err *err)
{
	const char *name = run->opt.command_name;
	const struct command *command = command_named(&commands, name);

	if (!command)
		return err_set(err, ERR_USAGE, "unknown command '%.100s'", name);
	if (check_words(run, command, err) < 0 || check_flags(run, command, err) < 0
	    || check_output(run, command, err) < 0 || targets_open(run, command->use, err) < 0)
		return -1;
	return command->run(run, err);
}

/* Several targets: the command goes through them. A token that is given to the run is not each target's own. */
static int
keep_targets(struct run *run, const struct command *command, const struct config *config,
    const char **names, size_t count, struct err *err)
{
	enum input_id given = run->in.from[IN_TOKEN] ? IN_TOKEN
	                      : run->opt.token_stdin ? IN_TOKEN_STDIN
	                                             : IN_TOKEN_FILE;
	const char *token = run->in.from[given];

	if (!(command->use & (FOR_PUSH | FOR_PLAN | FOR_DRIFT))) {
		(void)err_set(err, ERR_USAGE,
		    "'%s' is for one target, but input 'target' names %zu", command->name, count);
		return err_hint(err, "name one target in each run");
	}
	for (size_t i = 1; i < count; i++)
		for (size_t k = 0; k < i; k++)
			if (strcmp(names[i], names[k]) == 0) {
				(void)err_set(
				    err, ERR_USAGE, "input 'target' names '%s' twice", names[i]);
				return err_hint(err, "name each target once");
			}
	if (token) {
		(void)err_set(err, ERR_USAGE,
		    "%s holds one token, but input 'target' names %zu targets", token, count);
		return err_hint(err, "give each target a 'token-env' or a 'token-file'");
	}
	run->config = config;
	run->target_names = names;
	run->target_count = count;
	ci_log(&run->ci, "project file %s, %zu targets", config->file, count);
	return 0;
}

/* The specs of a preview are those of another target until they are moved: elsewhere they would mean its pipelines. */
static int
check_preview(const struct run *run, const struct command *command, struct err *err)
{
	static const unsigned known = FOR_PUSH | FOR_PLAN | FOR_DOWN | FOR_DOCTOR | FOR_VALIDATE
	                              | FOR_RENDER | FOR_INPUTS | FOR_COMPARE | FOR_TOKEN_STATUS
	                              | FOR_ROTATE;

	if (!run->target || !run->target->preview || command->use & known)
		return 0;
	(void)err_set(err, ERR_USAGE, "'%s' does not know previews, and target '%s' is one",
	    command->name, run->target_name);
	return err_hint(err, "name another target, or the preview's project: --project NAME");
}

/* The plans of other targets are made with the inputs as they are before this run's target adds its own. */
static int
keep_given(struct run *run, const struct config *config, struct err *err)
{
	struct given_inputs *given = ARENA_NEW(run->arena, struct given_inputs);
	bool opens_request = run->opt.pull_request || run->opt.write_back;

	if (!opens_request || run->opt.plan_for.count == 0)
		return 0;
	if (!config) {
		(void)err_set(err, ERR_USAGE,
		    "input 'plan-for' names targets, and there is no pachup.yaml in this directory "
		    "or above it");
		return err_hint(err, "run 'pachup init', or name the file in input 'config'");
	}
	if (config_check_names(run, config, &run->opt.plan_for, err) < 0)
		return -1;
	*given = (struct given_inputs){ run->in, run->opt };
	run->given = given;
	run->config = config;
	return 0;
}

/* Applies the file to a run of one target, or of none; keeps the names of several targets for the command. */
static int
use_targets(
    struct run *run, const struct command *command, const struct config *config, struct err *err)
{
	const char **names;
	size_t count;

	run->project_file = config->file;
	if (config_targets(run, config, &names, &count, err) < 0)
		return -1;
	if (count > 1)
		return keep_targets(run, command, config, names, count, err);
	ci_log(&run->ci, "project file %s%s%s%s", config->file,
	    run->event.is_pull_request ? " of the base commit" : "", count > 0 ? ", target " : "",
	    count > 0 ? names[0] : "");
	if (config_apply(run, config, count > 0 ? names[0] : NULL, err) < 0)
		return -1;
	return check_preview(run, command, err);
}

/* Applies pachup.yaml to the run: its targets, or the top of the file. */
static int
use_config(struct run *run, struct err *err)
{
	const struct command *command = command_named(&commands, run->opt.command_name);
	const struct config *config;

	if (command && command->use & FOR_SEAL && run->opt.target.count > 0)
		return config_seal_target(run, err);
	if (!command || !(command->use & FOR_TARGETS))
		return 0;
	if (config_find(run, &config, err) < 0 || keep_given(run, config, err) < 0)
		return -1;
	return config ? use_targets(run, command, config, err) : 0;
}

static int
prepare(struct run *run, struct err *err)
{
	if (enter_directory(run, err) < 0)
		return -1;
	event_read(&run->ci, run->arena, &run->event);
	if (use_config(run, err) < 0 || fence_results(run, err) < 0
	    || fence_input(run, IN_PLAN, err) < 0 || fence_input(run, IN_CA_FILE, err) < 0)
		return -1;
	run->warn_s = run->opt.warn_ms / 1000;
	run->deadline_ms = clock_ms() + run->opt.timeout_ms;
	if (begin_watch(run, err) < 0)
		return -1;
	return read_forge_tokens(run, err);
}

/* Whether the errors are for a program, too: asked before the arguments are read, as they may be wrong. */
static bool
asks_for_json(int argc, char *const *argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		const char *arg = argv[i], *next = i + 1 < argc ? argv[i + 1] : "";
		bool is_flag = strcmp(arg, "--output") == 0 || strcmp(arg, "-o") == 0;

		if (strcmp(arg, "--json") == 0 || strcmp(arg, "--output=json") == 0
		    || strcmp(arg, "-ojson") == 0 || (is_flag && strcmp(next, "json") == 0))
			return true;
	}
	return false;
}

/* `pachup` alone, typed by somebody who wants to know what it does: there are no arguments, and no inputs that say
 * what to push. A token or an address may be set for other commands; in a runner they are meant. */
static bool
is_alone(const struct run *run, int argc, char *const *argv)
{
	for (int i = 0; i < argc; i++)
		if (argv[i][0] != '\0')
			return false;
	for (enum input_id id = 0; id < INPUT_COUNT; id++) {
		const char *from = run->in.from[id];

		if (from
		    && (id == IN_SPECS || ci_is_runner(&run->ci)
		        || str_starts(str_of(from), "INPUT_")))
			return false;
	}
	return true;
}

/* Whether the result is for people; scripts may read or keep the results of all other commands. */
static bool
is_for_people(const struct values *in)
{
	const char *form = value_text(in, IN_OUTPUT), *name = value_text(in, IN_COMMAND);
	const struct command *command = name ? command_named(&commands, name) : NULL;
	bool is_report =
	    command
	    && command->use & (FOR_WRITERS | FOR_DRIFT | FOR_DOWN | FOR_VALIDATE | FOR_DOCTOR);

	if (form && strcmp(form, "auto") != 0 && strcmp(form, "text") != 0)
		return false;
	return is_report || !in->command_in_argv;
}

/* Sets quiet and verbose; the runner's own debug log implies verbose, unless quiet is set. */
static int
choose_volume(struct run *run, struct err *err)
{
	bool is_verbose = run->opt.verbose;

	run->ci.quiet = run->opt.quiet;
	run->ci.is_verbose = is_verbose || (ci_has_debug_log(&run->ci) && !run->ci.quiet);
	if (!run->ci.quiet || !is_verbose)
		return 0;
	(void)err_set(err, ERR_USAGE, "%s and %s contradict each other",
	    value_title(&run->in, IN_QUIET), value_title(&run->in, IN_VERBOSE));
	return err_hint(err, "remove one of them");
}

/* Any form of input `output` but text is a document for a program that reads standard output. */
static void
take_form(struct run *run)
{
	enum output_form form = run->opt.output;

	run->ci.wants_json = output_is_json(&run->in);
	run->ci.is_json = run->ci.wants_json || form == OUTPUT_SARIF;
	run->ci.is_document = form != OUTPUT_AUTO && form != OUTPUT_TEXT;
}

/* Opens the log first, so that all later failures can be reported. */
static int
start(struct run *run, int argc, char *const *argv, struct err *err)
{
	struct err untyped = { .kind = ERR_NONE };
	int given = argc > 0 ? 1 : 0, rc, typed;

	if (ci_open(&run->ci, run->arena, ci_systems, &run->env, NULL, stdout, stderr, err) < 0)
		return -1;
	if (secret_guard_process(err) < 0)
		return -1;
	run->ci.wants_json = run->ci.is_json = run->ci.is_document = asks_for_json(argc, argv);
	rc = values_read(&run->in, run->arena, argc - given, argv + given, &run->env, err);
	typed = options_read(&run->opt, &run->in, &untyped);
	if (rc == 0 && run->opt.ci)
		rc = ci_open(
		    &run->ci, run->arena, ci_systems, &run->env, run->opt.ci, stdout, stderr, err);
	ci_set_channel(&run->ci, !run->in.command_in_argv, is_for_people(&run->in));
	run->in.is_camel = !run->in.command_in_argv && ci_has_camel_inputs(&run->ci);
	if (rc < 0)
		return -1;
	if (ci_is_runner(&run->ci) && !run->in.command_in_argv
	    && names_check(&run->in, &run->ci, err) < 0)
		return -1;
	if (typed < 0) {
		*err = untyped;
		return -1;
	}
	take_form(run);
	if (choose_volume(run, err) < 0)
		return -1;
	run->is_alone = is_alone(run, argc - given, argv + given);
	if (run->is_alone)
		option_set(&run->opt, &run->in, IN_COMMAND, "help");
	return prepare(run, err);
}

/* Writes the summary of a run without a plan, too; a failure is a warning. */
static void
sum_up(struct run *run, const struct err *err)
{
	struct err lost;
	bool has_reader = run->ci.is_channel || comment_is_wanted(run) || run->opt.summary;

	if (has_reader && summary_write(run, NULL, err, &lost) < 0)
		ci_warn(&run->ci, "%s", lost.text);
}

int
run_main(struct arena *a, int argc, char *const *argv, char *const *environment)
{
	struct run run = {
		.arena = a, .env = { environment }, .diags = diags_in(a), .stop_fd = -1
	};
	struct err err = { .kind = ERR_NONE };
	int code = start(&run, argc, argv, &err);

	if (code == 0)
		code = run_command(&run, &err);
	if (code < 0) {
		err_name_inputs(&run.in, &err);
		ci_error(&run.ci, &err);
	}
	sum_up(&run, code < 0 ? &err : NULL);
	if (code < 0)
		code = exit_code(&run, &err);
	if (ci_close(&run.ci, &err) < 0 && (code == EXIT_DONE || code == EXIT_CHANGES)) {
		ci_error(&run.ci, &err);
		code = EXIT_FAILED;
	}
	if (run.ci.lost_reader && (code == EXIT_DONE || code == EXIT_CHANGES))
		code = EXIT_PIPE;
	token_forget(&run);
	watch_end(run.watch);
	return code;
}
