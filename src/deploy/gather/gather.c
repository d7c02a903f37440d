#include "deploy/gather/gather.h"

#include "base/arena.h"
#include "base/nearest.h"
#include "deploy/gather/commit.h"
#include "deploy/gather/documents.h"
#include "deploy/gather/lists.h"
#include "deploy/gather/overlay.h"
#include "deploy/gather/since.h"
#include "deploy/gather/sound.h"
#include "deploy/gather/templates.h"
#include "files/paths.h"
#include "format/doc.h"
#include "lint/check.h"
#include "pachd/pachd.h"
#include "pipeline/credential.h"
#include "pipeline/dag.h"
#include "pipeline/image.h"
#include "pipeline/note.h"
#include "pipeline/render.h"
#include "pipeline/rest.h"
#include "retag/tag.h"
#include "session/config.h"
#include "session/run.h"
#include "session/scope.h"
#include "session/weigh.h"
#include "wire/release.h"

static int
check_given(const struct options *opt, struct err *err)
{
	if (opt->specs.count + opt->lists.count > 0 || templates_are_asked(opt))
		return 0;
	(void)err_set(err, ERR_USAGE, "no pipeline specs given");
	return err_hint(
	    err, "name files, directories or globs in input 'specs', for example pipelines/");
}

/* The files that the inputs name, lists and all. */
static int
find_files(struct run *run, struct lists *lists, struct path_list *paths, struct err *err)
{
	const char *fence = ci_fence(&run->ci);
	const char **names;
	size_t count;

	if (lists_read(run, fence, lists, err) < 0)
		return config_place(run, IN_LISTS, err);
	names = lists_add_to(run, lists, &count);
	if (paths_expand(run->arena, names, count, fence, documents_are_wanted, paths, err) == 0)
		return 0;
	return run->opt.lists.count > 0 ? -1 : config_place(run, IN_SPECS, err);
}

static int
read_specs(struct run *run, struct work *out, struct lists *lists, struct err *err)
{
	struct specs *specs = &out->specs;
	struct path_list paths = { 0 };

	if (check_given(&run->opt, err) < 0 || weigh_check_inputs(run, err) < 0
	    || find_files(run, lists, &paths, err) < 0 || overlay_read(run, &out->patches, err) < 0)
		return -1;
	for (size_t i = 0; i < paths.count; i++)
		if (documents_read(run, &paths.list[i], out, err) < 0)
			return -1;
	if (templates_read(run, out, err) < 0)
		return -1;
	if (overlay_check(run, &out->patches, specs, err) < 0)
		return -1;
	if (paths.unusable.count > 0)
		ci_note(&run->ci, "%.*s", STR_FMT(unusable_text(&paths.unusable, run->arena)));
	specs->skipped += paths.others;
	if (specs->skipped > 0)
		ci_log(&run->ci, "%zu file%s skipped: not pipeline specs", specs->skipped,
		    specs->skipped == 1 ? "" : "s");
	documents_note_jsonnet(run, out);
	if (specs->count > 0 || run->diags.errors > 0)
		return 0;
	ci_diags(&run->ci, &run->diags);
	(void)err_set(err, ERR_SPEC, "no pipeline spec found in the given paths");
	return err_hint(err, "a spec is an object with \"pipeline\", \"transform\" and \"input\"");
}

/* Finds the commit and, where one is needed, the tag of input `tag`. */
static int
find_tag(struct run *run, bool needs_sha, bool needs_tag, struct commit *commit,
    struct tag_facts *facts, struct str *tag, struct err *err)
{
	struct str template = str_of(run->opt.tag);

	needs_sha = needs_sha || (needs_tag && tag_needs_sha(template));
	if (commit_find(run, needs_sha, commit, err) < 0)
		return -1;
	*facts = (struct tag_facts){ commit->sha, commit->branch, commit->ref };
	return needs_tag ? tag_expand(run->arena, template, facts, tag, err) : 0;
}

int
gather_rules(
    struct run *run, const char *const *lines, size_t count, struct work *out, struct err *err)
{
	struct str tag = STR("");
	struct tag_facts facts;
	bool needs_tag = false, needs_sha = false;

	for (size_t i = 0; i < count; i++) {
		needs_tag = needs_tag || rule_needs_tag(str_of(lines[i]));
		needs_sha = needs_sha || tag_needs_sha(str_of(lines[i]));
	}
	if (find_tag(run, needs_sha, needs_tag, &out->commit, &facts, &tag, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		struct str line;

		if (text_expand(run->arena, str_of(lines[i]), "images", &facts, &line, err) < 0
		    || rules_add(&out->rules, run->arena, line, tag, err) < 0)
			return -1;
	}
	return 0;
}

/* The old contract: one image for every spec that has one. */
static int
read_old_rule(struct run *run, const char *repo, struct work *out, struct err *err)
{
	struct str tag = STR("");
	struct tag_facts facts;

	if (find_tag(run, false, true, &out->commit, &facts, &tag, err) < 0)
		return -1;
	return rules_add_all(&out->rules, run->arena, str_of(repo), tag, err);
}

static int
read_rules(struct run *run, struct work *out, struct err *err)
{
	const struct items *images = &run->opt.images;
	const char *old = env_get(&run->env, "DOCKER_IMAGE_NAME");

	if (!old)
		old = env_get(&run->env, "DOCKER_IMAGE_TAG");
	if (old && images->count == 0)
		return read_old_rule(run, old, out, err);
	return gather_rules(run, images->list, images->count, out, err);
}

/* A tag that moves means that the cluster may keep running what it pulled before. */
static void
check_image(struct run *run, const struct spec *spec, struct str text)
{
	struct image im = image_split(text);
	const char *fault = image_fault(&im);
	struct span at = spec->image ? spec->image->at : spec->at;

	if (fault)
		diag_hint(&run->diags,
		    diags_error(&run->diags, CHECK_IMAGE_MALFORMED, spec->file, at,
		        "image '%.*s': %s", STR_FMT(credential_hide_users(run->arena, text)),
		        fault),
		    "use HOST/PATH:TAG, for example registry.example/team/edges:1.2");
	else if (!im.digest.ptr && (!im.tag.ptr || str_is(im.tag, "latest")))
		diag_hint(&run->diags,
		    diags_warn(&run->diags, CHECK_IMAGE_MOVES, spec->file, at,
		        "image '%.*s' has %s", STR_FMT(text),
		        im.tag.ptr ? "the tag 'latest'" : "no tag"),
		    "use a fixed tag; nodes reuse an image that they have already pulled");
}

static bool
is_built_by_pachctl(const struct spec *spec)
{
	return node_field(node_field(spec->node, "transform"), "build") != NULL;
}

/* "imge", which is reported as an unknown field. */
static bool
has_mistyped_image(const struct node *transform)
{
	for (const struct node *n = transform ? transform->first : NULL; n; n = n->next) {
		struct nearest near = nearest_to(n->key);

		nearest_offer(&near, "image");
		if (near.found && !str_is(n->key, "image"))
			return true;
	}
	return false;
}

/* A misplaced image has been reported already. */
static bool
needs_image(const struct spec *spec)
{
	return !is_built_by_pachctl(spec) && !node_get(spec->node, "image")
	       && !has_mistyped_image(node_field(spec->node, "transform"));
}

/* pachd takes it, and runs a stock image of its own. */
static void
miss_image(struct run *run, const struct spec *spec)
{
	struct diags *d = &run->diags;

	diag_hint(d,
	    diags_report(d, CHECK_IMAGE_MISSING, spec->file, spec->at,
	        "pipeline '%.*s' has no image: pachd runs its default one", STR_FMT(spec->name)),
	    "add \"image\" to \"transform\"");
}

/* An image of the values and one of an image line, for the same pipeline: neither is more right than the other. */
static void
refuse_two_images(struct run *run, const struct spec *spec, struct str other)
{
	struct diags *d = &run->diags;

	if (!spec->image || !spec->image->at.file || str_eq(spec->image->text, other))
		return;
	diag_hint(d,
	    diags_error(d, CHECK_VALUES, spec->file, spec->image->at,
	        "the values set the image of '%.*s' to '%.*s', an image line sets it to '%.*s'",
	        STR_FMT(spec->name), STR_FMT(spec->image->text), STR_FMT(other)),
	    "keep one of them");
}

/* Which image a spec gets; an empty view leaves its own. */
static struct str
choose_image(struct run *run, struct rules *rules, const struct spec *spec)
{
	const struct rule *rule = rules_match(rules, spec);
	struct str own = spec->image ? spec->image->text : (struct str){ "", 0 }, new;

	if (rule && rule->kind == RULE_ALL
	    && !image_same_repo(image_split(own).repo, image_split(rule->image).repo))
		ci_note(&run->ci, "%s: pipeline '%.*s' used an image of another repository, %.*s",
		    spec->file, STR_FMT(spec->name), STR_FMT(own));
	if (rule) {
		new = rule_result_text(run->arena, rule, own);
		refuse_two_images(run, spec, new);
		check_image(run, spec, new);
		return new;
	}
	if (own.len > 0)
		check_image(run, spec, own);
	else if (needs_image(spec))
		miss_image(run, spec);
	return (struct str){ "", 0 };
}

static void
make_candidates(struct run *run, struct work *work)
{
	size_t *part = ARENA_ARRAY(run->arena, work->specs.count, size_t);

	dag_parts(&work->specs, run->arena, part);
	work->all_count = work->specs.count;
	work->all = ARENA_ARRAY(run->arena, work->all_count, struct candidate);
	for (size_t i = 0; i < work->all_count; i++) {
		struct spec *spec = &work->specs.list[work->order[i]];

		work->all[i].spec = spec;
		work->all[i].part = part[work->order[i]];
		work->all[i].new_image = choose_image(run, &work->rules, spec);
	}
}

void
gather_choose(struct run *run, struct work *work, const struct deployed *live)
{
	work->count = 0;
	work->list = ARENA_ARRAY(run->arena, work->all_count, struct candidate);
	for (size_t i = 0; i < work->all_count; i++) {
		if ((work->all[i].is_left_out && (!live || live[i].exists))
		    || sound_is_faulty(work, work->all[i].spec))
			continue;
		work->list[work->count] = work->all[i];
		work->list[work->count++].live = live ? &live[i] : NULL;
	}
}

void
gather_show_gone(struct run *run, const struct work *work, const struct deployed *live)
{
	for (size_t i = 0; i < work->gone_count; i++) {
		const struct gone *one = &work->gone[i];

		if (live && !live[i].exists)
			continue;
		ci_note(&run->ci,
		    "no longer %s since %.*s: pipeline '%.*s' (%.*s); a push deletes nothing, "
		    "so run: pachctl delete pipeline %.*s%s",
		    one->is_unlisted ? "listed" : "in git", STR_FMT(work->since),
		    STR_FMT(spec_title(run->arena, one->project, one->name)), STR_FMT(one->where),
		    STR_FMT(one->name), spec_project_flag(run->arena, one->project));
	}
}

/* The release that specs are made for while no cluster has said its own. */
static uint32_t
asked_release(const struct run *run)
{
	uint32_t release = RELEASE_NEWEST;
	struct err told_later;

	if (run->opt.server_version
	    && release_parse(str_of(run->opt.server_version), &release, &told_later) < 0)
		return RELEASE_NEWEST;
	return release;
}

void
gather_render(struct run *run, struct work *work, const struct pachd_facts *facts)
{
	/* a server that keeps it beside the spec gets it there */
	bool noted = facts && !facts->metadata && run->opt.note == NOTE_DESCRIPTION;
	static const struct rest_releases rest = { RELEASE(2, 6, 0), RELEASE(2, 2, 0),
		RELEASE(2, 6, 8) };
	uint32_t release = facts ? facts->release : asked_release(run);

	for (size_t i = 0; i < work->count; i++) {
		struct candidate *one = &work->list[i];
		struct render how = { .image = one->new_image };
		struct node *tree;

		how.with_project = facts ? facts->projects : !str_is(one->spec->project, "default");
		how.pfs_as_atom = facts && facts->atom;
		tree = spec_render(one->spec, run->arena, &how);
		if (run->opt.schedules == SCHEDULES_REST && one->restores == 0)
			schedules_rest(tree, one->spec->file, release, &rest, &run->diags);
		if (noted && work->commit.source.len > 0)
			note_put(run->arena, tree, work->commit.repository, work->commit.source);
		one->tree = tree;
	}
}

static size_t
count_errors(struct run *run, const struct candidate *one, uint32_t version)
{
	struct diags found = diags_in(run->arena);

	lint_check(run->arena, one->tree, one->spec->file, version, &found);
	return found.errors;
}

/* Whether no release at all takes the spec, so that the cluster need not be asked which one it has. */
static bool
is_wrong_everywhere(struct run *run, const struct candidate *one)
{
	for (size_t i = release_line_count; i > 0; i--)
		if (count_errors(run, one, release_lines[i - 1]) == 0)
			return false;
	return true;
}

/* Without a cluster the release of input server-version decides, else the newest one; with a cluster its own release,
 * and only what is wrong for all of them is a mistake before it is asked. */
static int
check_offline(struct run *run, struct work *work, struct err *err)
{
	const char *wanted = run->opt.server_version;
	bool waits = run->opt.cluster && !wanted;
	uint32_t version = waits ? 0 : RELEASE_NEWEST;

	if (wanted && release_parse(str_of(wanted), &version, err) < 0)
		return -1;
	for (size_t i = 0; i < work->count; i++) {
		struct diags found = diags_in(run->arena);
		const struct candidate *one = &work->list[i];

		lint_check(run->arena, one->tree, one->spec->file, version, &found);
		if (!waits)
			lint_check_commands(
			    run->arena, one->spec->node, one->spec->file, version, &found);
		/* its warnings are shown when the release is known */
		if (!waits || (found.errors > 0 && is_wrong_everywhere(run, one)))
			diags_add(&run->diags, &found);
	}
	return 0;
}

int
gather_check_rules(const struct run *run, const struct rules *rules, struct err *err)
{
	const struct rule *unused = rules_unused(rules);

	if (!unused || run->opt.allow_unmatched)
		return 0;
	(void)err_set(err, ERR_USAGE, "image line '%.*s' matches no %s in the specs",
	    STR_FMT(unused->text), unused->kind == RULE_PIPELINE ? "pipeline" : "image");
	return err_hint(err,
	    "use exactly the repository that the spec has, or set input 'allow-unmatched' to true");
}

/* A spec may name its own project, which a sealed token need not be for. */
static int
check_scope(const struct run *run, const struct specs *specs, struct err *err)
{
	for (size_t i = 0; i < specs->count; i++) {
		const struct spec *spec = &specs->list[i];
		struct str title = spec_title(run->arena, spec->project, spec->name);

		if (scope_check_project(run, spec->project, title, err) < 0)
			return err_wrap(err, "%s", spec->file);
	}
	return 0;
}

static int
read_and_order(struct run *run, struct work *out, struct lists *lists, struct err *err)
{
	if (read_specs(run, out, lists, err) < 0 || check_scope(run, &out->specs, err) < 0)
		return -1;
	specs_check_unique(&out->specs, run->arena, &run->diags);
	specs_check_names(&out->specs, run->arena, &run->diags);
	out->order = ARENA_ARRAY(run->arena, out->specs.count, size_t);
	(void)dag_order(&out->specs, run->arena, out->order, &run->diags);
	lists_check_order(run, lists, &out->specs);
	return 0;
}

int
gather_specs(struct run *run, struct work *out, struct err *err)
{
	struct lists lists = { 0 };

	return read_and_order(run, out, &lists, err);
}

int
gather(struct run *run, struct work *out, struct err *err)
{
	struct lists lists = { 0 };

	*out = (struct work){ 0 };
	if (read_rules(run, out, err) < 0 || gather_assigns(run, out, err) < 0
	    || read_and_order(run, out, &lists, err) < 0)
		return -1;
	make_candidates(run, out);
	if (since_mark(run, &lists, out, err) < 0)
		return -1;
	gather_choose(run, out, NULL);
	if (!run->opt.cluster)
		gather_show_gone(run, out, NULL);
	gather_render(run, out, NULL);
	if (check_offline(run, out, err) < 0 || gather_settle(run, out, err) < 0)
		return -1;
	if (gather_check_assigns(run, &out->assigns, err) < 0)
		return -1;
	if (out->rules.count == 0 && gather_check_tag(run, &out->specs, err) < 0)
		return -1;
	if (gather_check_rules(run, &out->rules, err) == 0)
		return 0;
	return rules_unused(&out->rules)->kind == RULE_PIPELINE
	           ? -1
	           : gather_hint_repos(run, &out->specs, rules_unused(&out->rules)->repo, err);
}
