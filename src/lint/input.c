/* The input tree: validateInput, validateNames and validateTrigger of pachd. */
#include "lint/input.h"

#include "base/arena.h"
#include "lint/cron.h"
#include "lint/lint.h"
#include "lint/member.h"
#include "lint/quantity.h"
#include "wire/release.h"

enum {
	MAX_NAMES = 2000
}; /* names of one spec that are compared with each other; real specs have 12 */

/* A directory below /pfs. */
struct input_name {
	struct str text;
	struct span at;
};

struct names {
	struct input_name *list;
	size_t count, room;
};

/* Where in the tree an input is. */
enum within { WITHIN_OTHER, WITHIN_JOIN, WITHIN_GROUP, WITHIN_UNION };

enum kind {
	KIND_PFS,
	KIND_ATOM, /* pfs up to 1.8 */
	KIND_CRON,
	KIND_GIT,
	KIND_CROSS, /* from here on: groups of inputs */
	KIND_UNION,
	KIND_JOIN,
	KIND_GROUP,
	KIND_COUNT
};

static const struct input_kind {
	const char *field;
	enum within inside;   /* where the inputs of the group are */
	uint32_t names_since; /* from this release on, names in the group must differ */
} kinds[KIND_COUNT] = {
	[KIND_PFS] = { .field = "pfs" },
	[KIND_ATOM] = { .field = "atom" },
	[KIND_CRON] = { .field = "cron" },
	[KIND_GIT] = { .field = "git" },
	[KIND_CROSS] = { "cross", WITHIN_OTHER, 0 },
	[KIND_UNION] = { "union", WITHIN_UNION, UINT32_MAX },
	[KIND_JOIN] = { "join", WITHIN_JOIN, RELEASE(1, 9, 5) },
	[KIND_GROUP] = { "group", WITHIN_GROUP, RELEASE(1, 12, 0) },
};

struct walk {
	const struct lint *l;
	struct names names;
};

static struct diag *
report(const struct lint *l, enum check check, const struct node *n, const char *what)
{
	return diags_report(l->diags, check, l->file, n->at, "%s", what);
}

static void
check_cron(const struct lint *l, const struct node *spec, enum check check)
{
	const char *fault;

	if (!spec || spec->kind != NODE_STRING)
		return;
	fault = cron_fault(spec->text, l->version >= RELEASE(2, 6, 0));
	if (fault)
		diag_hint(l->diags,
		    diags_report(l->diags, check, l->file, spec->at,
		        "invalid cron schedule '%.*s': %s", STR_FMT(str_head(spec->text, 100)),
		        fault),
		    "use for example \"0 7 * * 1-5\" or \"@every 1h\"");
}

/* "1K", "10MB", "1.5 GiB" (go-units, FromHumanSize) */
static bool
is_human_size(struct str text)
{
	double value;

	if (text.len > 1 && (str_ends(text, "b") || str_ends(text, "B")))
		text.len--;
	if (text.len > 1 && str_ends(text, "i"))
		text.len--;
	if (text.len > 0 && str_find(STR("kKmMgGtTpP"), text.ptr[text.len - 1]) < 10)
		text.len--;
	text = str_trim(text);
	return quantity_read(text, &value) && value >= 0 && text.len > 0
	       && text.ptr[text.len - 1] >= '0' && text.ptr[text.len - 1] <= '9';
}

/* An input without a branch reads one that the server makes for the trigger, which "master" triggers. */
static void
check_trigger_branch(const struct lint *l, const struct node *leaf, const struct node *trigger)
{
	struct str own = lint_text(leaf, "branch"), from = lint_text(trigger, "branch");

	if (own.len == 0)
		return;
	if (from.len == 0)
		diag_hint(l->diags,
		    report(l, CHECK_TRIGGER, trigger,
		        "the input has a branch, but its trigger has none"),
		    "add the branch that the trigger watches, for example branch: master");
	else if (str_eq(own, from))
		diag_hint(l->diags,
		    diags_report(l->diags, CHECK_TRIGGER, l->file,
		        lint_member(trigger, "branch")->at, "branch '%.*s' is its own trigger",
		        STR_FMT(str_head(own, 100))),
		    "remove the input's branch; the server then makes one for the trigger");
}

static void
check_trigger(const struct lint *l, const struct node *leaf)
{
	const struct node *trigger = lint_member(leaf, "trigger");
	const struct node *size = lint_member(trigger, "size");
	const struct node *commits = lint_member(trigger, "commits");

	if (!trigger)
		return;
	if (lint_text(trigger, "cron_spec").len > 0)
		check_cron(l, lint_member(trigger, "cron_spec"), CHECK_TRIGGER);
	if (lint_text(trigger, "rate_limit_spec").len > 0)
		check_cron(l, lint_member(trigger, "rate_limit_spec"), CHECK_TRIGGER);
	check_trigger_branch(l, leaf, trigger);
	if (size && size->kind == NODE_STRING && size->text.len > 0 && !is_human_size(size->text))
		diag_hint(l->diags,
		    diags_report(l->diags, CHECK_TRIGGER, l->file, size->at,
		        "invalid trigger size '%.*s'", STR_FMT(str_head(size->text, 100))),
		    "use a size such as 10MB");
	if (commits && lint_number(trigger, "commits") < 0)
		diag_hint(l->diags,
		    report(l, CHECK_TRIGGER, commits, "the number of trigger commits is negative"),
		    "use a positive number");
}

static void
check_s3(const struct lint *l, const struct node *leaf, enum within within)
{
	const struct node *s3 = lint_member(leaf, "s3");
	struct str glob = lint_text(leaf, "glob");
	const char *fault = NULL;

	if (!lint_is_true(leaf, "s3") || l->version < RELEASE(1, 10, 0))
		return;
	if (!str_is(glob, "/"))
		fault = "an S3 input must have the glob '/'";
	else if (lint_is_true(leaf, "lazy"))
		fault = "an S3 input cannot be lazy";
	else if (lint_is_true(leaf, "empty_files"))
		fault = "an S3 input cannot have empty_files";
	else if (within != WITHIN_OTHER)
		fault = "an S3 input cannot be part of a join, group or union";
	if (fault)
		diag_hint(l->diags, report(l, CHECK_S3_INPUT, s3, fault),
		    "remove s3, or the field that conflicts with it");
}

/* The highest group "$3" that a join key uses, and how many "(" the glob opens. */
static void
check_capture(const struct lint *l, const struct node *key, struct str glob)
{
	unsigned used = 0, open = 0;

	for (size_t i = 0; i + 1 < key->text.len; i++)
		if (key->text.ptr[i] == '$' && key->text.ptr[i + 1] >= '1'
		    && key->text.ptr[i + 1] <= '9' && (unsigned)(key->text.ptr[i + 1] - '0') > used)
			used = (unsigned)(key->text.ptr[i + 1] - '0');
	for (size_t i = 0; i < glob.len; i++)
		open += glob.ptr[i] == '(' && (i == 0 || glob.ptr[i - 1] != '\\');
	if (used > open)
		diag_hint(l->diags,
		    diags_report(l->diags, CHECK_CAPTURE, l->file, key->at,
		        "'%.*s' uses capture group %u, but the glob '%.*s' has %u",
		        STR_FMT(str_head(key->text, 100)), used, STR_FMT(str_head(glob, 100)),
		        open),
		    "add parentheses to the glob, for example /(*)");
}

static void
check_key(const struct lint *l, const struct node *leaf, enum within within)
{
	const char *name = within == WITHIN_JOIN ? "join_on" : "group_by";
	const struct node *key = lint_member(leaf, name);

	if (within != WITHIN_JOIN && within != WITHIN_GROUP)
		return;
	if (!key || key->kind != NODE_STRING || key->text.len == 0)
		diag_hint(l->diags,
		    diags_report(l->diags, CHECK_JOIN_KEY, l->file, leaf->at,
		        "input of a %s without %s", within == WITHIN_JOIN ? "join" : "group", name),
		    "add %s: $1 and a glob such as /(*)", name);
	else
		check_capture(l, key, lint_text(leaf, "glob"));
}

static void
check_pfs(const struct lint *l, const struct node *leaf, enum within within)
{
	const struct node *commit = lint_member(leaf, "commit");
	const struct node *branch = lint_member(leaf, "branch");

	if (lint_text(leaf, "glob").len == 0 && !lint_is_mistyped(l, leaf, "glob")
	    && !(lint_is_true(leaf, "s3") && l->version >= RELEASE(1, 10, 0)))
		diag_hint(l->diags, report(l, CHECK_GLOB, leaf, "the input has no glob"),
		    "write glob: / for the whole repo as one datum, or /* for each file at its "
		    "top");
	if (commit && commit->kind == NODE_STRING && commit->text.len > 0)
		diag_hint(l->diags,
		    (l->version >= RELEASE(2, 6, 0) ? diags_error : diags_warn)(l->diags,
		        CHECK_INPUT_COMMIT, l->file, commit->at, "the input is bound to a commit"),
		    "remove commit: a pipeline reads a branch");
	if (branch && branch->kind == NODE_STRING && branch->text.len > 0
	    && !lint_is_name(branch->text))
		diag_hint(l->diags,
		    diags_warn(l->diags, CHECK_NAME_MALFORMED, l->file, branch->at,
		        "invalid branch name '%.*s': no branch can have it",
		        STR_FMT(str_head(branch->text, 100))),
		    "use letters, digits, '_' and '-'");
	check_s3(l, leaf, within);
	check_key(l, leaf, within);
	check_trigger(l, leaf);
}

static void
check_git(const struct lint *l, const struct node *leaf)
{
	const struct node *url = lint_member(leaf, "url");

	if (l->version >= RELEASE_2 || !url || url->kind != NODE_STRING
	    || (str_starts(url->text, "https://") && str_ends(url->text, ".git")))
		return;
	diag_hint(l->diags,
	    diags_report(l->diags, CHECK_GIT_URL, l->file, url->at, "'%.*s' is not https://….git",
	        STR_FMT(str_head(url->text, 100))),
	    "use the https address that ends in .git");
}

static void
add_name(struct walk *w, const struct node *leaf, enum kind kind)
{
	const struct lint *l = w->l;
	const struct node *name = lint_member(leaf, "name");
	bool is_repo = kind == KIND_PFS || kind == KIND_ATOM;
	struct str text = lint_text(leaf, "name");
	const struct node *at = name ? name : leaf;

	if (text.len == 0 && is_repo)
		text = lint_text(leaf, "repo");
	if (text.len == 0 && kind == KIND_CRON && !lint_is_mistyped(l, leaf, "name"))
		diag_hint(l->diags, report(l, CHECK_INPUT_NAME, at, "the cron input has no name"),
		    "write name: tick");
	if (str_is(text, "out") || (str_is(text, ".env") && l->version >= RELEASE(2, 6, 0)))
		diag_hint(l->diags,
		    diags_report(l->diags, CHECK_INPUT_NAME, l->file, at->at,
		        "an input cannot be called '%.*s'", STR_FMT(text)),
		    "write another name for it");
	if (text.len == 0 || w->names.count >= MAX_NAMES)
		return;
	w->names.list = arena_grow(
	    l->arena, w->names.list, w->names.count, &w->names.room, sizeof(*w->names.list));
	w->names.list[w->names.count++] = (struct input_name){ text, at->at };
}

/* Reports each name of the inputs from `now` on that an input from `from` to `now` has, too. */
static void
check_twice(const struct walk *w, size_t from, size_t now)
{
	const struct names *names = &w->names;
	const struct lint *l = w->l;

	for (size_t i = now; i < names->count; i++)
		for (size_t k = from; k < now; k++) {
			if (!str_eq(names->list[i].text, names->list[k].text))
				continue;
			diag_hint(l->diags,
			    diags_report(l->diags, CHECK_INPUT_NAME_TWICE, l->file,
			        names->list[i].at, "duplicate input name '%.*s', first at %u:%u",
			        STR_FMT(str_head(names->list[i].text, 100)), names->list[k].at.line,
			        names->list[k].at.col),
			    "give one of them another name");
			break;
		}
}

static void walk_input(struct walk *w, const struct node *input, enum within within);

static void
walk_group(struct walk *w, const struct node *list, const struct input_kind *kind)
{
	size_t from = w->names.count;

	if (list->kind != NODE_ARRAY)
		return;
	for (const struct node *n = list->first; n; n = n->next) {
		size_t now = w->names.count;

		walk_input(w, n, kind->inside);
		if (w->l->version >= kind->names_since)
			check_twice(w, from, now);
	}
}

static void
check_schedule(const struct lint *l, const struct node *leaf)
{
	const struct node *spec = lint_member(leaf, "spec");

	if (spec)
		check_cron(l, spec, CHECK_CRON);
	else if (!lint_is_mistyped(l, leaf, "spec"))
		diag_hint(l->diags, report(l, CHECK_CRON, leaf, "the cron input has no spec"),
		    "add spec: \"@every 1h\"");
}

static void
check_leaf(struct walk *w, const struct node *leaf, enum kind kind, enum within within)
{
	add_name(w, leaf, kind);
	if (kind == KIND_CRON)
		check_schedule(w->l, leaf);
	else if (kind == KIND_GIT)
		check_git(w->l, leaf);
	else
		check_pfs(w->l, leaf, within);
}

/* Recursion is limited by MAX_SPEC_DEPTH. */
static void
walk_input(struct walk *w, const struct node *input, enum within within)
{
	const struct node *second = NULL;
	size_t members = 0;

	if (input->kind != NODE_OBJECT)
		return;
	for (enum kind kind = 0; kind < KIND_COUNT; kind++) {
		const struct node *n = lint_member(input, kinds[kind].field);

		if (!n || (n->kind == NODE_ARRAY && n->count == 0))
			continue;
		if (members > 0)
			second = n;
		members++;
		if (kind >= KIND_CROSS)
			walk_group(w, n, &kinds[kind]);
		else if (n->kind == NODE_OBJECT)
			check_leaf(w, n, kind, within);
	}
	if (members == 0)
		diag_hint(w->l->diags, report(w->l, CHECK_INPUT_EMPTY, input, "the input is empty"),
		    "add pfs, cron, cross, union, join or group, or remove it");
	if (members > 1)
		diag_hint(w->l->diags,
		    diags_report(w->l->diags, CHECK_INPUT_SEVERAL, w->l->file, second->key_at,
		        "the input has more than one of pfs, cron, cross, union, join and group"),
		    "put them in a cross or a union");
}

void
lint_inputs(const struct lint *l)
{
	const struct node *input = lint_member(l->spec, "input");
	const struct node *spout = lint_member(l->spec, "spout");
	struct walk w = { .l = l };

	if (input)
		walk_input(&w, input, WITHIN_OTHER);
	if (spout && input && !lint_member(spout, "service") && l->version >= RELEASE(1, 10, 0))
		diag_hint(l->diags,
		    diags_report(l->diags, CHECK_SPOUT, l->file, input->key_at,
		        "a spout without a service has an input"),
		    "remove one of the two");
	if (!input && !spout && !lint_is_mistyped(l, l->spec, "input")
	    && !lint_is_mistyped(l, l->spec, "spout"))
		diag_hint(l->diags,
		    report(l, CHECK_NO_INPUT, l->spec,
		        "the pipeline has neither an input nor a spout; it runs once after each "
		        "update"),
		    "add input, or spout: {}");
}
