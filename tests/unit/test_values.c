#include "tap.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "ci/env.h"
#include "inputs/naming.h"
#include "inputs/options.h"
#include "inputs/values.h"

enum { MOST = 8 };

/* Reads up to MOST arguments and variables. */
static int
read_values(struct arena *a, const char *const *args, const char *const *vars, struct values *out,
    struct err *err)
{
	char *argv[MOST + 1] = { NULL }, *environment[MOST + 1] = { NULL };
	struct env env = { environment };
	int argc = 0;

	for (; argc < MOST && args[argc]; argc++)
		argv[argc] = arena_cstr(a, str_of(args[argc]));
	for (size_t i = 0; vars && i < MOST && vars[i]; i++)
		environment[i] = arena_cstr(a, str_of(vars[i]));
	*err = (struct err){ .kind = ERR_NONE };
	return values_read(out, a, argc, argv, &env, err);
}

/* The value as text, a list's items joined by '|'. */
static struct str
shown(struct arena *a, const struct values *v, enum input_id id)
{
	struct str text = { "", 0 };

	if (inputs[id].kind != INPUT_LIST)
		return v->text[id] ? str_of(v->text[id]) : STR("(none)");
	for (size_t i = 0; i < v->count[id]; i++)
		text = arena_fmt(a, "%.*s%s%s", STR_FMT(text), i ? "|" : "", v->list[id][i]);
	return text;
}

static void
test_values_read__where_a_value_comes_from(struct arena *a)
{
	static const struct {
		const char *name, *args[MOST], *vars[MOST];
		enum input_id id;
		const char *value, *from;
	} rows[] = {
		{ "the default", { "push" }, { NULL }, IN_TAG, "{sha}", NULL },
		{ "nothing", { "push" }, { NULL }, IN_CLUSTER, "(none)", NULL },
		{ "a command of two words", { "token", "keygen" }, { NULL }, IN_COMMAND,
		    "token keygen", NULL },
		{ "with a flag between them", { "token", "--out", "x", "keygen" }, { NULL },
		    IN_COMMAND, "token keygen", NULL },
		{ "as one word", { "token keygen" }, { NULL }, IN_COMMAND, "token keygen", NULL },
		{ "as an input", { NULL }, { "INPUT_COMMAND=token keygen" }, IN_COMMAND,
		    "token keygen", "INPUT_COMMAND" },
		{ "words behind two", { "token", "keygen", "a" }, { NULL }, IN_SPECS, "a",
		    "the arguments" },
		{ "words behind one", { "push", "keygen" }, { NULL }, IN_SPECS, "keygen",
		    "the arguments" },
		{ "a flag", { "push", "--tag", "x" }, { "INPUT_TAG=y" }, IN_TAG, "x", "--tag" },
		{ "a flag with '='", { "push", "--tag=x=y" }, { NULL }, IN_TAG, "x=y", "--tag" },
		{ "before the command", { "--tag", "x", "push" }, { NULL }, IN_TAG, "x", "--tag" },
		{ "an input", { NULL }, { "INPUT_TAG=y" }, IN_TAG, "y", "INPUT_TAG" },
		{ "Azure's spelling", { NULL }, { "INPUT_DRYRUN=true" }, IN_DRY_RUN, "true",
		    "INPUT_DRYRUN" },
		{ "an input before an old variable", { NULL },
		    { "PACHD_ADDRESS=b", "INPUT_CLUSTER=a" }, IN_CLUSTER, "a", "INPUT_CLUSTER" },
		{ "the first old variable", { NULL },
		    { "PACHD_ADDRESS=b", "PACHYDERM_CLUSTER_URL=c" }, IN_CLUSTER, "c",
		    "PACHYDERM_CLUSTER_URL" },
		{ "the second one", { NULL }, { "PACHD_ADDRESS=b" }, IN_CLUSTER, "b",
		    "PACHD_ADDRESS" },
		{ "an empty input does not count", { NULL }, { "INPUT_TAG=", "INPUT_WAIT= " },
		    IN_TAG, "{sha}", NULL },
		{ "an empty flag does not count", { "push", "--tag", "" }, { "INPUT_TAG=y" },
		    IN_TAG, "y", "INPUT_TAG" },
		{ "an empty flag with '='", { "push", "--tag=", "--wait=" }, { NULL }, IN_WAIT,
		    "none", NULL },
		{ "an empty flag and a full one", { "push", "--tag=", "--tag=x" }, { NULL }, IN_TAG,
		    "x", "--tag" },
		{ "a bare boolean", { "push", "--dry-run" }, { NULL }, IN_DRY_RUN, "true",
		    "--dry-run" },
		{ "the input's name for its flag", { "push", "--images", "x" }, { NULL }, IN_IMAGES,
		    "x", "--image" },
		{ "a letter with its value", { "push", "-oauto" }, { NULL }, IN_OUTPUT, "auto",
		    "--output" },
		{ "a letter without a value", { "push", "-q" }, { NULL }, IN_QUIET, "true",
		    "--quiet" },
		{ "-f of logs", { "logs", "edges", "-f" }, { NULL }, IN_FOLLOW, "true",
		    "--follow" },
		{ "-f of push", { "push", "-f", "a,b" }, { NULL }, IN_SPECS, "a,b",
		    "the arguments" },
		{ "-f with its value", { "plan", "-fa" }, { NULL }, IN_SPECS, "a",
		    "the arguments" },
		{ "the version to go back to", { "rollback", "x", "--version", "1" }, { NULL },
		    IN_TO, "1", "--to" },
		{ "the version of pachup", { "--version", "push" }, { NULL }, IN_COMMAND, "version",
		    NULL },
		{ "-C", { "push", "-C", "dir" }, { NULL }, IN_WORKING_DIRECTORY, "dir",
		    "--working-directory" },
		{ "a token", { "push" }, { "PACH_TOKEN=t" }, IN_TOKEN, "t", "PACH_TOKEN" },
		{ "no input of the action", { "push" }, { "INPUT_TOKEN-FILE=/etc/shadow" },
		    IN_TOKEN_FILE, "(none)", NULL },
		{ "a value like a flag", { "push", "--tag", "--tag" }, { NULL }, IN_TAG, "--tag",
		    "--tag" },
		{ "the command's input", { NULL }, { "INPUT_COMMAND=plan" }, IN_COMMAND, "plan",
		    "INPUT_COMMAND" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct values v;
		struct err err;
		int rc = read_values(a, rows[i].args, rows[i].vars, &v, &err);
		const char *from = v.from[rows[i].id];

		ok(rc == 0 && str_is(shown(a, &v, rows[i].id), rows[i].value)
		        && (rows[i].from ? from && strcmp(from, rows[i].from) == 0 : !from),
		    "%s: '%s' from %s %s", rows[i].name, shown(a, &v, rows[i].id).ptr,
		    from ? from : "nobody", err.text);
	}
}

/* The name of the variable that a runner makes of an input that the user spelled so, in `a`. GitHub's turns blanks to '_'
 * and all to upper case; Azure's agent drops nothing, and task.json has dryRun. */
static const char *
runner_variable(struct arena *a, const char *name, const char *separator, bool is_upper)
{
	struct str rest = str_of(name), word, text = STR("");

	while (str_split(&rest, '-', &word))
		text = arena_fmt(
		    a, "%.*s%s%.*s", STR_FMT(text), text.len ? separator : "", STR_FMT(word));
	text = str_of(arena_cstr(a, text));
	for (char *c = (char *)(uintptr_t)text.ptr; is_upper && *c; c++)
		*c = (char)toupper((unsigned char)*c);
	return arena_fmt(a, "INPUT_%s", text.ptr).ptr;
}

/* Words of a user for an input: what it takes, and not its default. */
static const char *
other_word(struct arena *a, const struct input *in, bool second)
{
	struct str rest = str_of(in->choices), one;

	if (in->kind == INPUT_BOOL)
		return second ? "false" : "true";
	if (!in->choices)
		return second ? "b" : "a";
	while (str_split(&rest, '|', &one))
		if (!str_is(one, in->fallback ? in->fallback : "") && !second)
			return arena_cstr(a, one);
	return in->fallback ? in->fallback : "json";
}

/* Reads one or two variables as an action or a task does. */
static int
read_two(struct arena *a, const char *one, const char *text, const char *two, const char *other,
    struct values *out, struct err *err)
{
	static const char *const no_args[MOST] = { NULL };
	const char *vars[MOST] = { arena_fmt(a, "%s=%s", one, text).ptr,
		two ? arena_fmt(a, "%s=%s", two, other).ptr : NULL };

	return read_values(a, no_args, vars, out, err);
}

/* Every input in every spelling, as GitHub's runner and Azure's agent hand it over; a bug of old let the default of
 * action.yml win over a user's own spelling, so that `dryRun: true` pushed. */
static void
test_values_read__every_spelling_of_every_input(struct arena *a)
{
	static const struct {
		const char *separator;
		bool is_upper;
	} spellings[] = {
		{ "-", true },  /* GitHub: dry-run, Dry-Run */
		{ "_", true },  /* GitHub: dry_run; "dry run" */
		{ "", true },   /* GitHub: dryRun; Azure: dryRun */
		{ "-", false }, /* whoever sets it as it is written */
		{ "_", false },
	};
	enum { SPELLINGS = COUNT_OF(spellings) };
	struct values v;
	struct err err;

	for (enum input_id id = 0; id < INPUT_COUNT; id++) {
		const char *given = other_word(a, &inputs[id], false), *names[SPELLINGS];
		const char *against = other_word(a, &inputs[id], true);

		for (size_t i = 0; i < SPELLINGS; i++)
			names[i] = runner_variable(
			    a, inputs[id].name, spellings[i].separator, spellings[i].is_upper);
		for (size_t i = 0; !inputs[id].cli_only && i < SPELLINGS; i++) {
			const char *other = names[(i + 1) % SPELLINGS];
			bool is_same = strcmp(names[i], other) == 0;

			ok(read_two(a, names[i], given, NULL, NULL, &v, &err) == 0
			        && strcmp(v.text[id], given) == 0
			        && strcmp(v.from[id], names[i]) == 0,
			    "%s alone: %s", names[i], err.text);
			if (is_same)
				continue;
			ok(read_two(a, other, "", names[i], given, &v, &err) == 0
			        && strcmp(v.text[id], given) == 0,
			    "%s beside an empty %s: %s", names[i], other, err.text);
			ok(read_two(a, other, given, names[i], given, &v, &err) == 0
			        && strcmp(v.text[id], given) == 0,
			    "%s and %s agree: %s", names[i], other, err.text);
			ok(read_two(a, other, against, names[i], given, &v, &err) < 0
			        && err.kind == ERR_USAGE && strstr(err.text, names[i])
			        && strstr(err.text, other),
			    "%s and %s disagree: %s", names[i], other, err.text);
		}
		if (inputs[id].cli_only)
			ok(read_two(a, names[0], given, NULL, NULL, &v, &err) == 0 && !v.from[id],
			    "%s is not an input of an action", names[0]);
	}
}

/* C.3 number 16: newlines, two blanks, commas. */
static void
test_values_read__lists(struct arena *a)
{
	static const struct {
		const char *name, *args[MOST], *vars[MOST];
		enum input_id id;
		const char *items;
	} rows[] = {
		{ "arguments as they are", { "push", "a b", "c,d" }, { NULL }, IN_SPECS,
		    "a b|c,d" },
		{ "behind --", { "push", "--", "--tag", "-" }, { NULL }, IN_SPECS, "--tag|-" },
		{ "standard input", { "push", "-" }, { NULL }, IN_SPECS, "-" },
		{ "empty arguments", { "", "push", "", "a" }, { NULL }, IN_SPECS, "a" },
		{ "commas and blanks", { NULL }, { "INPUT_SPECS=a,b  c,,\td" }, IN_SPECS,
		    "a|b|c|d" },
		{ "newlines only", { NULL }, { "INPUT_SPECS=a b\n\n c,d \r\ne" }, IN_SPECS,
		    "a b|c,d|e" },
		{ "the old variable", { NULL }, { "PACHYDERM_PIPELINE_FILES=a b" }, IN_SPECS,
		    "a|b" },
		{ "arguments before inputs", { "push", "x" }, { "INPUT_SPECS=a" }, IN_SPECS, "x" },
		{ "a flag again and again", { "push", "--image", "a", "--image=b,c" },
		    { "INPUT_IMAGES=d" }, IN_IMAGES, "a|b|c" },
		{ "a list's default", { "push" }, { NULL }, IN_REPROCESS, "never" },
		{ "one item for each flag", { "set-image", "--set", "a=b c, d", "--set=e= f" },
		    { NULL }, IN_SET, "a=b c, d|e= f" },
		{ "one item for each line", { "set-image" }, { "INPUT_SET=a=b c, d\n\n e=f\r\n" },
		    IN_SET, "a=b c, d|e=f" },
		{ "nothing but commas", { NULL }, { "INPUT_IMAGES= , ," }, IN_IMAGES, "" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct values v;
		struct err err;
		int rc = read_values(a, rows[i].args, rows[i].vars, &v, &err);

		ok(rc == 0 && str_is(shown(a, &v, rows[i].id), rows[i].items), "%s: %s",
		    rows[i].name, shown(a, &v, rows[i].id).ptr);
	}
}

static void
test_values_read__command_in_argv(struct arena *a)
{
	static const struct {
		const char *args[MOST], *command;
		bool in_argv;
	} rows[] = {
		{ { "plan", "x" }, "plan", true },
		{ { NULL }, "push", false },
		{ { "", "" }, "push", false },
		{ { "--", "x" }, "push", false },
		{ { "--dry-run" }, "push", false },
		{ { "--version", "push" }, "version", true },
		{ { "push", "--tag", "x", "-h" }, "help", true },
		{ { "--", "--version" }, "push", false },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct values v;
		struct err err;
		int rc = read_values(a, rows[i].args, NULL, &v, &err);

		ok(rc == 0 && strcmp(v.text[IN_COMMAND], rows[i].command) == 0
		        && v.command_in_argv == rows[i].in_argv,
		    "row %zu: %s", i, v.text[IN_COMMAND]);
	}
}

static void
test_values_read__called_wrongly(struct arena *a)
{
	static const struct {
		const char *args[MOST], *vars[MOST], *says;
	} rows[] = {
		{ { "push", "--nope" }, { NULL }, "unknown flag '--nope'" },
		{ { "push", "-x" }, { NULL }, "unknown flag '-x'" },
		{ { "push", "-qx" }, { NULL }, "unknown flag '-qx'" },
		{ { "push", "--"
		            "=x" },
		    { NULL }, "unknown flag '--'" },
		{ { "push", "--TAG=secret" }, { NULL }, "unknown flag '--TAG'" },
		{ { "push", "--specs=x" }, { NULL }, "unknown flag '--specs'" },
		{ { "push", "--token", "secret" }, { NULL }, "--token is not a flag" },
		{ { "push", "--token=secret" }, { NULL }, "--token is not a flag" },
		{ { "push", "--tag" }, { NULL }, "--tag needs a value" },
		{ { "push", "-C" }, { NULL }, "--working-directory needs a value" },
		{ { "push", "--tag=a", "--tag=b" }, { NULL }, "--tag is given twice" },
		{ { "push", "--dry-run", "--dry-run" }, { NULL }, "--dry-run is given twice" },
		{ { "push", "--dry-run=yes" }, { NULL }, "invalid boolean 'yes' in --dry-run" },
		{ { NULL }, { "INPUT_DRY-RUN=1" }, "invalid boolean '1' in input 'dry-run'" },
		{ { "push", "--wait=maybe" }, { NULL }, "invalid value 'maybe' in --wait" },
		{ { "push", "--wait=none|jobs" }, { NULL }, "invalid value 'none|jobs'" },
		{ { "shove" }, { NULL }, "unknown command 'shove'" },
		{ { NULL }, { "INPUT_COMMAND=shove" }, "unknown command 'shove'" },
		{ { "token" }, { NULL }, "'token' needs a subcommand" },
		{ { "token", "shove" }, { NULL }, "unknown command 'token shove'" },
		{ { "token", "--", "keygen" }, { NULL }, "'token' needs a subcommand" },
		{ { "push keygen" }, { NULL }, "unknown command 'push keygen'" },
		{ { NULL }, { "INPUT_COMMAND=token" }, "'token' needs a subcommand" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct values v;
		struct err err;
		int rc = read_values(a, rows[i].args, rows[i].vars, &v, &err);

		ok(rc < 0 && err.kind == ERR_USAGE && strstr(err.text, rows[i].says) && err.hint[0]
		        && !strstr(err.text, "secret"),
		    "row %zu: %s", i, err.text);
	}
}

static void
test_value_is_true__three_spellings(struct arena *a)
{
	static const struct {
		const char *arg;
		bool is_true;
	} rows[] = {
		{ "--dry-run", true },
		{ "--dry-run=true", true },
		{ "--dry-run=True", true },
		{ "--dry-run=TRUE", true },
		{ "--dry-run=false", false },
		{ "--dry-run=False", false },
		{ "--dry-run=FALSE", false },
		{ "--dry-run=", false },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const char *const args[MOST] = { "push", rows[i].arg };
		struct values v;
		struct err err;

		ok(read_values(a, args, NULL, &v, &err) == 0
		        && value_is_true(&v, IN_DRY_RUN) == rows[i].is_true,
		    "%s", rows[i].arg);
		ok(!value_is_true(&v, IN_CLUSTER), "what is not given is not true");
	}
}

/* What "help" is asked about, in all ways to ask. */
static void
test_values_read__help(struct arena *a)
{
	static const struct {
		const char *args[MOST], *topics;
	} rows[] = {
		{ { "help" }, "" },
		{ { "--help" }, "" },
		{ { "help", "push" }, "push" },
		{ { "push", "--help" }, "push" },
		{ { "push", "x", "--dry-run", "-h", "y" }, "push" },
		{ { "--help", "push" }, "push" },
		{ { "-h", "push", "plan" }, "push|plan" },
		{ { "--dry-run", "--help", "--tag", "push" }, "push" },
		{ { "help", "push", "plan" }, "push|plan" },
		{ { "help", "push", "--help" }, "push" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct values v;
		struct err err;
		int rc = read_values(a, rows[i].args, NULL, &v, &err);

		ok(rc == 0 && strcmp(v.text[IN_COMMAND], "help") == 0 && v.command_in_argv
		        && str_is(shown(a, &v, IN_SPECS), rows[i].topics),
		    "row %zu: %s", i, shown(a, &v, IN_SPECS).ptr);
	}
}

static void
test_values_read__did_you_mean(struct arena *a)
{
	static const struct {
		const char *args[MOST], *hint;
	} rows[] = {
		{ { "pus", "x" }, "did you mean 'push'?" },
		{ { "pulsh" }, "did you mean 'push'?" },
		{ { "valid" }, "did you mean 'validate'?" },
		{ { "set_image" }, "did you mean 'set-image'?" },
		{ { "deploy" }, "run 'pachup push FILE'" },
		{ { "pipelines/edges.json" }, "run 'pachup push pipelines/edges.json'" },
		{ { "push", "--drt-run" }, "did you mean '--dry-run'?" },
		{ { "push", "--TAG=x" }, "did you mean '--tag'?" },
		{ { "push", "--imagse=x" }, "did you mean '--image'?" },
		{ { "push", "--nothing-like-it" }, "run 'pachup help push' for its flags" },
		{ { "push", "--token-fil=x" }, "did you mean '--token-file'?" },
		{ { "push", "--token=x" }, "set PACHYDERM_TOKEN, or use --token-file" },
		{ { "push", "--wait", "job" }, "did you mean 'jobs'?" },
		{ { "push", "--wait", "x" }, "use one of: none, pipelines, jobs" },
		{ { "push", "--cluster" }, "write --cluster ADDRESS" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct values v;
		struct err err;
		int rc = read_values(a, rows[i].args, NULL, &v, &err);

		ok(rc < 0 && strstr(err.hint, rows[i].hint), "row %zu: %s", i, err.hint);
	}
}

static void
test_value_title__says_what_the_user_wrote(struct arena *a)
{
	static const struct {
		const char *args[MOST], *vars[MOST];
		enum input_id id;
		const char *title;
	} rows[] = {
		{ { "push", "--tag=x" }, { NULL }, IN_TAG, "--tag" },
		{ { "push" }, { "INPUT_TAG=x" }, IN_TAG, "input 'tag'" },
		{ { "push" }, { NULL }, IN_TAG, "--tag" },
		{ { NULL }, { NULL }, IN_TAG, "input 'tag'" },
		{ { "push" }, { NULL }, IN_IMAGES, "--image" },
		{ { "push" }, { "PACH_TOKEN=t" }, IN_TOKEN, "PACH_TOKEN" },
		{ { "push" }, { NULL }, IN_TOKEN, "PACHYDERM_TOKEN" },
		{ { NULL }, { NULL }, IN_TOKEN, "input 'token'" },
		{ { "push", "x" }, { NULL }, IN_SPECS, "the arguments" },
		{ { "push" }, { NULL }, IN_SPECS, "the arguments" },
		{ { "push" }, { "INPUT_SPECS=x" }, IN_SPECS, "input 'specs'" },
		{ { "push" }, { NULL }, IN_COMMAND, "input 'command'" },
		{ { NULL }, { "PACHD_ADDRESS=x" }, IN_CLUSTER, "PACHD_ADDRESS" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct values v;
		struct err err;
		int rc = read_values(a, rows[i].args, rows[i].vars, &v, &err);
		const char *title = value_title(&v, rows[i].id);

		ok(rc == 0 && strcmp(title, rows[i].title) == 0, "row %zu: %s", i, title);
	}
}

static void
test_value_name__as_the_task_writes_it(struct arena *a)
{
	struct values v = { .arena = a };

	ok(strcmp(value_name(&v, IN_ALLOW_UNTRUSTED_EVENT), "allow-untrusted-event") == 0,
	    "the action's");
	v.is_camel = true;
	ok(strcmp(value_name(&v, IN_ALLOW_UNTRUSTED_EVENT), "allowUntrustedEvent") == 0,
	    "the task's");
	ok(strcmp(value_name(&v, IN_TAG), "tag") == 0, "one word");
	ok(strcmp(value_title(&v, IN_DRY_RUN), "input 'dryRun'") == 0, "in a message");
}

/* A form has no flags: what it says is made for it, or fits as it is. */
static void
test_input_forms__fit_a_form(void)
{
	for (enum input_id id = 0; id < INPUT_COUNT; id++) {
		const char *help = input_forms[id].help ? input_forms[id].help : inputs[id].help;

		ok(inputs[id].cli_only || (!strstr(help, "--") && !strstr(help, "flag")), "%s: %s",
		    inputs[id].name, help);
	}
}

static void
test_err_name_inputs__in_the_words_of_the_reader(struct arena *a)
{
	static const struct {
		const char *args[MOST], *vars[MOST], *text, *named;
	} rows[] = {
		{ { "push" }, { NULL }, "input 'tag' is empty", "--tag is empty" },
		{ { NULL }, { NULL }, "input 'tag' is empty", "input 'tag' is empty" },
		{ { "push" }, { "INPUT_TAG=x" }, "input 'tag' is empty", "input 'tag' is empty" },
		{ { "push" }, { NULL }, "set input 'images' or input 'tag'",
		    "set --image or --tag" },
		{ { "push" }, { NULL }, "x, or set input 'split' to true.", "x, or add --split." },
		{ { "push" }, { NULL }, "input 'split' to true", "--split to true" },
		{ { NULL }, { NULL }, "set input 'split' to true", "set input 'split' to true" },
		{ { "push" }, { NULL }, "no input 'nothing', input 'tag, input '",
		    "no input 'nothing', input 'tag, input '" },
		{ { "push" }, { NULL }, "", "" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct values v;
		struct err err;
		int rc = read_values(a, rows[i].args, rows[i].vars, &v, &err);

		(void)err_set(&err, ERR_USAGE, "%s", "");
		(void)err_hint_text(&err, rows[i].text);
		err_name_inputs(&v, &err);
		ok(rc == 0 && strcmp(err.hint, rows[i].named) == 0, "row %zu: %s", i, err.hint);
	}
}

/* What a server says is not ours: a bug of old quoted it with "--tag" in it. */
static void
test_err_name_inputs__leaves_foreign_words(struct arena *a)
{
	static const char *const args[MOST] = { "push" };
	static const char said[] =
	    "input 'tag' of pipeline p reads repo 'x'; set input 'split' to true";
	struct values v;
	struct err err;

	ok(read_values(a, args, NULL, &v, &err) == 0, "%s", err.text);
	(void)err_set(&err, ERR_REFUSED, "the cluster refused: %s", said);
	(void)err_hint(&err, "%s, or input '%s' %d, or input 'tag' ", said, "images", 1);
	(void)err_wrap(&err, "input 'strict' with '%s'", said);
	err_name_inputs(&v, &err);
	ok(strcmp(err.text,
	       arena_fmt(a, "--strict with '%s': the cluster refused: %s", said, said).ptr)
	        == 0,
	    "%s", err.text);
	ok(strcmp(err.hint, arena_fmt(a, "%s, or --image 1, or --tag ", said).ptr) == 0, "%s",
	    err.hint);
	err_name_inputs(&v, &err);
	ok(strstr(err.hint, "or --image 1, or --tag "), "a second time changes nothing");
}

static void
test_err_name_inputs__what_is_too_long_is_cut(struct arena *a)
{
	static const char *const args[MOST] = { "push" }, *const vars[MOST] = { "PACHD_ADDRESS=x" };
	char long_text[sizeof(((struct err *)NULL)->text)];
	struct values v;
	struct err err;

	ok(read_values(a, args, vars, &v, &err) == 0, "%s", err.text);
	memset(long_text, 'x', sizeof(long_text));
	long_text[sizeof(long_text) - 1] = '\0';
	(void)err_set(&err, ERR_USAGE, "input 'token' %s", long_text);
	err_name_inputs(&v, &err);
	ok(strncmp(err.text, "PACHYDERM_TOKEN xxx", 19) == 0
	        && strlen(err.text) == sizeof(err.text) - 1,
	    "%zu bytes", strlen(err.text));
	(void)err_set(&err, ERR_USAGE, "%s input 'token'", long_text + 8);
	err_name_inputs(&v, &err);
	ok(!strstr(err.text, "PACHYDERM"), "what was cut is not named");
	(void)err_set(&err, ERR_USAGE, "%s", long_text + 12);
	(void)err_wrap(&err, "input 'token'");
	err_name_inputs(&v, &err);
	ok(!strstr(err.text, "PACHYDERM"), "nor in a context: %.20s", err.text);
}

static void
test_diags_name_inputs__in_hints(struct arena *a)
{
	static const char *const args[MOST] = { "push" };
	struct diags d = diags_in(a);
	struct values v;
	struct err err;

	ok(read_values(a, args, NULL, &v, &err) == 0, "%s", err.text);
	diag_hint(&d,
	    diags_error(&d, 0, "f", (struct span){ .line = 1, .col = 1 }, "input 'tag' is bad"),
	    "rename '%s', or set input 'create-repos' to true", "input 'tag'");
	diags_name_inputs(&v, &d);
	ok(str_is(d.list[0].what, "input 'tag' is bad")
	        && str_is(d.list[0].hint, "rename 'input 'tag'', or add --create-repos"),
	    "%s", d.list[0].hint.ptr);
}

/* Every word of every choice has its enumerator, in the order of the table. */
static void
test_options_read__choices(struct arena *a)
{
	static const struct {
		const char *arg;
		size_t at; /* of an enum in struct options */
		unsigned value;
	} rows[] = {
#define ROW(arg, member, value) { arg, offsetof(struct options, member), value }
		ROW("--wait=none", wait, WAIT_NONE),
		ROW("--wait=pipelines", wait, WAIT_PIPELINES),
		ROW("--wait=jobs", wait, WAIT_JOBS),
		ROW("--only=changed", only, ONLY_CHANGED),
		ROW("--only=all", only, ONLY_ALL),
		ROW("--kinds=any", kinds, KINDS_ANY),
		ROW("--kinds=known", kinds, KINDS_KNOWN),
		ROW("--auth=token", auth, AUTH_TOKEN),
		ROW("--auth=oidc", auth, AUTH_OIDC),
		ROW("--sha-source=ci", sha_source, SHA_SOURCE_CI),
		ROW("--sha-source=head", sha_source, SHA_SOURCE_HEAD),
		ROW("--on-failure=stop", on_failure, ON_FAILURE_STOP),
		ROW("--on-failure=rollback", on_failure, ON_FAILURE_ROLLBACK),
		ROW("--tag=x", split_by, SPLIT_BY_UNSAID),
		ROW("--split-by=line", split_by, SPLIT_BY_LINE),
		ROW("--split-by=json", split_by, SPLIT_BY_JSON),
		ROW("--note=none", note, NOTE_NONE),
		ROW("--note=description", note, NOTE_DESCRIPTION),
		ROW("--aliases=expand", aliases, ALIASES_EXPAND),
		ROW("--aliases=refuse", aliases, ALIASES_REFUSE),
		ROW("--tag=x", event, EVENT_UNSAID),
		ROW("--event=push", event, EVENT_PUSH),
		ROW("--event=pull-request", event, EVENT_PULL_REQUEST),
		ROW("--on-pull-request=plan", on_pull_request, ON_PULL_REQUEST_PLAN),
		ROW("--on-pull-request=push", on_pull_request, ON_PULL_REQUEST_PUSH),
		ROW("--output=auto", output, OUTPUT_AUTO),
		ROW("--output=text", output, OUTPUT_TEXT),
		ROW("--json", output, OUTPUT_JSON),
		ROW("--sarif", output, OUTPUT_SARIF),
		ROW("--mermaid", output, OUTPUT_MERMAID),
		ROW("--dot", output, OUTPUT_DOT),
		ROW("plan", command, COMMAND_PLAN),
		ROW("token rotate", command, COMMAND_TOKEN_ROTATE),
		ROW("help", command, COMMAND_HELP),
#undef ROW
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const char *const args[MOST] = { rows[i].arg };
		struct options o;
		struct values v;
		struct err err;
		unsigned value;

		ok(read_values(a, args, NULL, &v, &err) == 0 && options_read(&o, &v, &err) == 0,
		    "%s %s", rows[i].arg, err.text);
		memcpy(&value, (char *)&o + rows[i].at, sizeof(value));
		ok(value == rows[i].value, "%s: %u", rows[i].arg, value);
	}
}

static void
test_options_read__numbers_and_durations(struct arena *a)
{
	static const struct {
		const char *arg;
		int64_t timeout_ms, tail;
		const char *says; /* NULL: it is taken */
	} rows[] = {
		{ "push", 600000, 0, NULL },
		{ "--timeout=1h30m", 5400000, 0, NULL },
		{ "--tail=10", 600000, 10, NULL },
		{ "--wait-grace=0", 600000, 0, NULL },
		{ "--timeout=0", 0, 0, "input 'timeout' must be greater than zero" },
		{ "--warn=0d", 0, 0, "input 'warn' must be greater than zero" },
		{ "--ttl=x", 0, 0, "invalid duration 'x' in input 'ttl'" },
		{ "--timeout=10", 0, 0, "invalid duration '10' in input 'timeout'" },
		{ "--tail=0", 0, 0, "input 'tail' is '0', expected a number from 1" },
		{ "--history=-1", 0, 0, "input 'history' is '-1'" },
		{ "--tail=99999999999", 0, 0, "input 'tail' is '99999999999'" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const char *const args[MOST] = { rows[i].arg };
		struct options o;
		struct values v;
		struct err err;
		int rc = read_values(a, args, NULL, &v, &err);

		ok(rc == 0, "%s", err.text);
		rc = options_read(&o, &v, &err);
		if (rows[i].says)
			ok(rc < 0 && err.kind == ERR_USAGE && strstr(err.text, rows[i].says)
			        && err.hint[0],
			    "%s: %s", rows[i].arg, err.text);
		else
			ok(rc == 0 && o.timeout_ms == rows[i].timeout_ms && o.tail == rows[i].tail,
			    "%s: %s", rows[i].arg, err.text);
	}
}

/* A plan file, and one day a project file: it counts where an input is not given, and is checked like the rest. */
static void
test_value_give__a_further_source(struct arena *a)
{
	static const char *const args[MOST] = { "push", "--tag=x" };
	const char *tag[] = { "y" }, *only[] = { "all" }, *wrong[] = { "some" },
	           *images[] = { "a", "b c" };
	struct options o;
	struct values v;
	struct err err;

	ok(read_values(a, args, NULL, &v, &err) == 0 && options_read(&o, &v, &err) == 0, "%s",
	    err.text);
	value_give(&v, IN_TAG, tag, 1, "file");
	ok(option_read(&o, &v, IN_TAG, &err) == 0 && strcmp(o.tag, "x") == 0,
	    "a flag goes before it");
	value_give(&v, IN_ONLY, only, 1, "file");
	ok(option_read(&o, &v, IN_ONLY, &err) == 0 && o.only == ONLY_ALL
	        && strcmp(v.from[IN_ONLY], "file") == 0,
	    "a default does not");
	value_give(&v, IN_IMAGES, images, 2, "file");
	ok(option_read(&o, &v, IN_IMAGES, &err) == 0 && o.images.count == 2
	        && strcmp(o.images.list[1], "b c") == 0,
	    "a list has its items as they are");
	value_give(&v, IN_WAIT, wrong, 1, "file");
	ok(option_read(&o, &v, IN_WAIT, &err) < 0 && strstr(err.text, "invalid value 'some'"), "%s",
	    err.text);
	option_set(&o, &v, IN_TAG, NULL);
	ok(!o.tag && !value_text(&v, IN_TAG), "a text can be forgotten");
}

static void
test_value_forget__leaves_the_default(struct arena *a)
{
	struct values v = { .arena = a, .is_camel = true };
	const char *tag[] = { "v2" }, *modes[] = { "always", "edges=changed" };

	value_give(&v, IN_TAG, tag, 1, "file");
	value_give(&v, IN_REPROCESS, modes, 2, "file");
	value_give(&v, IN_SHA, tag, 1, "file");
	value_forget(&v, IN_TAG);
	value_forget(&v, IN_REPROCESS);
	value_forget(&v, IN_SHA);
	ok(strcmp(value_text(&v, IN_TAG), "{sha}") == 0 && !v.from[IN_TAG], "a text");
	ok(v.count[IN_REPROCESS] == 1 && strcmp(v.list[IN_REPROCESS][0], "never") == 0, "a list");
	ok(!value_text(&v, IN_SHA) && !v.from[IN_SHA], "without a default nothing is left");
}

/* The table itself: names, flags and defaults that help and action.yml are made from. */
static void
test_inputs__table(void)
{
	for (enum input_id id = 0; id < INPUT_COUNT; id++) {
		const struct input *in = &inputs[id];
		bool apart = in->name != NULL;
		struct str choices = str_of(in->choices), one;
		bool known = !in->choices || !in->fallback;

		for (enum input_id other = 0; apart && other < id; other++)
			apart = strcmp(in->name, inputs[other].name) != 0;
		while (str_split(&choices, '|', &one))
			known |= str_is(one, in->fallback ? in->fallback : "");
		ok(apart && known && in->help && *in->help, "input %s", in->name ? in->name : "?");
		for (enum input_id other = 0; other < id; other++)
			ok(in->at > 0 && in->at != inputs[other].at,
			    "%s has a member of struct options of its own", in->name);
		ok(in->help && strlen(in->help) <= INPUT_HELP_MAX, "%s: a phrase", in->name);
		ok((in->kind == INPUT_BOOL) == !in->value, "%s: a value or a boolean", in->name);
		if (in->kind == INPUT_SECRET)
			ok(in->flag && !*in->flag, "%s has no flag", in->name);
	}
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_values_read__where_a_value_comes_from(a);
	test_values_read__every_spelling_of_every_input(a);
	test_values_read__lists(a);
	test_values_read__command_in_argv(a);
	test_values_read__called_wrongly(a);
	test_values_read__help(a);
	test_values_read__did_you_mean(a);
	test_value_title__says_what_the_user_wrote(a);
	test_value_is_true__three_spellings(a);
	test_value_name__as_the_task_writes_it(a);
	test_input_forms__fit_a_form();
	test_err_name_inputs__in_the_words_of_the_reader(a);
	test_err_name_inputs__leaves_foreign_words(a);
	test_err_name_inputs__what_is_too_long_is_cut(a);
	test_diags_name_inputs__in_hints(a);
	test_options_read__choices(a);
	test_options_read__numbers_and_durations(a);
	test_value_give__a_further_source(a);
	test_value_forget__leaves_the_default(a);
	test_inputs__table();
	arena_free(a);
	return done();
}
