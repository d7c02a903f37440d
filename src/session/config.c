#include "session/config.h"

#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/nearest.h"
#include "files/glob.h"
#include "files/read.h"
#include "session/config_base.h"
#include "session/config_check.h"
#include "session/config_preview.h"
#include "session/run.h"

enum { MAX_LEVELS = 64 };

static const char file_name[] = "pachup.yaml";

/* Whether the file of the base commit counts: the one that is checked out may be by whoever opened the pull request. */
static bool
is_of_base(const struct run *run)
{
	return run->event.is_pull_request || run->event.untrusted;
}

/* *is_there: there is such a file, in the work tree or, with `base`, in that commit. */
static int
find_file(struct config_base *base, const char *path, bool *is_there, struct err *err)
{
	struct str ignored;

	*is_there = access(path, F_OK) == 0;
	return base ? config_base_read(base, path, &ignored, is_there, err) : 0;
}

/* *dir gets the way from the working directory to the nearest file, "../../"; NULL: this work tree has none. */
static int
find_nearest(struct run *run, struct config_base *base, const char **dir, struct err *err)
{
	struct str at = STR("");
	bool is_there;

	*dir = NULL;
	for (size_t i = 0; i < MAX_LEVELS; i++) {
		const char *file = arena_fmt(run->arena, "%.*s%s", STR_FMT(at), file_name).ptr;
		const char *git = arena_fmt(run->arena, "%.*s.git", STR_FMT(at)).ptr;
		bool is_root = access(git, F_OK) == 0;

		if (find_file(base, file, &is_there, err) < 0)
			return -1;
		if (is_there) {
			*dir = arena_cstr(run->arena, at);
			return 0;
		}
		if (is_root)
			return 0;
		at = arena_fmt(run->arena, "%.*s../", STR_FMT(at));
	}
	return 0;
}

/* The path up to its last slash, with it; "" where it has none. */
static const char *
dir_of(struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? arena_cstr(a, (struct str){ path, (size_t)(slash - path) + 1 }) : "";
}

static int
read_text(
    struct run *run, struct config_base *base, const char *file, struct str *text, struct err *err)
{
	bool is_held;

	if (!base)
		return file_read_in(
		    run->arena, file, ci_fence(&run->ci), MAX_SPEC_BYTES, text, err);
	if (config_base_read(base, file, text, &is_held, err) < 0)
		return -1;
	if (is_held)
		return 0;
	(void)err_set(err, ERR_REFUSED, "the base of the pull request has no '%s'", file);
	return err_hint(err, "merge the project file first");
}

static int
read_config(struct run *run, struct config_base *base, struct config *config, struct err *err)
{
	struct doc *doc;
	struct str text;
	size_t errors = run->diags.errors;

	if (read_text(run, base, config->file, &text, err) < 0)
		return err_wrap(err, "cannot read the project file");
	sources_add(&run->sources, run->arena, config->file, text);
	doc = doc_parse(run->arena, config->file, text, &run->diags);
	config->top = doc->first;
	if (run->diags.errors == errors && config->top)
		config_check(run->arena, config->file, config->top, doc->count, &run->diags);
	if (run->diags.errors > errors) {
		weigh_diags(run);
		ci_diags(&run->ci, &run->diags);
		return err_set(err, ERR_SPEC, "the project file '%s' has mistakes", config->file);
	}
	config->targets = config->top ? node_get(config->top, "targets") : NULL;
	if (config->targets && config->targets->kind != NODE_OBJECT)
		config->targets = NULL;
	return 0;
}

/* The base commit of a pull request is read only where a target is named or the work tree has a file: most trees have
 * neither. */
static bool
is_wanted(const struct run *run)
{
	return !is_of_base(run) || run->opt.target.count > 0 || access(file_name, F_OK) == 0;
}

/* Finds the file in the base commit; `base` NULL: in the work tree. */
static int
find_config(struct run *run, struct config_base *base, const struct config **out, struct err *err)
{
	struct config *config = ARENA_NEW(run->arena, struct config);
	const char *dir = NULL;

	if (!run->opt.config && is_wanted(run) && find_nearest(run, base, &dir, err) < 0)
		return -1;
	if (!run->opt.config && !dir) {
		if (run->opt.target.count == 0)
			return 0;
		(void)err_set(err, ERR_USAGE,
		    "input 'target' is '%.100s', but there is no %s in this directory or above it",
		    run->opt.target.list[0], file_name);
		if (is_of_base(run))
			return err_hint(err,
			    "on a pull request the project file of the base commit counts: "
			    "merge the file first");
		return err_hint(err, "run 'pachup init', or name the file in input 'config'");
	}
	config->dir = dir ? dir : dir_of(run->arena, run->opt.config);
	config->file = dir ? arena_fmt(run->arena, "%s%s", dir, file_name).ptr : run->opt.config;
	if (read_config(run, base, config, err) < 0)
		return -1;
	*out = config;
	return 0;
}

int
config_find(struct run *run, const struct config **out, struct err *err)
{
	bool is_asked = is_of_base(run) && (run->opt.config || is_wanted(run));
	struct config_base *base = is_asked ? config_base_open(run, err) : NULL;
	int rc;

	*out = NULL;
	if (is_asked && !base)
		return -1;
	rc = find_config(run, base, out, err);
	config_base_close(base);
	return rc;
}

/* The member of `targets` with that name. */
static const struct node *
target_named(const struct config *config, const char *name)
{
	return config->targets ? node_get(config->targets, name) : NULL;
}

/* "dev, prod", in the run's arena. */
static struct str
names_of(const struct run *run, const struct config *config)
{
	const struct node *n = config->targets ? config->targets->first : NULL;
	struct str names = STR("");

	for (; n; n = n->next)
		names = arena_listed(run->arena, names, n->key);
	return names;
}

static int
no_such_target(
    const struct run *run, const struct config *config, const char *name, struct err *err)
{
	struct nearest near = nearest_to(str_of(name));
	struct str names = names_of(run, config);

	for (const struct node *n = config->targets ? config->targets->first : NULL; n; n = n->next)
		nearest_offer(&near, arena_cstr(run->arena, n->key));
	(void)err_set(err, ERR_USAGE, "%s has no target '%.100s'", config->file, name);
	if (near.found)
		return err_hint(err, "did you mean '%s'?", near.found);
	return err_hint(err, "its targets are: %s",
	    names.len > 0 ? names.ptr : "none; add one under 'targets'");
}

int
config_check_names(
    const struct run *run, const struct config *config, const struct items *names, struct err *err)
{
	for (size_t i = 0; i < names->count; i++)
		if (!target_named(config, names->list[i]))
			return no_such_target(run, config, names->list[i], err);
	return 0;
}

int
config_targets(struct run *run, const struct config *config, const char ***names, size_t *count,
    struct err *err)
{
	const struct items *given = &run->opt.target;

	*names = ARENA_ARRAY(run->arena, given->count + 1, const char *);
	*count = 0;
	if (config_check_names(run, config, given, err) < 0)
		return -1;
	for (size_t i = 0; i < given->count; i++)
		(*names)[(*count)++] = given->list[i];
	if (*count > 0 || !config->targets || config->targets->count == 0)
		return 0;
	if (run->opt.command == COMMAND_SET_IMAGE) /* the files are those of all targets */
		return 0;
	if (ci_is_runner(&run->ci) || run->event.unproven) {
		(void)err_set(
		    err, ERR_USAGE, "%s has targets, and this run names none", config->file);
		return err_hint(
		    err, "set input 'target' to one of: %.*s", STR_FMT(names_of(run, config)));
	}
	for (const struct node *n = config->targets->first; n; n = n->next)
		if (node_is_true(node_get(n, "default")))
			(*names)[(*count)++] = arena_cstr(run->arena, n->key);
	return 0;
}

/* Where values are looked up: in the target, the one that it is `from`, and the top of the file. */
struct lookup {
	const struct config *config;
	const struct target *target; /* NULL: only the top */
};

/* False for the keys that a target does not get from the one that it is `from`: each target decides these by itself. */
static bool
is_handed_on(struct str key)
{
	static const char *const own[] = { "branches", "tags", "prune", "default", "wait",
		"on-failure", "token-file", "token-env", "token-key-file", "from", "preview" };

	return !str_is_any(key, own, COUNT_OF(own));
}

static const struct node *
look_up(const struct lookup *l, const char *key)
{
	const struct node *n = l->target ? node_get(l->target->node, key) : NULL;

	if (!n && l->target && l->target->from && is_handed_on(str_of(key)))
		n = node_get(l->target->from, key);
	return n ? n : node_get(l->config->top, key);
}

/* The keys of a preview name its own project; the pipelines that it previews are in the project of the other target. */
static const struct node *
look_up_input(const struct lookup *l, enum input_id id)
{
	struct target other;

	if (id == IN_PRUNE && l->target && l->target->preview)
		return NULL; /* it is for what a whole target has */
	if (id != IN_PROJECT || !l->target || !l->target->preview)
		return look_up(l, inputs[id].name);
	other = (struct target){ .node = l->target->from };
	return look_up(&(struct lookup){ l->config, &other }, inputs[id].name);
}

/* A value of the input; a path, which begins at the file's directory, is made one from the working directory. */
static const char *
path_from(struct run *run, const struct config *config, enum input_id id, struct str text)
{
	static const enum input_id paths[] = { IN_SPECS, IN_LISTS, IN_JSONNET, IN_INSTANCES,
		IN_SET_FILE, IN_VALUES, IN_TOKEN_FILE, IN_TOKEN_KEY_FILE, IN_CA_FILE };
	bool is_file_of_items = (id == IN_LISTS || id == IN_INSTANCES) && str_take(&text, "@");
	const char *mark = is_file_of_items ? "@" : "";

	for (size_t i = 0; i < COUNT_OF(paths); i++)
		if (paths[i] == id && !str_starts(text, "/") && !str_is(text, "-"))
			return arena_fmt(run->arena, "%s%s%.*s", mark, config->dir, STR_FMT(text))
			    .ptr;
	return arena_fmt(run->arena, "%s%.*s", mark, STR_FMT(text)).ptr;
}

/* A scalar is a list of one item. */
static struct items
items_of(struct run *run, const struct config *config, enum input_id id, const struct node *n)
{
	struct items out = { ARENA_ARRAY(run->arena, n->count + 1, const char *), 0 };

	if (n->kind != NODE_ARRAY)
		out.list[out.count++] = path_from(run, config, id, n->text);
	for (n = n->kind == NODE_ARRAY ? n->first : NULL; n; n = n->next)
		out.list[out.count++] = path_from(run, config, id, n->text);
	return out;
}

/* "pachup.yaml:7:14" */
static const char *
place_of(struct run *run, const struct config *config, const struct node *n)
{
	return arena_fmt(
	    run->arena, "%s:%u:%u", config->file, (unsigned)n->at.line, (unsigned)n->at.col)
	    .ptr;
}

/* Refuses a variable that differs from the target's value: a named target decides, so somebody forgot to unset it. */
static int
refuse_variable(struct run *run, const struct lookup *l, enum input_id id, const struct node *n,
    const char *value, struct err *err)
{
	const char *from = run->in.from[id];
	bool is_variable = false;

	for (size_t i = 0; from && i < COUNT_OF(inputs[id].also) && inputs[id].also[i]; i++)
		is_variable = is_variable || strcmp(from, inputs[id].also[i]) == 0;
	if (!is_variable || (run->target_count < 2 && strcmp(value_text(&run->in, id), value) == 0))
		return 0;
	(void)err_set(err, ERR_USAGE, "%s contradicts '%s' of target '%s' (%s)", from,
	    inputs[id].name, l->target->name, place_of(run, l->config, n));
	return err_hint(err, "unset %s, or remove '%s' from the target", from, inputs[id].name);
}

/* Gives the run the file's value for one input, where the file has one. */
static int
give_input(struct run *run, const struct lookup *l, enum input_id id, struct err *err)
{
	const struct node *n = look_up_input(l, id);
	struct items items;

	if (!n || n->kind == NODE_NULL || !inputs[id].in_file)
		return 0;
	items = items_of(run, l->config, id, n);
	if (items.count == 0)
		return 0;
	if (l->target && inputs[id].kind != INPUT_LIST
	    && refuse_variable(run, l, id, n, items.list[0], err) < 0)
		return -1;
	value_give(&run->in, id, items.list, items.count, place_of(run, l->config, n));
	return option_read(&run->opt, &run->in, id, err) < 0
	           ? err_wrap(err, "%s", place_of(run, l->config, n))
	           : 0;
}

/* Gives the run the token in the target's variable. Refuses another token beside it. */
static int
give_token(struct run *run, const struct lookup *l, struct err *err)
{
	const struct node *n = look_up(l, "token-env");
	const char *variable = n ? arena_cstr(run->arena, n->text) : NULL;
	const char *value = variable ? env_get(&run->env, variable) : NULL;
	const char *from = run->in.from[IN_TOKEN], *given = value_text(&run->in, IN_TOKEN);
	const char *items[1] = { value };

	if (!n && look_up(l, "token-file"))
		n = look_up(l, "token-file");
	if (!n || !l->target)
		return 0;
	if (from && strcmp(from, "INPUT_TOKEN") != 0 && (!value || strcmp(value, given) != 0)) {
		(void)err_set(err, ERR_USAGE, "%s holds a token, and target '%s' has '%.*s' (%s)",
		    from, l->target->name, STR_FMT(n->key), place_of(run, l->config, n));
		return err_hint(
		    err, "unset %s, or remove '%.*s' from the target", from, STR_FMT(n->key));
	}
	if (!value || from)
		return 0;
	value_give(&run->in, IN_TOKEN, items, 1, variable);
	return option_read(&run->opt, &run->in, IN_TOKEN, err);
}

static struct items
patterns_of(struct run *run, const struct target *target, const char *key)
{
	const struct node *n = node_get(target->node, key);

	return n ? items_of(run, target->config, INPUT_COUNT, n) : (struct items){ NULL, 0 };
}

static struct items
all_of(struct run *run, const struct lookup *l, enum input_id id)
{
	const struct node *n = look_up(l, inputs[id].name);

	return n ? items_of(run, l->config, id, n) : (struct items){ NULL, 0 };
}

static struct target *
target_new(struct run *run, const struct config *config, const char *name)
{
	struct target *target = ARENA_NEW(run->arena, struct target);
	const struct node *node = target_named(config, name), *from = node_get(node, "from");

	*target = (struct target){ .config = config, .name = name, .node = node };
	if (from)
		target->from = target_named(config, arena_cstr(run->arena, from->text));
	return target;
}

/* Together they are one choice: a run that gives one of them does not get the target's values of the others. */
static const enum input_id what_to_read[] = { IN_SPECS, IN_LISTS, IN_JSONNET, IN_INSTANCES };

static bool
says_what_to_read(enum input_id id)
{
	for (size_t i = 0; i < COUNT_OF(what_to_read); i++)
		if (what_to_read[i] == id)
			return true;
	return id == IN_ARGS; /* of the target's templates */
}

int
config_apply(struct run *run, const struct config *config, const char *name, struct err *err)
{
	struct target *target = name ? target_new(run, config, name) : NULL;
	struct lookup l = { config, target };
	bool has_paths = false;

	for (size_t i = 0; i < COUNT_OF(what_to_read); i++)
		has_paths = has_paths || run->in.from[what_to_read[i]];
	run->target = target;
	run->target_name = name;
	if (target) {
		target->branches = patterns_of(run, target, "branches");
		target->tags = patterns_of(run, target, "tags");
		target->specs = all_of(run, &l, IN_SPECS);
		target->lists = all_of(run, &l, IN_LISTS);
		target->has_templates =
		    all_of(run, &l, IN_JSONNET).count + all_of(run, &l, IN_INSTANCES).count > 0;
		target->preview = preview_keys_of(run, config, target->node);
	}
	for (enum input_id id = 0; id < INPUT_COUNT; id++)
		if (!(has_paths && says_what_to_read(id)) && give_input(run, &l, id, err) < 0)
			return -1;
	if (target && target->preview
	    && preview_give_defaults(
	           run, place_of(run, config, node_get(target->node, "preview")), err)
	           < 0)
		return -1;
	return give_token(run, &l, err);
}

bool
config_gave(const struct run *run, enum input_id id)
{
	struct str from = str_of(run->in.from[id]);

	return run->project_file && str_take(&from, run->project_file) && str_starts(from, ":");
}

int
config_place(const struct run *run, enum input_id id, struct err *err)
{
	if (!config_gave(run, id) || !run->in.from[id])
		return -1;
	(void)err_wrap(err, "%s", run->in.from[id]);
	if (str_starts(str_of(err->hint), "check the name; relative paths"))
		(void)err_hint(err, "check the name; paths in the project file start where it is");
	return -1;
}

enum input_id
config_find_part(const struct run *run)
{
	for (enum input_id id = 0; id < INPUT_COUNT; id++)
		if ((says_what_to_read(id) || id == IN_VALUES) && run->in.from[id]
		    && !config_gave(run, id))
			return id;
	return INPUT_COUNT;
}

int
config_seal_target(struct run *run, struct err *err)
{
	struct items asked = run->opt.target;
	const struct config *config;
	const char **names;
	size_t count;
	int rc;

	run->opt.target.count = 0; /* no file is not a mistake */
	rc = config_find(run, &config, err);
	run->opt.target = asked;
	if (rc < 0 || asked.count != 1)
		return rc;
	if (!config) {
		ci_note(&run->ci, "there is no %s here: target '%s' is taken as it is", file_name,
		    asked.list[0]);
		return 0;
	}
	if (config_targets(run, config, &names, &count, err) < 0)
		return -1;
	return give_input(
	    run, &(struct lookup){ config, target_new(run, config, names[0]) }, IN_CLUSTER, err);
}

static bool
is_matched(const struct items *patterns, struct str name)
{
	for (size_t i = 0; i < patterns->count; i++)
		if (glob_match(str_of(patterns->list[i]), name))
			return true;
	return false;
}

static struct str
listed(const struct run *run, const struct items *patterns)
{
	struct str text = STR("");

	for (size_t i = 0; i < patterns->count; i++)
		text = arena_listed(run->arena, text, str_of(patterns->list[i]));
	return text;
}

int
config_check_ref(const struct run *run, struct str branch, struct str ref, struct err *err)
{
	const struct target *t = run->target;
	bool is_tag = str_starts(run->event.ref, "refs/tags/");

	if (!t || t->branches.count + t->tags.count == 0)
		return 0;
	if (is_tag ? is_matched(&t->tags, ref) : is_matched(&t->branches, branch))
		return 0;
	if (!is_tag && branch.len == 0)
		(void)err_set(err, ERR_REFUSED,
		    "target '%s' takes no push of a commit that is on no branch here", t->name);
	else
		(void)err_set(err, ERR_REFUSED, "target '%s' takes no push of %s '%.*s'", t->name,
		    is_tag ? "tag" : "branch", STR_FMT(is_tag ? ref : branch));
	return err_hint(err, "its branches are: %.*s; its tags are: %.*s (%s)",
	    STR_FMT(t->branches.count > 0 ? listed(run, &t->branches) : STR("none")),
	    STR_FMT(t->tags.count > 0 ? listed(run, &t->tags) : STR("none")), t->config->file);
}
