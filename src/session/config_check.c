#include "session/config_check.h"

#include "base/arena.h"
#include "base/nearest.h"
#include "inputs/duration.h"
#include "inputs/inputs.h"
#include "session/config_keys.h"

struct checking {
	struct arena *arena;
	const char *file;
	const struct node *top;
	struct diags *diags;
};

const struct config_key config_keys[] = {
	{ "default", KEY_BOOL, "taken on a terminal where no target is named", false },
	{ "from", KEY_TEXT, "another target, whose keys count where this one has none", false },
	{ "token-env", KEY_TEXT, "the name of the variable that holds the token", false },
	{ "branches", KEY_LIST, "globs of branches whose pushes may change the target", false },
	{ "tags", KEY_LIST, "globs of tags whose pushes may change the target", false },
	{ "preview", KEY_BOOL, "each pull request gets a project of its own", false },
	{ "downstream", KEY_BOOL, "with those that read from what changed", true },
	{ "inputs", KEY_SOURCES, "what is copied of input repos, where that is not all", true },
	{ "allow-secrets", KEY_LIST, "secrets that the pipelines of a preview may use", true },
	{ "allow", KEY_LIST, "egress, pod-patch, pod-spec, service, spout or determined", true },
	{ "exclude", KEY_LIST, "globs of pipelines that no preview has", true },
	{ "gates", KEY_LIST, "conditions on results, as 'pachup gate' takes them", true },
	{ "max-datums", KEY_NUMBER, "refuse a preview of more datums than that", true },
	{ "expires", KEY_DURATION, "how long after its last push a preview may be removed", true },
};
const size_t config_key_count = COUNT_OF(config_keys);

const struct config_key source_keys[] = {
	{ "branch", KEY_TEXT, "the branch that is copied instead of the one that is read", true },
	{ "paths", KEY_LIST, "globs of the files and directories that are copied", true },
};
const size_t source_key_count = COUNT_OF(source_keys);

/* Why an input cannot be in a file that a pull request may change. */
static const struct {
	const char *name, *why;
} refused[] = {
	{ "token",
	    "a token does not belong into a file; name its variable in 'token-env', or seal it" },
	{ "token-key", "a key does not belong into a file; use input 'token-key'" },
	{ "github-token", "a token does not belong into a file; use input 'github-token'" },
	{ "azure-token", "a token does not belong into a file; use input 'azure-token'" },
	{ "gitlab-token", "a token does not belong into a file; use input 'gitlab-token'" },
	{ "store-token", "a token does not belong into a file; use input 'store-token'" },
	{ "id-token", "a token does not belong into a file; use input 'id-token'" },
	{ "on-pull-request", "whoever starts the run decides it; use input 'on-pull-request'" },
	{ "context", "a context belongs to one machine; use flag --context" },
	{ "ci", "the run itself says where it runs" },
	{ "event", "whoever starts the run asserts it; use input 'event'" },
	{ "out", "it is for one run; use input 'out'" },
	{ "plan", "it is for one run; use input 'plan'" },
	{ "config", "the file cannot name another one" },
	{ "working-directory", "paths in the file begin where the file is" },
	{ "server-version",
	    "the cluster says it; use flag --server-version for a check without one" },
	{ "target", "targets stand under 'targets'" },
	{ "command", "whoever starts the run decides it" },
};

static const struct input *
input_named(struct str key)
{
	for (enum input_id id = 0; id < INPUT_COUNT; id++)
		if (str_is(key, inputs[id].name))
			return &inputs[id];
	return NULL;
}

/* Reports the error "BEFORE'text'BEHIND". */
static void
fault(const struct checking *c, struct span at, const char *before, struct str text,
    const char *behind, const char *hint)
{
	diag_hint(c->diags,
	    diags_error(c->diags, CHECK_CONFIG, c->file, at, "%s'%.*s'%s", before,
	        STR_FMT(str_head(text, 100)), behind),
	    "%s", hint);
}

/* The hint for a text that is not known: the word that may have been meant, else `other`. */
static const char *
near_hint(const struct checking *c, const struct nearest *near, const char *other)
{
	return near->found ? arena_fmt(c->arena, "did you mean '%s'?", near->found).ptr : other;
}

static void
refuse(const struct checking *c, const struct node *member)
{
	struct diag *one = diags_error(c->diags, CHECK_CONFIG, c->file, member->key_at,
	    "'%.*s' is not allowed in a project file", STR_FMT(member->key));

	for (size_t i = 0; i < COUNT_OF(refused); i++)
		if (str_is(member->key, refused[i].name)) {
			diag_hint(c->diags, one, "%s", refused[i].why);
			return;
		}
	if (str_starts(member->key, "allow-"))
		diag_hint(
		    c->diags, one, "whoever starts the run decides it; use the input of that name");
	else
		diag_hint(c->diags, one, "give it to the run, as a flag or an input");
}

static void
unknown(const struct checking *c, const struct node *member, bool is_target)
{
	struct nearest near = nearest_to(member->key);

	for (enum input_id id = 0; id < INPUT_COUNT; id++)
		if (inputs[id].in_file)
			nearest_offer(&near, inputs[id].name);
	for (size_t i = 0; is_target && i < config_key_count; i++)
		nearest_offer(&near, config_keys[i].name);
	if (!is_target)
		nearest_offer(&near, "targets");
	fault(c, member->key_at, "unknown key ", member->key, "",
	    near_hint(c, &near, "run 'pachup schema' for all keys"));
}

static bool
is_scalar(const struct node *n)
{
	return n->kind == NODE_STRING || n->kind == NODE_NUMBER || n->kind == NODE_BOOL;
}

static void
check_list(const struct checking *c, const struct node *n, struct str key)
{
	if (is_scalar(n))
		return;
	if (n->kind != NODE_ARRAY) {
		fault(c, n->at, "", key, " is not a list", "write [ONE, ANOTHER]");
		return;
	}
	for (n = n->first; n; n = n->next)
		if (!is_scalar(n))
			fault(c, n->at, "an item of ", key, " is not a text", "put it in quotes");
}

static void
check_choice(const struct checking *c, const struct node *n, const struct input *in)
{
	struct str rest = str_of(in->choices), one;
	struct nearest near = nearest_to(n->text);

	while (str_split(&rest, '|', &one)) {
		if (str_eq(one, n->text))
			return;
		nearest_offer(&near, arena_cstr(c->arena, one));
	}
	fault(c, n->at, arena_fmt(c->arena, "'%s' is ", in->name).ptr, n->text, "",
	    near_hint(c, &near, arena_fmt(c->arena, "use one of: %s", in->choices).ptr));
}

static void
check_scalar(const struct checking *c, const struct node *n, const struct input *in)
{
	int64_t ms;

	if (!is_scalar(n))
		fault(c, n->at, "", str_of(in->name), " is not a single value",
		    "write one text, number or boolean");
	else if (in->kind == INPUT_BOOL && n->kind != NODE_BOOL)
		fault(c, n->at, "", str_of(in->name), " is not a boolean", "write true or false");
	else if (in->choices)
		check_choice(c, n, in);
	else if (in->kind == INPUT_DURATION && !duration_read(n->text, &ms))
		fault(c, n->at, "", str_of(in->name), " is not a duration",
		    "use a duration such as 90s, 10m, 1h30m or 30d");
}

/* Files must be in the tree: "../.." and "/etc" are paths of one machine. */
static void
check_path(const struct checking *c, const struct node *n)
{
	struct str rest = n->text, part;
	bool leaves = str_starts(n->text, "/");
	int depth = 0;

	while (str_split(&rest, '/', &part)) {
		depth += str_is(part, "..") ? -1 : part.len > 0 && !str_is(part, ".");
		leaves = leaves || depth < 0;
	}
	if (leaves)
		fault(c, n->at, "", n->text, " leads out of the tree of the project file",
		    "name a file below the directory of the project file");
}

static void
check_paths(const struct checking *c, const struct node *member)
{
	static const char *const names[] = { "specs", "lists", "values", "token-file",
		"token-key-file", "ca-file" };

	if (!str_is_any(member->key, names, COUNT_OF(names)))
		return;
	if (member->kind == NODE_STRING)
		check_path(c, member);
	for (const struct node *n = member->first; n; n = n->next)
		if (n->kind == NODE_STRING)
			check_path(c, n);
}

static const struct config_key *
key_named(const struct config_key *keys, size_t count, struct str name)
{
	for (size_t i = 0; i < count; i++)
		if (str_is(name, keys[i].name))
			return &keys[i];
	return NULL;
}

static void check_sources(const struct checking *c, const struct node *n);

static void
check_own(const struct checking *c, const struct node *n, enum key_kind kind)
{
	int64_t ms;

	if (kind == KEY_LIST)
		check_list(c, n, n->key);
	else if (kind == KEY_SOURCES)
		check_sources(c, n);
	else if (kind == KEY_BOOL && n->kind != NODE_BOOL)
		fault(c, n->at, "", n->key, " is not a boolean", "write true or false");
	else if (kind == KEY_TEXT && n->kind != NODE_STRING)
		fault(c, n->at, "", n->key, " is not a text", "write a name");
	else if (kind == KEY_NUMBER
	         && (n->kind != NODE_NUMBER || str_digits(n->text) < n->text.len))
		fault(c, n->at, "", n->key, " is not a count", "write a number without a sign");
	else if (kind == KEY_DURATION
	         && (n->kind != NODE_STRING || !duration_read(n->text, &ms) || ms <= 0))
		fault(c, n->at, "", n->key, " is not a duration",
		    "use a duration such as 12h, 7d or 2w");
}

/* A member of `inputs`: which part of a repo is copied. */
static void
check_source(const struct checking *c, const struct node *source)
{
	if (source->kind != NODE_OBJECT) {
		fault(c, source->at, "", source->key, " is not an object",
		    "write for example {branch: sample, paths: [\"/2026/*\"]}");
		return;
	}
	for (const struct node *n = source->first; n; n = n->next) {
		const struct config_key *key = key_named(source_keys, source_key_count, n->key);
		struct nearest near = nearest_to(n->key);

		if (key) {
			check_own(c, n, key->kind);
			continue;
		}
		for (size_t i = 0; i < source_key_count; i++)
			nearest_offer(&near, source_keys[i].name);
		fault(c, n->key_at, "unknown key ", n->key, "",
		    near_hint(c, &near, "use branch or paths"));
	}
}

static void
check_sources(const struct checking *c, const struct node *n)
{
	if (n->kind != NODE_OBJECT) {
		fault(c, n->at, "", n->key, " is not an object",
		    "write REPO: {branch: NAME} below it");
		return;
	}
	for (n = n->first; n; n = n->next)
		check_source(c, n);
}

static bool
is_own(const struct checking *c, const struct node *member)
{
	const struct config_key *key = key_named(config_keys, config_key_count, member->key);

	if (key)
		check_own(c, member, key->kind);
	return key != NULL;
}

static void
check_member(const struct checking *c, const struct node *member, bool is_target)
{
	const struct input *in = input_named(member->key);

	if (is_target && is_own(c, member))
		return;
	if (!in) {
		unknown(c, member, is_target);
		return;
	}
	if (!in->in_file) {
		refuse(c, member);
		return;
	}
	if (member->kind == NODE_NULL)
		return;
	if (in->kind == INPUT_LIST)
		check_list(c, member, member->key);
	else
		check_scalar(c, member, in);
	check_paths(c, member);
}

/* Only one level: a target that has `from` cannot be another target's `from`. */
static void
check_from(const struct checking *c, const struct node *target, const struct node *targets)
{
	const struct node *from = node_get(target, "from"), *other;

	if (!from || from->kind != NODE_STRING)
		return;
	other = node_get(targets, arena_cstr(c->arena, from->text));
	if (!other)
		fault(c, from->at, "there is no target ", from->text, "",
		    "name another target of this file");
	else if (other == target || node_get(other, "from"))
		fault(c, from->at, "target ", from->text, " is itself 'from' another target",
		    "name that target: only one level is handed on");
}

/* A preview copies from the target that its key `from` names, and has a project for each pull request. */
static void
check_preview(const struct checking *c, const struct node *target)
{
	const struct node *preview = node_get(target, "preview");
	const struct node *project = node_get(target, "project");
	bool is_on = preview && str_is(preview->text, "true");

	for (const struct node *n = target->first; n; n = n->next) {
		const struct config_key *key = key_named(config_keys, config_key_count, n->key);

		if (key && key->is_previews && !is_on)
			fault(c, n->key_at, "", n->key, " is for previews alone",
			    "add preview: true to the target, or remove it");
	}
	if (!is_on)
		return;
	if (!node_get(target, "from"))
		fault(c, preview->key_at, "preview ", target->key, " is 'from' no target",
		    "add from: NAME, the target whose pipelines and data it previews");
	if (project && !str_holds(project->text, STR("{pr}")))
		fault(c, project->at, "project ", project->text, " has no place for the number",
		    "write for example pr-{pr}");
}

static bool
is_name(struct str name)
{
	return name.len <= 64 && str_is_of(name, CHARS_ALNUM "_-.");
}

static void
check_target(const struct checking *c, const struct node *target, const struct node *targets)
{
	if (!is_name(target->key))
		fault(c, target->key_at, "", target->key, " cannot be the name of a target",
		    "use letters, digits, '_', '-' and '.'");
	if (target->kind != NODE_OBJECT) {
		fault(c, target->at, "target ", target->key, " is not an object",
		    "write keys below it, for example cluster: grpcs://HOST:PORT");
		return;
	}
	for (const struct node *n = target->first; n; n = n->next)
		check_member(c, n, true);
	check_from(c, target, targets);
	check_preview(c, target);
}

static void
check_targets(const struct checking *c, const struct node *targets)
{
	const struct node *first = NULL;

	if (targets->kind != NODE_OBJECT) {
		fault(c, targets->at, "", targets->key, " is not an object",
		    "write names of targets below it");
		return;
	}
	for (const struct node *n = targets->first; n; n = n->next) {
		const struct node *one = n->kind == NODE_OBJECT ? node_get(n, "default") : NULL;

		check_target(c, n, targets);
		if (!one || !str_is(one->text, "true"))
			continue;
		if (first)
			fault(c, one->at, "target ", n->key, " is a second default",
			    "keep one 'default: true'");
		first = first ? first : n;
	}
}

void
config_check(
    struct arena *a, const char *file, const struct node *top, size_t documents, struct diags *d)
{
	const struct checking c = { a, file, top, d };

	if (documents > 1 || top->kind != NODE_OBJECT) {
		diag_hint(d,
		    diags_error(d, CHECK_CONFIG, file, top->next ? top->next->at : top->at,
		        "a project file is one object"),
		    "write for example targets: {dev: {cluster: grpcs://HOST:PORT}}");
		return;
	}
	for (const struct node *n = top->first; n; n = n->next)
		if (str_is(n->key, "targets"))
			check_targets(&c, n);
		else
			check_member(&c, n, false);
}
